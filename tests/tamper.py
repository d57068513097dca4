"""tamper.py HOME OUT: mutants of the ledger in HOME, one a directory of OUT.

OUT/ID/node.db is a database, OUT/ID/expect what verify has to find in it: a
line each of layer, code, status and, where it is about an entry, its seq.
OUT/ID/args holds further arguments.  OUT/vkey is the key to trust.  What is
expected is in tamper.tsv, by the names of the functions here.

A mutant is made in one of two ways.  A clumsy hand changes rows and nothing
else.  The other one owns the log and forges it: leaves are changed, and all
that follows from them is computed again, signatures too; then only the layer
that knows the rule can tell.
"""
import base64
import hashlib
import json
import os
import shutil
import sqlite3
import struct
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey)
from cryptography.hazmat.primitives.serialization import (
    Encoding, PublicFormat, load_pem_private_key)

HERE = os.path.dirname(os.path.abspath(__file__))
TILE = 256
SALT = bytes(range(16))
SCALE = {"BZEUSD": 6, "DZIT": 2, "SBX": 2, "TCK": 2}


def sha(data):
    return hashlib.sha256(data).digest()


def leaf_hash(leaf):
    return sha(b"\0" + leaf)


def fold(h):
    while len(h) > 1:
        h = [sha(b"\1" + h[i] + h[i + 1]) for i in range(0, len(h), 2)]
    return h[0]


def edge(h):
    """The roots of the perfect subtrees, widest first."""
    out = []
    while h:
        n = 1 << (len(h).bit_length() - 1)
        out.append(fold(h[:n]))
        h = h[n:]
    return out


def root(h):
    if not h:
        return sha(b"")
    out = edge(h)
    top = out.pop()
    while out:
        top = sha(b"\1" + out.pop() + top)
    return top


def canon(x):
    return json.dumps(x, separators=(",", ":"), sort_keys=True,
                      ensure_ascii=False).encode()


def minor(text, unit):
    sign = -1 if text[0] == "-" else 1
    whole, _, part = text.lstrip("-").partition(".")
    return sign * int(whole + part.ljust(SCALE[unit], "0"))


class Key:
    def __init__(self, private, name, kind=1):
        self.private, self.name, self.kind = private, name, kind
        self.pub = private.public_key().public_bytes(
            Encoding.Raw, PublicFormat.Raw)
        body = bytes([kind]) + self.pub
        self.id = sha(name.encode() + b"\n" + body)[:4]
        self.vkey = "%s+%s+%s" % (name, self.id.hex(),
                                  base64.b64encode(body).decode())

    def line(self, text, time_s=0):
        if self.kind == 4:
            head = b"cosignature/v1\ntime %d\n" % time_s
            raw = struct.pack(">Q", time_s) + self.private.sign(head + text)
        else:
            raw = self.private.sign(text)
        return "\u2014 %s %s\n" % (
            self.name, base64.b64encode(self.id + raw).decode())


def new_key(seed, name, kind=1):
    return Key(Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32),
               name, kind)


def db_open(path):
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("PRAGMA ignore_check_constraints = ON")
    return db


