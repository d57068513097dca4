#!/usr/bin/env python3
"""bzn-serve killed under load: what it has acknowledged is there, once.

    kill.py SKILL PRICE [--rounds N] [--clients N] [--seed N]

The home is $BZN_HOME, made by http.bash's grid, with API keys of alice, who
buys, and bob, who sells SKILL.  Half of the clients buy; the other half
deliver what was bought.  Each keeps a log of what it asked for and of what it
was told.  After a random while the server is killed with SIGKILL and started
again; half of what was not answered is then asked for again under its key,
the other half is left as it is.  In the end each request has to be found in
the lists of the server as often as its log allows.  Prints one line of JSON.
"""
import argparse
import http.client
import json
import os
import random
import subprocess
import sys
import threading
import time
from decimal import Decimal

HOME = os.environ["BZN_HOME"]


def api_key(node):
    with open(os.path.join(HOME, "keys", node)) as f:
        return f.read().strip()


class Server:
    """One bzn-serve, which is dead at the latest when this program ends."""

    def __init__(self, sweep="off"):
        ready, told = os.pipe()
        clock = os.path.join(HOME, "clock")
        self.log = open(os.path.join(HOME, "log"), "ab")
        with open(clock) as f:
            now = f.read().strip()
        self.child = subprocess.Popen(
            ["bzn-serve", "--listen=127.0.0.1:0", "--loops=2",
             "--sweep", sweep, "--access-log=off", "--clock", clock,
             "--now", now, "--ready-fd=%d" % told],
            pass_fds=(told,), stderr=self.log)
        os.close(told)
        with os.fdopen(ready) as f:
            line = f.readline()
        assert line, "bzn-serve does not start; see its log"
        host, port = json.loads(line)["url"][7:].rsplit(":", 1)
        self.at = (host, int(port))

    def kill(self):
        self.child.kill()
        assert self.child.wait() == -9, "it had ended by itself"
        self.log.close()

    def stop(self):
        self.child.terminate()
        status = self.child.wait(20)
        self.log.close()
        assert status == 0, "TERM: %d" % status


class Caller:
    """A connection of a node."""

    def __init__(self, server, node):
        self.conn = http.client.HTTPConnection(*server.at, timeout=30)
        self.key = api_key(node)

    def call(self, method, path, body=None, once=None):
        fields = {"X-API-KEY": self.key, "Content-Type": "application/json"}
        if once:
            fields["Idempotency-Key"] = once
        self.conn.request(method, path,
                          None if body is None else json.dumps(body), fields)
        reply = self.conn.getresponse()
        return reply.status, json.loads(reply.read())


class Log:
    """What was asked for under each key, and what was told."""

    def __init__(self):
        self.lock = threading.Lock()
        self.asked = {}         # key: (path, body, node)
        self.told = {}          # key: reply
        self.open = []          # tasks that nobody has delivered
        self.left = set()       # keys that are not asked for again
        self.replays = 0
        self.wrong = []         # what clients complain of

    def ask(self, server, caller, node, key, path, body):
        """Ask for it: the reply; or the server is gone."""
        with self.lock:
            self.asked[key] = (path, body, node)
        status, reply = caller.call("POST", path, body, key)
        if status == 503:       # nothing was done, it says; that is checked
            with self.lock:
                del self.asked[key]
            return None
        assert status == 200, (status, reply, path, body)
        with self.lock:
            self.told[key] = reply
            self.replays += bool(reply.get("idempotent"))
            if path.endswith("create"):
                self.open.append(reply["task_id"])
        return reply


GONE = (http.client.HTTPException, OSError, json.JSONDecodeError)


def buyer(server, log, skill, name):
    caller = Caller(server, "alice")
    n = 0
    while True:
        key = "%s-%d" % (name, n)
        try:
            log.ask(server, caller, "alice", key, "/v1/tasks/create",
                    {"skill_id": skill, "input_data": {"key": key}})
        except GONE:
            return
        n += 1


def seller(server, log, name):
    caller = Caller(server, "bob")
    n = 0
    while server.child.poll() is None:
        with log.lock:
            task = log.open.pop() if log.open else None
        if not task:
            time.sleep(0.001)   # none has been bought yet
            continue
        key = "%s-%d" % (name, n)
        try:
            log.ask(server, caller, "bob", key, "/v1/tasks/complete",
                    {"task_id": task, "output_data": {"key": key},
                     "proof_hash": "x"})
        except GONE:
            return
        n += 1


