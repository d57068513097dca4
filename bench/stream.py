#!/usr/bin/env python3
"""Listen to one stream so many times, and time what is told to all.

    stream.py PID URL CLIENTS EVENTS [KEY ADMIN_KEY]

Each event is to have come to all before there is another.  With keys the
server is bzn-serve, and an event is a change of a node's caps, which is one
leaf and one commit; without it is a toy, which sends what this says to its
own standard output.  Prints events told a second, the time to the last of the
listeners (p50, p99), and the CPU that the server had for each event told.
"""
import http.client
import os
import select
import socket
import sys
import time

pid, url, clients, events = sys.argv[1:5]
keys = sys.argv[5:]
host, port = url[7:].rsplit(":", 1)
clients, events = int(clients), int(events)


def cpu():
    with open("/proc/%s/stat" % pid) as f:
        words = f.read().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def listen(i):
    s = socket.socket()
    s.bind(("127.0.0.%d" % (2 + i % 8), 0))
    s.connect((host, int(port)))
    head = "GET %s HTTP/1.1\r\nHost: localhost\r\n" % (
        "/v1/admin/ledger/events" if keys else "/sse")
    if keys:
        head += "Authorization: Bearer %s\r\n" % keys[1]
    s.sendall(head.encode() + b"\r\n")
    got = s.recv(65536)
    assert got.startswith(b"HTTP/1.1 200"), got
    while keys and b"retry: 3000" not in got:
        got += s.recv(65536)
    s.setblocking(False)
    return s


def main():
    poll = select.epoll()
    listeners = {}
    for i in range(clients):
        s = listen(i)
        listeners[s.fileno()] = s
        poll.register(s, select.EPOLLIN)
    conn = http.client.HTTPConnection(host, int(port))

    def cause(i):
        if not keys:
            print("send " + "x" * 260, flush=True)
            return
        conn.request("PUT", "/v1/node/canary",
                     '{"max_spend_daily":%d}' % (100 + i),
                     {"X-API-KEY": keys[0],
                      "Content-Type": "application/json"})

    def heard():
        left = set(listeners)
        while left:
            for fd, _ in poll.poll():
                got = listeners[fd].recv(65536)
                assert got, "a listener was dropped"
                if got.endswith(b"\r\n") and len(got) > 200:
                    left.discard(fd)

    took, cpus, began = [], cpu(), time.monotonic()
    for i in range(events):
        at = time.monotonic()
        cause(i)
        heard()
        took.append((time.monotonic() - at) * 1e6)
        if keys:
            reply = conn.getresponse()
            assert reply.status == 200, reply.read()
            reply.read()
    told = clients * events
    took.sort()
    print("%.0f %.0f %.0f %.3f" % (
        told / (time.monotonic() - began), took[events // 2],
        took[events * 99 // 100], (cpu() - cpus) / told * 1e6),
        file=sys.stderr)


if __name__ == "__main__":
    main()