class Log:
    """What a log is made of; write() makes a database say so."""

    def __init__(self, path, key):
        db = db_open(path)
        self.key = key
        self.leaf = [json.loads(x) for x, in db.execute(
            "SELECT leaf FROM ledger_entry ORDER BY seq")]
        self.sizes = db.execute("SELECT size, at_ms FROM ledger_checkpoint "
                                "ORDER BY size").fetchall()
        self.origin = self.leaf[0]["data"]["origin"]
        self.witness = new_key(9, "witness.example/w", 4)
        self.signers = [key]
        self.memos = []         # rows of seq, salt and text
        self.column = {}        # seq: an id unlike that of the leaf
        db.close()

    def add(self, **x):
        n = len(self.leaf)
        self.leaf.append({"at_ms": self.leaf[-1]["at_ms"] + 1000, "seq": n,
                          "v": 1, **x})
        return n

    def move(self, kind, who, to, amount, unit="TCK", **x):
        legs = sorted([{"account": who, "amount": "-" + amount, "unit": unit},
                       {"account": to, "amount": amount, "unit": unit}],
                      key=lambda g: (g["account"].encode(), g["unit"]))
        return self.add(kind="transfer", type=kind, legs=legs, **x)

    def event(self, kind, ident, data, **x):
        return self.add(kind="event", type=kind, id=ident, data=data, **x)

    def note(self, size, hashes):
        text = "%s\n%d\n%s\n" % (self.origin, size, base64.b64encode(
            root(hashes[:size])).decode())
        return text + "\n" + "".join(k.line(text.encode())
                                     for k in self.signers), text

    def write(self, path):
        db = db_open(path)
        guards = [x for x, in db.execute("SELECT sql FROM sqlite_schema "
                                         "WHERE type = 'trigger'")]
        for name, in db.execute("SELECT name FROM sqlite_schema WHERE type "
                                "= 'trigger'").fetchall():
            db.execute("DROP TRIGGER " + name)
        db.execute("BEGIN")
        for table in ("cosig", "checkpoint", "posting", "reversal",
                      "account", "unit", "tile", "memo", "entry"):
            db.execute("DELETE FROM ledger_" + table)
        rows = [canon(x) for x in self.leaf]
        hashes = [leaf_hash(x) for x in rows]
        for x, leaf in zip(self.leaf, rows):
            db.execute("INSERT INTO ledger_entry VALUES (?, ?, ?)",
                       (x["seq"], self.column.get(x["seq"], x["id"]), leaf))
        self.write_tree(db, hashes)
        self.write_state(db)
        db.executemany("INSERT INTO ledger_memo VALUES (?, ?, ?)", self.memos)
        for size, at_ms in self.sizes:
            note, text = self.note(size, hashes)
            db.execute("INSERT INTO ledger_checkpoint VALUES (?, ?, ?, ?)",
                       (size, at_ms, root(hashes[:size]), note))
        db.execute("INSERT INTO ledger_cosig VALUES (?, ?, ?)",
                   (self.sizes[-1][0], self.witness.name,
                    self.witness.line(text.encode(), 1795251700)))
        db.execute("COMMIT")
        for sql in guards:
            db.execute(sql)
        db.close()

    def export(self, out):
        rows = [canon(x) for x in self.leaf]
        with open(out + "/leaves", "wb") as f:
            f.write(b"".join(x + b"\n" for x in rows))
        with open(out + "/ckpt", "w") as f:
            f.write(self.note(len(rows), [leaf_hash(x) for x in rows])[0])

    def write_tree(self, db, h):
        level, at = 0, h
        while at:
            up = []
            for i in range(0, len(at) - TILE + 1, TILE):
                up.append(fold(at[i:i + TILE]))
                db.execute("INSERT INTO ledger_tile VALUES (?, ?, ?)",
                           (level << 56 | i // TILE, up[-1],
                            b"".join(at[i:i + TILE])))
            level, at = level + 1, up
        db.execute("UPDATE ledger_head SET size = ?, root = ?, edge = ?, "
                   "at_ms = ?, posted = ?",
                   (len(h), root(h), b"".join(edge(h)),
                    self.leaf[-1]["at_ms"], len(h)))

    def write_state(self, db):
        units, accounts, closed = [], {}, set()

        def account(name, unit):
            return accounts.setdefault((name, unit), {
                "id": len(accounts) + 1, "lo": None if name == "MINT" else 0,
                "hi": None, "cr": 0, "dr": 0, "legs": 0})
        for x in self.leaf:
            if x["type"] == "ledger.unit" or "units" in x.get("data", {}):
                for u in x["data"].get("units", [x["data"]]):
                    if u["code"] not in units:
                        units.append(u["code"])
                        SCALE[u["code"]] = u["scale"]
            if x["type"] == "ledger.account":
                d = x["data"]
                a = account(d["account"], d["unit"])
                for side in ("lo", "hi"):
                    if side in d:
                        a[side] = None if d[side] == "none" else \
                            minor(d[side], d["unit"])
                if d.get("closed"):
                    closed.add((d["account"], d["unit"]))
            for g in x.get("legs", []):
                a = account(g["account"], g["unit"])
                m = minor(g["amount"], g["unit"])
                a["cr" if m > 0 else "dr"] += abs(m)
                db.execute("INSERT INTO ledger_posting VALUES (?, ?, ?, ?)",
                           (a["id"] << 32 | a["legs"], x["seq"], m,
                            a["cr"] - a["dr"]))
                a["legs"] += 1
            if x["kind"] == "reversal":
                db.execute("INSERT OR IGNORE INTO ledger_reversal VALUES "
                           "(?, ?)", (x["reverses_seq"], x["seq"]))
        for i, u in enumerate(units):
            db.execute("INSERT INTO ledger_unit VALUES (?, ?, ?)",
                       (i + 1, u, SCALE[u]))
        for _, unit in accounts:
            units += [unit] if unit not in units else []
        for (name, unit), a in accounts.items():
            db.execute("INSERT INTO ledger_account (id, name, unit_id, lo, "
                       "hi, closed, cr, dr, legs) VALUES (?, ?, ?, ?, ?, ?, "
                       "?, ?, ?)", (a["id"], name, units.index(unit) + 1,
                                    a["lo"], a["hi"], (name, unit) in closed,
                                    a["cr"], a["dr"], a["legs"]))


