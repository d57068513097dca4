#!/usr/bin/env python3
"""The same money asked for from many connections at once.

    race.py URL CASE

The home is $BZN_HOME, made by http.bash's grid, with API keys of alice, bob,
carol and dave, of whom alice has enough.  A case is a function below; what
must hold whatever the order is asserted, and so is what there is afterwards.
"""
import json
import os
import sys
import threading
from collections import Counter
from datetime import datetime
from decimal import Decimal

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from kill import HOME, Caller  # noqa: E402

MANY = 16
NODES = "alice", "bob", "carol", "dave"


class At:
    def __init__(self, url):
        host, port = url[7:].rsplit(":", 1)
        self.at = (host, int(port))


class Admin(Caller):
    """The operator's key is no API key, but comes as one may."""

    def call(self, method, path, body=None, once=None):
        fields = {"Content-Type": "application/json",
                  "Authorization": "Bearer " + self.key}
        if once:
            fields["Idempotency-Key"] = once
        self.conn.request(method, path, json.dumps(body or {}), fields)
        reply = self.conn.getresponse()
        return reply.status, json.loads(reply.read())


def caller(who):
    if who != "admin":
        return Caller(server, who)
    a = Admin(server, "alice")
    with open(os.path.join(HOME, "identity", "admin_key")) as f:
        a.key = f.read().strip()
    return a


def ask(who, path, body=None, method="POST"):
    status, reply = caller(who).call(method, path, body)
    assert status == 200, (status, reply, who, path)
    return reply


def race(*jobs):
    """(who, path, body[, key]) each: their replies, all asked for at once."""
    told, gate = [None] * len(jobs), threading.Barrier(len(jobs))

    def one(i, who, path, body, once=None):
        c = caller(who)
        c.conn.connect()
        gate.wait()
        told[i] = c.call("POST", path, body, once)
    crowd = [threading.Thread(target=one, args=(i,) + j)
             for i, j in enumerate(jobs)]
    for t in crowd:
        t.start()
    for t in crowd:
        t.join()
    assert all(t and t[0] < 500 for t in told), told
    return told


def done(told):
    """What was done, and not told again."""
    return [r for status, r in told
            if status == 200 and not r.get("idempotent")]


def codes(told):
    return Counter(r.get("code") or r.get("error", {}).get("code")
                   for status, r in told if status != 200)


def balance(node):
    return Decimal(ask(node, "/v1/node/me", method="GET")["balance_tck"])


def sell(price):
    return ask("bob", "/v1/marketplace/publish", {
        "type": "SKILL_OFFER", "label": "s", "price_tck": price})["skill_id"]


def buy(skill):
    t = ask("alice", "/v1/tasks/create",
            {"skill_id": skill, "input_data": {}})
    return t["task_id"], t["escrow_id"]


def delivery(task, x=1):
    return ("bob", "/v1/tasks/complete", {
        "task_id": task, "output_data": {"x": x}, "proof_hash": "p%s" % x})


def objection(task):
    return "alice", "/v1/tasks/dispute", {"task_id": task, "reason": "no"}


def escrow(escrow_id):
    return ask("alice", "/v1/trade/escrow/" + escrow_id, method="GET")


def pass_to(text, more_ms):
    """Set the clock of the server to a moment that it has told, and more."""
    at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    with open(os.path.join(HOME, "clock"), "r+") as f:
        f.write("@%d\n" % (round(at.timestamp() * 1000) + more_ms))


