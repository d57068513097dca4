#!/usr/bin/env python3
"""Many calls at once: many.py URL CLIENTS < requests > replies

A request is a line of METHOD, PATH, API KEY and BODY, parted by tabs; a reply
a line of its status and its body, in the order of the requests.
"""
import http.client
import sys
import threading
import urllib.parse

at = urllib.parse.urlsplit(sys.argv[1])
asked = [line.rstrip("\n").split("\t") for line in sys.stdin]
told = [None] * len(asked)
turn = iter(range(len(asked)))
lock = threading.Lock()


def work():
    to = http.client.HTTPConnection(at.hostname, at.port, timeout=30)
    while True:
        with lock:
            i = next(turn, None)
        if i is None:
            return
        method, path, key, body = asked[i]
        to.request(method, path, body, {
            "Content-Type": "application/json", "X-API-KEY": key})
        reply = to.getresponse()
        told[i] = "%d %s" % (reply.status, reply.read().decode())


workers = [threading.Thread(target=work) for _ in range(int(sys.argv[2]))]
for worker in workers:
    worker.start()
for worker in workers:
    worker.join()
print(*told, sep="\n")