def extend(log):
    """What the programs did not do, so that every rule has its entry."""
    seq = [i for i, x in enumerate(log.leaf) if x["id"] == "t1"][0]
    back = [dict(g, amount=g["amount"][1:] if g["amount"][0] == "-"
                 else "-" + g["amount"]) for g in log.leaf[seq]["legs"]]
    log.add(kind="reversal", type="REVERSAL", id="t1-back", legs=back,
            reverses="t1", reverses_seq=seq)
    log.event("ledger.unit", "unit-eur", {"code": "EUR", "scale": 2})
    log.event("ledger.account", "open-till",
              {"account": "till", "lo": "none", "unit": "EUR"})
    log.move("TRANSFER", "till", "shop", "5.00", "EUR", id="eur-1")
    log.event("ledger.account", "cap-shop",
              {"account": "shop", "hi": "9.00", "unit": "EUR"})
    log.event("ledger.account", "close-old",
              {"account": "old", "closed": True, "unit": "EUR"})
    log.move("CREDIT_ISSUE", "MINT", "carol", "3.00", id="carol-1",
             memo_sha256=sha(SALT + b"thanks").hex())
    log.event("ledger.assert", "carol-has",
              {"account": "carol", "amount": "3.00",
               "at_seq": len(log.leaf) - 1, "op": "eq", "subtree": False,
               "unit": "TCK"})
    log.sizes.append((len(log.leaf), log.sizes[-1][1] + 1000))
    log.move("TRANSFER", "alice", "bob", "0.01", id="tail-1")
    log.move("TRANSFER", "bob", "alice", "0.01", id="tail-2")


# ---- the clumsy hand: SQL, or a function of the connection

def sql(text):
    return lambda db, log: db.executescript(text)


def swap(old, new, seq):
    """Replace text in the leaf of an entry."""
    def run(db, log):
        n = seq if isinstance(seq, int) else where(log, seq)
        leaf = db.execute("SELECT leaf FROM ledger_entry WHERE seq = ?",
                          (n,)).fetchone()[0]
        assert old in leaf, (old, leaf)
        db.execute("UPDATE ledger_entry SET leaf = ? WHERE seq = ?",
                   (leaf.replace(old, new), n))
    return run


def where(log, ident):
    return [x["seq"] for x in log.leaf if x["id"] == ident][0]


def note(change):
    """Change the newest checkpoint."""
    def run(db, log):
        size, text = db.execute("SELECT size, note FROM ledger_checkpoint "
                                "ORDER BY size DESC LIMIT 1").fetchone()
        out = change(text, log)
        db.execute("UPDATE ledger_checkpoint SET note = CAST(? AS TEXT) "
                   "WHERE size = ?", (out, size))
    return run


def resign(text, keys):
    body = text.split("\n\n")[0] + "\n"
    return body + "\n" + "".join(k.line(body.encode()) for k in keys)


def mallory(log):
    return new_key(13, log.origin)


def same_id(text, log):
    """Another key under the four bytes of the log's own."""
    k = mallory(log)
    k.id = log.key.id
    return resign(text, [k])


def short_line(text, log, cut=None, bits=False):
    head, line = text.rstrip("\n").rsplit(" ", 1)
    if bits:                    # the last digit before the padding
        digits = ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                  "0123456789+/")
        i = len(line.rstrip("=")) - 1
        line = line[:i] + digits[digits.index(line[i]) ^ 1] + line[i + 1:]
    else:
        line = line.rstrip("=")
    return head + " " + line + "\n"


def zero_size(text, log):
    lines = text.split("\n\n")[0].split("\n")
    lines[1] = "0" + lines[1]
    return resign("\n".join(lines) + "\n\n", [log.key])


def mint_sum(db, log):
    db.execute("UPDATE ledger_account SET dr = dr + 7, lo = NULL WHERE name "
               "= 'MINT' AND unit_id = 4")


def exchange(db, log):
    """Two entries, id and all, change their places."""
    a, b = where(log, "tail-1"), where(log, "tail-2")
    db.executescript("UPDATE ledger_entry SET seq = -9 WHERE seq = %d;"
                     "UPDATE ledger_entry SET seq = %d WHERE seq = %d;"
                     "UPDATE ledger_entry SET seq = %d WHERE seq = -9"
                     % (a, a, b, b))


def old_checkpoint(db, log):
    """The newest size with the root, and the note, of the one before."""
    (s, _, r, t), (n, _) = db.execute(
        "SELECT size, at_ms, root, note FROM ledger_checkpoint ORDER BY size "
        "DESC LIMIT 1 OFFSET 1").fetchone(), log.sizes[-1]
    db.execute("UPDATE ledger_checkpoint SET root = ?, note = ? WHERE size "
               "= ?", (r, t, n))