def steps():
    """Each step of a trade is taken once, whoever is first."""
    task, escrow_id = buy(sell("1.01"))
    told = race(*[("bob", "/v1/tasks/%s/claim" % task, {})] * MANY)
    assert len(done(told)) == 1, told
    told = race(*[delivery(task, x) for x in range(MANY)])
    assert len(done(told)) == 1 and set(codes(told)) == {"wrong_state"}, told
    told = race(*[objection(task)] * MANY)
    assert len(done(told)) == 1, told
    told = race(*[("admin", "/v1/admin/disputes/resolve", {
        "escrow_id": escrow_id, "resolution": how})
        for how in ("release_to_seller", "refund_buyer")] * (MANY // 2))
    assert len(done(told)) == 1, told


def window():
    """Paid or disputed: the last millisecond belongs to the buyer."""
    skill = sell("1.01")
    for more_ms in (-1, 0, 1):
        task, escrow_id = buy(skill)
        race(delivery(task))
        before = balance("bob")
        pass_to(escrow(escrow_id)["auto_settle_at"], more_ms)
        told = race(*[
            objection(task), ("admin", "/v1/admin/escrows/auto-settle", {}),
            ("bob", "/v1/trade/escrow/settle", {
                "escrow_id": escrow_id, "proof_hash": "p"}),
            ("bob", "/aeis/v1/settle", {
                "escrow_id": escrow_id, "proof_hash": "p"})] * 4)
        assert len(done(told[::4])) == (more_ms < 0), told
        assert escrow(escrow_id)["status"] == (
            "DISPUTED" if more_ms < 0 else "SETTLED")
        paid = Decimal(0 if more_ms < 0 else "0.98")
        assert balance("bob") - before == paid, (more_ms, paid)


def deadline():
    """Delivered or refunded: at the deadline it is too late."""
    skill = sell("1.01")
    for more_ms in (-1, 0, 1):
        task, escrow_id = buy(skill)
        before = balance("alice")
        pass_to(escrow(escrow_id)["auto_refund_at"], more_ms)
        told = race(*[
            delivery(task), ("admin", "/v1/admin/escrows/auto-refund", {}),
            ("alice", "/aeis/v1/refund", {
                "escrow_id": escrow_id, "reason": "TIMEOUT"})] * 5)
        assert len(done(told[::3])) == (more_ms < 0), told
        assert escrow(escrow_id)["status"] == (
            "AWAITING_SETTLEMENT" if more_ms < 0 else "REFUNDED")
        back = Decimal(0 if more_ms < 0 else "1.01")
        assert balance("alice") - before == back, (more_ms, back)


def keys():
    """One key: of each node, for each route, once, with one body."""
    skill = sell("1.01")
    before = [balance(n) for n in ("alice", "carol")]
    hold = {"buyer_id": "alice", "seller_id": "bob", "amount": "1.01",
            "skill_id": skill, "input_data": {}}
    jobs = [
        ("alice", "/v1/trade/escrow/init", {"seller_id": "bob", "amount": 1}),
        ("alice", "/v1/trade/escrow/init", {"seller_id": "bob", "amount": 2}),
        ("carol", "/v1/trade/escrow/init", {"seller_id": "bob", "amount": 1}),
        ("alice", "/v1/tasks/create", {"skill_id": skill, "input_data": {}}),
        ("alice", "/aeis/v1/hold", hold), ("admin", "/aeis/v1/hold", hold)]
    told = race(*[j + ("at-once",) for j in jobs] * 5)
    assert len(done(told)) == 5, told       # one of the first two
    assert codes(told) == {"id_conflict": 5}, told
    spent = before[0] - balance("alice")
    assert spent in (Decimal("4.03"), Decimal("5.03")), spent
    assert before[1] - balance("carol") == 1


def last():
    """More than there is; a quote, and the last of an exposure."""
    have = balance("dave")
    told = race(*[("dave", "/v1/trade/escrow/init", {
        "seller_id": "bob", "amount": "7.01"})] * 24)
    assert len(done(told)) == have / 2 // Decimal("7.01"), told
    assert balance("dave") == have - len(done(told)) * Decimal("7.01")
    sell("0.03")
    quote = ask("alice", "/aeis/v1/quote", {"capability": "s"})
    told = race(*[("alice", "/v1/tasks/create", {
        "skill_id": quote["skill_id"], "quote_id": quote["quote_id"],
        "input_data": {}})] * MANY)
    assert len(done(told)) == 1, told
    assert set(codes(told)) == {"quote_expired"}, told


def bounties():
    """Awarded or cancelled, once; and one solution of each waits."""
    before = balance("alice")
    path = "/v1/bounties/" + ask("alice", "/v1/bounties", {
        "title": "a title", "description": "a description",
        "reward_tck": "10.01"})["bounty_id"]
    told = race(*[(who, path + "/submissions", {"content": "content"})
                  for who in ("bob", "carol")] * 8)
    assert len(done(told)) == 2, told
    had = balance("bob"), balance("carol")
    told = race(*[
        ("alice", path + "/award", {"submission_id": s["submission_id"]})
        for s in done(told)] * 6, *[("alice", path + "/cancel", {})] * 8)
    assert len(done(told)) == 1, told
    gone = before - balance("alice")
    won = balance("bob") + balance("carol") - sum(had)
    assert (gone, won) in ((0, 0), (Decimal("10.01"), Decimal("9.71"))), (
        gone, won)


def rotation():
    """One key in place of the old one, and it is good."""
    told = race(*[("carol", "/v1/node/key/rotate", {})] * MANY)
    assert len(done(told)) == 1, told
    assert codes(told) == {"auth_failed": MANY - 1}, told
    with open(os.path.join(HOME, "keys", "carol"), "w") as f:
        f.write(done(told)[0]["api_key"])
    balance("carol")


def joining():
    """One name, one node, and its first money once."""
    path = "/v1/node/register"
    told = race(*[("alice", path, {"node_id": "rush"})] * MANY)
    asked = [r["verification_challenge"] for r in done(told)]
    assert len(asked) == MANY
    told = race(*[("alice", "/v1/node/verify", {
        "node_id": "rush", "challenge_id": a["challenge_id"],
        "solution": sum(n for n in a["payload"] if all(
            n % d for d in range(2, n))) / 2}) for a in asked])
    assert len(done(told)) == 1, told
    assert done(told)[0]["unlocked_balance"] == "100.00"


def refused():
    """Amounts that are none; what is one is locked to the cent."""
    bad = ("0 -1 -0 0.0 1e400 1e-400 0.001 1.005 9007199254740993 "
           "9223372036854775808 92233720368547758.08 1e2147483647 true [] {} "
           "100000.01 NaN Infinity 01 1. .5 +1 0x10 null").split()
    bad += ['"%s"' % t for t in (
        "0.001", "-1", "NaN", "Infinity", "1e2", "+1", " 1", "1 ", "1.", ".5",
        "1,00", "1_0", "0x10", "", "\u0663", "\uff11", "9" * 40)]
    c = caller("alice")
    before = balance("alice")

    def init(text):
        c.conn.request(
            "POST", "/v1/trade/escrow/init",
            ('{"seller_id":"bob","amount":%s}' % text).encode(),
            {"X-API-KEY": c.key, "Content-Type": "application/json"})
        reply = c.conn.getresponse()
        return reply.status, json.loads(reply.read())
    for text in bad:
        status, reply = init(text)
        assert status == 422, (text, status, reply)
    assert balance("alice") == before
    for text, value in (("1", "1.00"), ('"1"', "1.00"), ("1e2", "100.00"),
                        ("10.0e-1", "1.00"), ("1.1000", "1.10"),
                        ("0.01", "0.01"), ('"99999.99"', "99999.99")):
        status, reply = init(text)
        assert (status, reply["amount"]) == (200, value), (text, reply)
        before -= Decimal(value)
    assert balance("alice") == before


if __name__ == "__main__":
    server = At(sys.argv[1])
    globals()[sys.argv[2]]()