def again(server, log, chance):
    """Ask for half of what was not answered; the rest is left."""
    for key in [k for k in log.asked if k not in log.told]:
        path, body, node = log.asked[key]
        if chance.random() < 0.5 or key in log.left:
            log.left.add(key)
            continue
        log.ask(server, Caller(server, node), node, key, path, body)


def check_again(server, log, chance, n):
    """What was told once is told again, and nothing is done for it."""
    for key in chance.sample(sorted(log.told), min(n, len(log.told))):
        path, body, node = log.asked[key]
        status, reply = Caller(server, node).call("POST", path, body, key)
        assert status == 200 and reply.get("idempotent") is True, reply
        for member in ("task_id", "escrow_id", "status"):
            assert reply.get(member) == log.told[key].get(member), (
                key, reply, log.told[key])


def tasks(server):
    """All of them, page by page."""
    caller, offset, found = Caller(server, "alice"), 0, []
    while True:
        status, page = caller.call(
            "GET", "/v1/tasks/mine?role=buyer&status=ALL&limit=500&offset=%d"
            % offset)
        assert status == 200, page
        found += page["tasks"]
        offset += len(page["tasks"])
        if not page["tasks"]:
            assert len(found) == page["total"], page["total"]
            return found


def balance(server):
    status, me = Caller(server, "alice").call("GET", "/v1/node/me")
    assert status == 200, me
    return Decimal(me["balance_tck"])


def audit(server, log):
    """Compare the logs with what is there: how many were bought, delivered."""
    found, ids = {}, set()
    for t in tasks(server):
        key = t["input_data"]["key"]
        assert key not in found, "%s is there twice" % key
        assert t["task_id"] not in ids
        found[key] = t
        ids.add(t["task_id"])
    by_id = {t["task_id"]: t for t in found.values()}
    delivered = {t["output_data"]["key"]: t for t in found.values()
                 if t["output_data"]}
    for key, (path, body, _) in log.asked.items():
        if path.endswith("create"):
            there, task = key in found, found.get(key)
        else:
            there, task = key in delivered, by_id[body["task_id"]]
        if key not in log.told:
            continue
        assert there, "%s was acknowledged, and is not there" % key
        assert task["task_id"] == log.told[key]["task_id"], key
    # Nothing that nobody asked for; nor what was told to be refused.
    assert set(found) | set(delivered) <= set(log.asked)
    for t in found.values():
        assert (t["status"] == "COMPLETED") == bool(t["output_data"]), t
    return len(found), len(delivered)


def until_gone(log, act, *args):
    try:
        act(*args)
    except Exception as e:      # of a thread: told when it is joined
        log.wrong.append(repr(e))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("skill")
    p.add_argument("price", type=int)
    p.add_argument("--rounds", type=int, default=4)
    p.add_argument("--clients", type=int, default=16)
    p.add_argument("--seed", type=int, default=random.randrange(1 << 31))
    a = p.parse_args()
    chance, log, server = random.Random(a.seed), Log(), Server()
    before = balance(server)
    for i in range(a.rounds):
        had = len(log.told)
        crowd = [threading.Thread(
            target=until_gone,
            args=(log, seller, server, log, "s%d.%d" % (i, k)) if k % 2 else
            (log, buyer, server, log, a.skill, "b%d.%d" % (i, k)))
            for k in range(a.clients)]
        for t in crowd:
            t.start()
        # It has begun to answer; then any moment is as good.
        while len(log.told) < had + a.clients:
            assert any(t.is_alive() for t in crowd), "all clients have ended"
            time.sleep(0.001)
        time.sleep(chance.random() * 0.4)
        server.kill()
        for t in crowd:
            t.join()
        assert not log.wrong, log.wrong
        server = Server()
        again(server, log, chance)
        check_again(server, log, chance, 20)
        bought, delivered = audit(server, log)
        paid = before - balance(server)
        assert paid == bought * a.price, (paid, bought)
    server.stop()
    lost = [k for k in log.asked if k not in log.told]
    print(json.dumps({
        "seed": a.seed, "rounds": a.rounds, "acknowledged": len(log.told),
        "unanswered": len(lost), "replayed": log.replays, "bought": bought,
        "delivered": delivered}))


if __name__ == "__main__":
    sys.exit(main())