def flip(column, table, condition):
    def run(db, log):
        data = bytearray(db.execute("SELECT %s FROM %s WHERE %s" % (
            column, table, condition)).fetchone()[0])
        data[len(data) // 2] ^= 1
        db.execute("UPDATE %s SET %s = ? WHERE %s" % (
            table, column, condition), (bytes(data),))
    return run


def whole_tile(db, log):
    """A tile that fits itself, and not the leaves."""
    h = bytearray(db.execute("SELECT hashes FROM ledger_tile WHERE pos = 0")
                  .fetchone()[0])
    h[40] ^= 1
    parts = [bytes(h[i:i + 32]) for i in range(0, len(h), 32)]
    db.execute("UPDATE ledger_tile SET hashes = ?, root = ? WHERE pos = 0",
               (bytes(h), fold(parts)))


def other_cosig(db, log):
    size, text = db.execute("SELECT size, note FROM ledger_checkpoint ORDER "
                            "BY size DESC LIMIT 1").fetchone()
    line = new_key(14, log.witness.name, 4)
    line.id = log.witness.id
    db.execute("UPDATE ledger_cosig SET line = ?", (line.line(
        text.split("\n\n")[0].encode() + b"\n", 1795251700),))


def memo(text, ident="carol-1", salt=SALT):
    """A memo as somebody else would have it."""
    def run(db, log):
        db.execute("DELETE FROM ledger_memo")
        db.execute("INSERT INTO ledger_memo VALUES (?, ?, ?)", (
            where(log, ident), salt, text))
    return run


def escrow_row(db, log):
    db.execute("UPDATE escrow_escrow SET tax_bp = 200 WHERE id = (SELECT "
               "min(id) FROM escrow_escrow)")


# ---- the forger: functions of the log

def settled(log):
    """The lock, the completion, the close and the tax of one that is paid."""
    close = [x for x in log.leaf if x["type"] == "ESCROW_SETTLE"][0]
    ref = close["ref"]
    return [[x for x in log.leaf if x["id"] == ref + ":" + part][0]
            for part in ("lock", "completed", "close", "tax")]


def refunded(log):
    return [x for x in log.leaf if x["type"] == "ESCROW_REFUND"][0]


def account(x, who):
    return [g for g in x["legs"] if g["account"] == who][0]


def wrong_tax(log):
    _, _, close, tax = settled(log)
    for x, amount in ((close, "9.71"), (tax, "0.29")):
        for g in x["legs"]:
            g["amount"] = ("-" if g["amount"][0] == "-" else "") + amount


def to_another(log):
    _, _, close, _ = settled(log)
    account(close, "bob")["account"] = "carl"
    close["legs"].sort(key=lambda g: g["account"])


def too_early(log):
    settled(log)[1]["data"]["auto_settle_ms"] += 10 ** 9


def refund_short(log):
    x = refunded(log)
    for g in x["legs"]:
        g["amount"] = ("-" if g["amount"][0] == "-" else "") + "9.00"


def lock_with_more(log):
    settled(log)[0]["data"]["note"] = "x"


def timeout_early(log):
    for x in log.leaf:
        if x["id"] == refunded(log)["ref"] + ":lock":
            x["data"]["auto_refund_ms"] += 10 ** 9


def no_tax_group(log):
    for x in settled(log)[2:]:
        del x["group"]


def overdraw(log):
    log.move("TRANSFER", "carol", "dave", "3.01", id="poor")
    log.move("TRANSFER", "bob", "carol", "0.01", id="healed")


def over_cap(log):
    log.move("TRANSFER", "till", "shop", "4.01", "EUR", id="over")


def after_close(log):
    log.move("TRANSFER", "till", "old", "1.00", "EUR", id="closed")


def unbalanced(log):
    n = log.move("TRANSFER", "bob", "carol", "1.00", id="odd")
    log.leaf[n]["legs"][1]["amount"] = "1.01"


def undeclared(log):
    x = [x for x in log.leaf if x["id"] == "unit-eur"][0]
    x["type"], x["data"] = "note.unit", {"code": "EUR"}


def mint_by_hand(log):
    log.move("TRANSFER", "MINT", "carol", "1.00", id="minted")


def from_the_future(log):
    log.move("TELEPORT", "bob", "carol", "1.00", id="later")


def wrong_id(log):
    x = [x for x in log.leaf if x["type"] == "REGISTRATION_CREDIT"][3]
    x["id"] = x["id"][:-1] + ("0" if x["id"][-1] != "0" else "1")


def backwards(log):
    log.leaf[-1]["at_ms"] = log.leaf[-3]["at_ms"]


def twice(log):
    """Where the store would not let it in: see patch()."""
    n = log.move("TRANSFER", "bob", "alice", "0.01", id="tail-2")
    log.column[n] = "tail-3"


def torn_group(log):
    log.leaf[-1]["group"] = {"i": 0, "n": 2}


def torn_middle(log):
    log.leaf[-2]["group"] = {"i": 0, "n": 2}


def reversed_twice(log):
    x = [x for x in log.leaf if x["id"] == "t1-back"][0]
    log.add(**{**{k: x[k] for k in ("kind", "type", "legs", "reverses",
                                    "reverses_seq")}, "id": "t1-again"})


def reversed_other(log):
    x = [x for x in log.leaf if x["id"] == "t1-back"][0]
    for g in x["legs"]:
        g["amount"] = g["amount"].replace("1.00", "1.01")


def rule_failed(log):
    """A payout of what should have gone back."""
    settled(log)[1]["data"]["verdict"] = "PROOF_MISSING"


def no_such_rule(log):
    refunded(log)["data"]["reason"] = "PROOF_MISSING"


def no_dispute(log):
    refunded(log)["data"]["reason"] = "DISPUTE_RESOLVED"


def gap(log):
    del log.leaf[-2]


def bounty(log, to):
    at = log.leaf[-1]["at_ms"]
    log.move("BOUNTY_HOLD", "alice", "ESCROW:BOUNTY:b1", "1.00", ref="b1",
             id="b1:hold", data={"deadline_ms": at + 9 ** 9, "tax_bp": 0})
    log.move("BOUNTY_RELEASE", "ESCROW:BOUNTY:b1", to, "1.00", ref="b1",
             id="b1:close")


def bounty_back(log):
    bounty(log, "alice")


def bounty_won(log):
    bounty(log, "bob")


def shared(log, *payees, **data):
    """A lock with a split."""
    at = log.leaf[-1]["at_ms"]
    log.move("ESCROW_LOCK", "alice", "ESCROW:e9", "1.00", ref="e9",
             id="e9:lock", data={
                 "auto_refund_ms": at + 9 ** 9, "seller": "bob", "task": "t",
                 "tax_bp": 0, "split": [
                     {"account": who, "share": 10000 // len(payees)}
                     for who in payees], **data})
    log.event("task.completed", "e9:completed", {
        "auto_settle_ms": at + 9 ** 9, "output_sha256": "0" * 64}, ref="e9")


def split_twice(log):
    shared(log, "bob", "bob")


def split_odd(log):
    shared(log, "bob", "c d")


def split_released(log):
    shared(log, "bob", "carol")
    log.event("escrow.disputed", "e9:disputed", {"reason": "BUYER_DISPUTE"},
              ref="e9")
    log.move("DISPUTE_RELEASE", "ESCROW:e9", "bob", "1.00", ref="e9",
             id="e9:close")


def split_to_one(log):
    shared(log, "bob", "carol", auto_refund_ms=log.leaf[-1]["at_ms"] + 9999)
    log.leaf[-1]["data"]["auto_settle_ms"] = log.leaf[-1]["at_ms"]
    log.move("ESCROW_SETTLE", "ESCROW:e9", "bob", "1.00", ref="e9",
             id="e9:close")


def after_end(log):
    """A dispute about what is paid."""
    ref = settled(log)[0]["ref"]
    log.event("escrow.disputed", ref + ":disputed",
              {"reason": "BUYER_DISPUTE"}, ref=ref)


def claimed_early(log):
    log.event("task.claimed", "e9:claimed", {}, ref="e9")
    shared(log, "bob", "carol")


def lock_formless(log):
    shared(log, "bob", "carol", auto_refund_ms="soon")
    log.leaf.pop()


def genesis_id(log):
    log.leaf[0]["id"] = "begin"


def genesis_units(log):
    log.leaf[0]["data"]["units"].reverse()


def genesis_more(log):
    log.leaf[0]["data"]["motto"] = "x"


def cert_part(log):
    log.leaf[0]["data"]["node_id"] = "ab" * 32


def next_key(log, **more):
    """The log has another key, as it has to say so."""
    k = new_key(15, log.origin)
    said = ("bzn-log-key-v1\n%s\n%s\n" % (log.origin, k.vkey)).encode()
    log.event("log.key", "next-key", {
        "key_sig": base64.b64encode(k.private.sign(said)).decode(),
        "log_key": k.vkey, "old_key": log.key.vkey, "reason": "scheduled",
        **more})
    log.signers.append(k)
    log.sizes.append((len(log.leaf), log.sizes[-1][1] + 1000))


def key_good(log):
    next_key(log)


def key_more(log):
    next_key(log, motto="x")


def key_of_no_node(log):
    next_key(log, node_sig="x")


def memo_erased(log):
    n = where(log, "carol-1")
    log.event("memo.erased", "hush", {"target_seq": n})
    log.memos.append((n, SALT, "thanks"))


def not_closed(log):
    log.event("ledger.account", "ajar", {
        "account": "carol", "closed": False, "unit": "TCK"})


def assert_no_unit(log):
    log.event("ledger.assert", "odd-unit", {
        "account": "carol", "amount": "3.00", "at_seq": 3, "op": "eq",
        "subtree": False, "unit": "XYZ"})


def not_so(log):
    x = [x for x in log.leaf if x["id"] == "carol-has"][0]
    x["data"]["amount"] = "3.01"


def other_key(log):
    k = mallory(log)
    log.leaf[0]["data"]["log_key"] = k.vkey
    log.signers = [k]


def other_name(log):
    k = new_key(13, "ledger.example/other")
    log.leaf[0]["data"]["log_key"] = k.vkey


def genesis_elsewhere(log):
    log.leaf[0]["id"] = "genesys"
    log.leaf[0]["type"] = "log.begin"


def canonical_but(log):
    log.leaf[-1]["ref"] = "a\"b"


def late_size(log):
    (n, at), (m, _) = log.sizes[-1], log.sizes[-2]
    log.sizes[-1] = (n, log.sizes[-2][1] - 5000)


CLUMSY = {
    "amount": swap(b"0.50", b"0.57", "t2"),
    "amount_tile": swap(b"100.00", b"900.00", 8),
    "amount_one_leg": swap(b"-0.50", b"-0.57", "t2"),
    "id": swap(b'"id":"t2"', b'"id":"t3"', "t2"),
    "time": swap(b'{"at_ms":179', b'{"at_ms":178', "t2"),
    "memo_hash": swap(sha(SALT + b"thanks").hex().encode(), b"ab" * 32,
                      "carol-1"),
    "space": swap(b'"v":1}', b'"v":1 }', "t2"),
    "version": swap(b'"v":1}', b'"v":2}', "t2"),
    "tail_row": sql("DELETE FROM ledger_entry WHERE seq = (SELECT max(seq) "
                    "FROM ledger_entry)"),
    "middle_row": sql("DELETE FROM ledger_entry WHERE seq = 100"),
    "first_row": sql("DELETE FROM ledger_entry WHERE seq = 0"),
    "all_rows": sql("DELETE FROM ledger_entry"),
    "swapped": exchange,
    "column_id": sql("UPDATE ledger_entry SET id = 't9' WHERE id = 't2'"),
    "balance": sql("UPDATE ledger_account SET cr = cr + 1 WHERE name = "
                   "'carol'"),
    "balance_mint": mint_sum,
    "limit": sql("UPDATE ledger_account SET lo = NULL WHERE name = 'bob'"),
    "account_gone": sql("DELETE FROM ledger_account WHERE name = 'carol'"),
    "account_more": sql("INSERT INTO ledger_account (id, name, unit_id) "
                        "VALUES (99999, 'eve', 4)"),
    "posting": sql("UPDATE ledger_posting SET amount = amount + 1, balance "
                   "= balance + 1 WHERE key = (SELECT max(key) FROM "
                   "ledger_posting)"),
    "posting_gone": sql("DELETE FROM ledger_posting WHERE key = (SELECT "
                        "max(key) FROM ledger_posting)"),
    "posting_more": sql("INSERT INTO ledger_posting VALUES (1 << 40, 3, 1, "
                        "1)"),
    "reversal_gone": sql("DELETE FROM ledger_reversal"),
    "unit": sql("UPDATE ledger_unit SET scale = 3 WHERE code = 'EUR'"),
    "memo": memo("thanks"), "memo_text": memo("no thanks"),
    "memo_salt": memo("thanks", salt=bytes(16)),
    "memo_more": memo("thanks", "t2"),
    "escrow_row": escrow_row,
    "escrow_verdict": sql("UPDATE escrow_escrow SET verdict = 'NONE' WHERE "
                          "state = 'SETTLED'"),
    "task_state": sql("UPDATE escrow_task SET state = 'OPEN' WHERE state = "
                      "'REFUNDED'"),
    "task_time": sql("UPDATE escrow_task SET completed_ms = completed_ms + "
                     "1 WHERE completed_ms > 0"),
    "task_output": sql("UPDATE escrow_task SET output_sha256 = 'x' WHERE "
                       "output_sha256 > ''"),
    "task_gone": sql("DELETE FROM escrow_task WHERE state = 'OPEN'"),
    "escrow_reason": sql("UPDATE escrow_escrow SET verdict = '' WHERE "
                         "state = 'SETTLED'"),
    "tile": flip("hashes", "ledger_tile", "pos = 0"),
    "tile_root": flip("root", "ledger_tile", "pos = 0"),
    "tile_whole": whole_tile,
    "tile_gone": sql("DELETE FROM ledger_tile"),
    "tile_more": sql("INSERT INTO ledger_tile VALUES (5, zeroblob(32), "
                     "zeroblob(8192))"),
    "edge": flip("edge", "ledger_head", "k = 1"),
    "head_root": flip("root", "ledger_head", "k = 1"),
    "head_time": sql("UPDATE ledger_head SET at_ms = at_ms + 1"),
    "head_size": sql("UPDATE ledger_head SET size = size - 1, posted = "
                     "posted - 1"),
    "head_gone": sql("DELETE FROM ledger_head"),
    "checkpoint_old": old_checkpoint,
    "checkpoint_root": flip("root", "ledger_checkpoint", "size > 1"),
    "row_extra": sql("INSERT INTO ledger_entry SELECT seq + 1, 'x', "
                     "CAST(replace(leaf, 'y', 'z') AS BLOB) FROM ledger_entry WHERE seq = "
                     "(SELECT max(seq) FROM ledger_entry)"),
    "table": sql("CREATE TABLE notes (x)"),
    "index": sql("CREATE INDEX fast ON ledger_posting (seq)"),
    "trigger": sql("CREATE TRIGGER sly AFTER INSERT ON ledger_entry BEGIN "
                   "UPDATE ledger_account SET cr = cr + 1; END"),
    "view": sql("ALTER TABLE ledger_unit RENAME TO real_unit; CREATE VIEW "
                "ledger_unit AS SELECT * FROM real_unit"),
    "view_beside": sql("CREATE VIEW rich AS SELECT * FROM ledger_account"),
    "column": sql("ALTER TABLE ledger_account ADD COLUMN note TEXT"),
    "column_beside": sql("ALTER TABLE card_peer ADD COLUMN note TEXT"),
    "guard_gone": lambda db, log: None,
    "orphan": sql("INSERT INTO ledger_memo VALUES (77777, zeroblob(16), "
                  "'x')"),
    "key_other": note(lambda t, log: resign(t, [mallory(log)])),
    "key_same_id": note(same_id),
    "key_beside": note(lambda t, log: resign(t, [log.key, mallory(log)])),
    "lines_64": note(lambda t, log: resign(t, [new_key(i + 20, "w%d" % i)
                                           for i in range(63)] + [log.key])),
    "lines_65": note(lambda t, log: resign(t, [new_key(i + 20, "w%d" % i)
                                           for i in range(64)] + [log.key])),
    "crlf": note(lambda t, log: t.replace("\n", "\r\n")),
    "not_utf8": note(lambda t, log: (t.split("\n\n")[0] + "\n").encode() +
                     b"\xff\n\n" + t.split("\n\n")[1].encode()),
    "size_zero": note(zero_size),
    "no_padding": note(short_line),
    "stray_bits": note(lambda t, log: short_line(t, log, bits=True)),
    "cosig": other_cosig,
    "cosig_name": sql("UPDATE ledger_cosig SET name = 'other'"),
    "version_newer": sql("PRAGMA user_version = 999"),
    "other_program": sql("PRAGMA application_id = 7"),
}

FORGED = {
    "base": lambda log: None, "rechained": other_key,
    "vkey_of_another": other_name, "genesis": genesis_elsewhere,
    "gap": gap, "backwards": backwards, "twice": twice,
    "torn_group": torn_group, "torn_middle": torn_middle,
    "reversed_twice": reversed_twice, "reversed_other": reversed_other,
    "canonical_but": canonical_but,
    "unbalanced": unbalanced, "undeclared": undeclared,
    "mint_by_hand": mint_by_hand, "from_the_future": from_the_future,
    "wrong_id": wrong_id, "overdraw": overdraw, "over_cap": over_cap,
    "after_close": after_close, "wrong_tax": wrong_tax,
    "no_tax_group": no_tax_group, "to_another": to_another,
    "too_early": too_early, "refund_short": refund_short,
    "lock_with_more": lock_with_more, "timeout_early": timeout_early,
    "not_so": not_so, "late_size": late_size, "memo_erased": memo_erased,
}

# Of these there are the leaves alone, too.
LEAVES = {
    f.__name__: f for f in (
        bounty_back, bounty_won, split_twice, split_odd, split_released,
        split_to_one, after_end, claimed_early, lock_formless, genesis_id,
        rule_failed, no_such_rule, no_dispute, genesis_units,
        genesis_more, cert_part, key_good, key_more,
        key_of_no_node, not_closed, assert_no_unit)
}
FORGED.update(LEAVES)


PAGES = {"page": "sqlite_autoindex_ledger_entry_1",
         "page_posting": "ledger_posting", "page_memo": "ledger_memo"}


def page(path, name):
    """Nothing is left of the first page of a table, or of an index."""
    db = sqlite3.connect(path)
    at = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?",
                    (PAGES[name],)).fetchone()[0]
    size = db.execute("PRAGMA page_size").fetchone()[0]
    db.close()
    with open(path, "r+b") as f:
        f.seek((at - 1) * size)
        f.write(bytes(size))


def patch(path):
    """The second row, and its place in the index, get the id of the first."""
    data = open(path, "rb").read()
    assert data.count(b"tail-3") == 2
    open(path, "wb").write(data.replace(b"tail-3", b"tail-2"))


def table():
    """id, args, and what is expected: rows of tamper.tsv."""
    for line in open(os.path.join(HERE, "tamper.tsv")):
        if line.strip() and line[0] != "#":
            yield line.rstrip("\n").split("\t")


def drop_guards(db):
    for name, in db.execute("SELECT name FROM sqlite_schema WHERE type = "
                            "'trigger' AND tbl_name LIKE 'ledger_%'"
                            ).fetchall():
        yield name, db.execute("SELECT sql FROM sqlite_schema WHERE name = ?",
                               (name,)).fetchone()[0]
        db.execute("DROP TRIGGER " + name)


def make(out, base, name, log):
    path = os.path.join(out, name, "node.db")
    os.makedirs(os.path.dirname(path))
    shutil.copy(base, path)
    if name in PAGES:
        return page(path, name)
    if name in FORGED:
        FORGED[name](log)
        log.write(path)
        if name in LEAVES:
            log.export(os.path.dirname(path))
        return patch(path) if name == "twice" else None
    db = db_open(path)
    guards = list(drop_guards(db))
    CLUMSY[name](db, log)
    for trigger, text in guards:
        if name != "guard_gone":
            db.execute(text)
    db.close()


def others(out, log):
    """What the arguments of tamper.tsv name."""
    h = [leaf_hash(canon(x)) for x in log.leaf]
    old, new = log.sizes[-2][0], len(log.leaf)
    log.sizes.append((new, log.sizes[-1][1] + 1))
    open(out + "/old.ckpt", "w").write(log.note(old, h)[0])
    open(out + "/new.ckpt", "w").write(log.note(new, h)[0])
    open(out + "/fork.ckpt", "w").write(log.note(old, h[1:] + h[:1])[0])
    log.sizes.pop()
    open(out + "/wrong.txt", "w").write(
        "# one that is so, one that is not\ncarol = 3.00 TCK\n"
        "carol > 3.00 TCK\n")
    open(out + "/wrong.json", "w").write(
        '{"origin":"%s","size":%d,"root":"%s"}\n' % (
            log.origin, old, root(h[1:old + 1]).hex()))


def main():
    home, out = sys.argv[1:3]
    os.makedirs(out)
    start = os.path.join(out, "start.db")
    src, dst = sqlite3.connect(home + "/node.db"), sqlite3.connect(start)
    src.backup(dst)
    dst.execute("PRAGMA journal_mode = DELETE")
    src.close()
    dst.close()
    private = load_pem_private_key(open(
        home + "/identity/log_private.pem", "rb").read(), None)
    origin = Log(start, None).origin
    key = Key(private, origin)
    log = Log(start, key)
    extend(log)
    base = os.path.join(out, "base.db")
    shutil.copy(start, base)
    log.write(base)
    open(out + "/vkey", "w").write(key.vkey + "\n")
    open(out + "/policy", "w").write(
        "log %s\nwitness w %s\nquorum w\n" % (key.vkey, log.witness.vkey))
    open(out + "/policy2", "w").write(
        "log %s\nwitness w %s\nquorum w\n" % (
            key.vkey, new_key(77, "witness.example/none", 4).vkey))
    others(out, log)
    names = {}
    for name, _, args, *expect in table():
        names.setdefault(name, (args, []))[1].append(expect)
    for name, (args, expect) in names.items():
        stem = name.split("+")[0]
        if not os.path.exists(os.path.join(out, stem)):
            make(out, base, stem, Log(base, key))
        path = os.path.join(out, name)
        if "+" in name:
            shutil.copytree(os.path.join(out, stem), path)
        with open(path + "/expect", "w") as f:
            for row in expect:
                if row[0] != "-":
                    print(*[x for x in row if x != "-"], file=f)
        open(path + "/args", "w").write("" if args == "-" else args + "\n")


if __name__ == "__main__":
    main()
