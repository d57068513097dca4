#!/usr/bin/env python3
"""bzn-serve under a mixed load for a long while: does it grow?

    soak.py SKILL [--seconds N]

The home is $BZN_HOME, made by http.bash's grid, with API keys of alice, who
buys, and bob, who sells SKILL; time goes on as a test moves it, so that what
is delivered is paid by the sweeps inside.  Some buy, deliver, dispute, read
lists and pages; some break off in the middle, or send what is no request.
After a quarter of the time, which fills its caches, neither the memory nor
the descriptors of the server may grow.  Prints one line of JSON.
"""
import argparse
import http.client
import json
import os
import random
import socket
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from kill import HOME, Caller, Server, until_gone  # noqa: E402

JUNK = (b"GET / HTTP/1.1\r\n", b"\0\1\2\r\n\r\n", b"GET /%zz HTTP/1.1\r\n\r\n",
        b"POST /v1/tasks/create HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Length: 900\r\n\r\n{", b"")
READS = ("/v1/marketplace", "/v1/tasks/mine?role=buyer&status=ALL",
         "/v1/bounties", "/v1/node/me", "/health", "/no/such/route",
         "/v1/nodes/bob/cri", "/v1/wallet/balance", "/openapi.json")


class Load:
    def __init__(self, server, skill, until):
        self.server, self.skill, self.until = server, skill, until
        self.open, self.wrong, self.lock = [], [], threading.Lock()
        self.said = {}

    def going(self):
        return time.monotonic() < self.until

    def ask(self, caller, method, path, body=None):
        status, reply = caller.call(method, path, body)
        with self.lock:
            self.said[status] = self.said.get(status, 0) + 1
        assert status < 500 or status == 503, (status, reply, path)
        return status, reply

    def buy(self):
        caller = Caller(self.server, "alice")
        while self.going():
            status, reply = self.ask(
                caller, "POST", "/v1/tasks/create",
                {"skill_id": self.skill, "input_data": {"a": "b" * 300}})
            if status == 200:
                with self.lock:
                    self.open.append(reply["task_id"])
            time.sleep(0.01)

    def sell(self):
        caller, other = (Caller(self.server, n) for n in ("bob", "alice"))
        while self.going():
            with self.lock:
                task = self.open.pop() if self.open else None
            if not task:
                time.sleep(0.01)
                continue
            self.ask(caller, "POST", "/v1/tasks/complete",
                     {"task_id": task, "output_data": {"x": 1},
                      "proof_hash": "x"})
            if random.random() < 0.05:
                self.ask(other, "POST", "/v1/tasks/dispute",
                         {"task_id": task, "reason": "no"})

    def read(self):
        while self.going():
            caller = Caller(self.server, "alice")
            for _ in range(50):
                path = random.choice(READS)
                caller.conn.request("GET", path,
                                    headers={"X-API-KEY": caller.key})
                reply = caller.conn.getresponse()
                reply.read()
                assert reply.status in (200, 404), (path, reply.status)
                with self.lock:
                    self.said[reply.status] = self.said.get(
                        reply.status, 0) + 1
            caller.conn.close()

    def break_off(self):
        while self.going():
            s = socket.create_connection(self.server.at)
            s.sendall(random.choice(JUNK))
            time.sleep(0.02)
            s.close()

    def clock(self):
        path = os.path.join(HOME, "clock")
        with open(path) as f:
            now = int(f.read().strip()[1:])
        while self.going():
            time.sleep(1)
            now += 3600000      # an hour a second
            with open(path, "r+") as f:
                f.write("@%d\n" % now)


def look(pid):
    """Resident KiB and descriptors."""
    with open("/proc/%d/statm" % pid) as f:
        rss = int(f.read().split()[1]) * 4
    return rss, len(os.listdir("/proc/%d/fd" % pid))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("skill")
    p.add_argument("--seconds", type=int, default=600)
    a = p.parse_args()
    server = Server("5s")
    load = Load(server, a.skill, time.monotonic() + a.seconds)
    crowd = [threading.Thread(target=until_gone, args=(load, act))
             for act in (load.buy, load.buy, load.sell, load.read, load.read,
                         load.break_off, load.clock)]
    for t in crowd:
        t.start()
    seen = []
    while load.going():
        time.sleep(a.seconds / 120)
        seen.append(look(server.child.pid))
    for t in crowd:
        t.join()
    assert not load.wrong, load.wrong
    server.stop()
    n = len(seen)
    early, late = seen[n // 4:n // 2], seen[-n // 4:]
    rss = [max(r for r, _ in part) for part in (early, late)]
    files = [max(d for _, d in part) for part in (early, late)]
    print(json.dumps({
        "seconds": a.seconds, "said": load.said, "rss_kib": rss,
        "descriptors": files}))
    assert rss[1] < rss[0] * 1.1 + 4096, [r for r, _ in seen]
    assert files[1] <= files[0] + 4, [d for _, d in seen]


if __name__ == "__main__":
    sys.exit(main())
