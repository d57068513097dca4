"""Verify a ledger of bzn, with nothing but bzn-ledger(5) to go by.

stranger.py verify HOME_OR_DB [--vkey V] [--policy FILE] [--pins DIR] \
    [--page PAGE]
stranger.py verify --leaves FILE --checkpoint CKPT --vkey V
stranger.py receipt FILE... --vkey V
"""
import argparse
import json
import os
import re
import sqlite3
import sys
import time

import stranger_leaf as form
from stranger_flow import EVENTS, FLOWS, check_flow, class_of, log_key
from stranger_fold import Fold
from stranger_note import (Bad, Checkpoint, H, Key, Policy, certified,
                           decoded, leads, node, node_id, signature_line,
                           unbase64)

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                    "../../build/man/bzn-ledger.5")
STATUS = {"not_a_ledger": 3, "unsupported_schema": 7, "store_corrupt": 7,
          "witness_missing": 6, "policy_unmet": 9, "unknown_type": 7,
          "clearing_overdue": 9, "bad_note": 3, "bad_receipt": 3,
          "bad_vkey": 3, "bad_policy": 3, "too_long": 3, "no_file": 4,
          "no_ledger": 4}
DAY = 86400000


class Findings:
    def __init__(self):
        self.all, self.skipped, self.root = [], set(), None

    def __call__(self, layer, code, seq, message):
        self.all.append((layer, code, seq, message))

    def verdict(self):
        """1 if any has that; else 7, 6, 5, 4, 3; else 9; else 0."""
        there = {STATUS.get(x[1], 1) for x in self.all}
        for status in (1, 7, 6, 5, 4, 3, 9):
            if status in there:
                return status
        return 7 if self.skipped else 0

    def show(self):
        for layer, code, seq, message in sorted(
                self.all, key=lambda x: (x[0], x[2] if x[2] is not None
                                         else -1)):
            line = {"layer": layer, "code": code}
            if seq is not None:
                line["seq"] = seq
            print(json.dumps({**line, "message": message}))
        if self.root:
            print(json.dumps(self.root, separators=(",", ":")))


class Tree:
    """RFC 6962 over the hashes of leaves."""

    def __init__(self, hashes):
        self.hashes, self.known = hashes, {}

    def root(self, start, end):
        n = end - start
        if n == 0:
            return H(b"")
        if n == 1:
            return self.hashes[start]
        if (start, end) not in self.known:
            k = 1 << (n - 1).bit_length() - 1
            self.known[start, end] = node(self.root(start, start + k),
                                          self.root(start + k, end))
        return self.known[start, end]

    def edge(self):
        n, at, out = len(self.hashes), 0, b""
        for bit in reversed(range(n.bit_length())):
            if n >> bit & 1:
                out += self.root(at, at + (1 << bit))
                at += 1 << bit
        return out

    def tiles(self):
        """All full tiles: (level, index, root, hashes)."""
        level, width = 0, 1
        while len(self.hashes) >= 256 * width:
            for i in range(len(self.hashes) // (256 * width)):
                at = i * 256 * width
                yield (level, i, self.root(at, at + 256 * width),
                       b"".join(self.root(at + k * width, at + (k + 1) * width)
                                for k in range(256)))
            level, width = level + 1, width * 256


def fold_tile(hashes):
    row = [hashes[k:k + 32] for k in range(0, len(hashes), 32)]
    while len(row) > 1:
        row = [node(row[k], row[k + 1]) for k in range(0, len(row), 2)]
    return row[0]


class Log:
    """The leaves, from wherever they are."""

    def __init__(self, rows, find):
        self.find = find
        self.units, self.origin, self.node = dict(form.FOUR), None, None
        self.keys = []          # (number of the leaf, key), in order
        self.vouched = []       # for each of them: by the node?
        self.leaves, self.ids, self.reversed = {}, {}, {}
        self.erased = set()     # leaves whose memo is gone
        self.last = None
        self.raw = dict((r[0], r[2]) for r in rows)
        self.size = max(self.raw) + 1 if self.raw else 0
        self.complete = len(self.raw) == self.size
        self.blind = not self.complete
        self.succeeded, self.at = False, 0
        self.numbered = len(rows) and rows[0][1] is not None
        self.fold = Fold(self, self.add)
        for seq, row_id, raw in rows:
            self.row(seq, row_id, raw)
        self.groups()
        if not self.complete:
            self.gaps()
        self.tree = Tree([H(b"\0" + self.raw[k]) for k in range(self.size)]) \
            if self.complete else None
        find.root = self.tree and {"size": self.size, "root": self.tree.root(
            0, self.size).hex()}

    def add(self, layer, code, seq, message):
        """A finding, unless a leaf that cannot be read hides the truth."""
        if layer in (9, 10, 11) and self.blind:
            return
        self.find(layer, code, seq, message)

    def gaps(self):
        self.find.skipped |= {6, 7, 9, 10, 11}
        for seq in range(self.size):
            if seq not in self.raw and (seq == 0 or seq - 1 in self.raw):
                self.find(5, "seq_gap", seq, "the leaf is missing")

    def row(self, seq, row_id, raw):
        if seq != (self.last + 1 if self.last is not None else 0):
            self.blind = True
        self.last = seq
        try:
            leaf = form.Leaf(raw)
            self.leaves[seq] = leaf
            self.sequence(seq, row_id, leaf)
            leaf.read_legs(self.units)
        except form.NotCanonical as e:
            self.find(6, "leaf_not_canonical", seq, str(e))
            self.leaves.pop(seq, None)
            self.hide()
            return
        except form.Unbalanced as e:
            self.find(8, "unbalanced", seq, str(e))
            self.hide()
        except form.UnknownUnit as e:
            self.find(8, "bad_unit", seq, "%s is not declared" % e)
            self.hide()
            return
        good = self.flow(leaf)
        if not self.blind:
            self.fold.leaf(leaf, good)

    def hide(self):
        """Layers 9 to 11 cannot be judged from here on."""
        self.blind = True
        self.find.skipped |= {9, 10, 11}

    # 5

    def sequence(self, seq, row_id, leaf):
        if not self.numbered and leaf.seq > seq:
            self.find(5, "seq_gap", seq, "%d follows" % leaf.seq)
        elif leaf.seq != seq or row_id not in (None, leaf.id):
            self.find(5, "column_mismatch", seq, "seq or id of the row")
        leaf.seq = seq
        if seq == 0 and leaf.type != "log.genesis":
            self.find(5, "column_mismatch", 0, "leaf 0 is no log.genesis")
        if leaf.at < self.at:
            self.find(5, "time_backwards", seq, "log time falls")
        self.at = leaf.at
        name = row_id if row_id is not None else leaf.id
        if name in self.ids:
            self.find(5, "duplicate_id", seq, name)
        self.ids.setdefault(name, seq)
        if leaf.kind == "reversal":
            self.reversal(leaf)

    def reversal(self, leaf):
        target = leaf.top["reverses_seq"]
        old = self.leaves.get(target) if target < leaf.seq else None
        wrong = None
        if old is None:
            if target in self.raw:
                return          # it is there, but not canonical
            wrong = "what it reverses is not there"
        elif old.kind != "transfer" or old.id != leaf.top["reverses"]:
            wrong = "it reverses no transfer, or one of another id"
        elif target in self.reversed:
            wrong = "reversed twice"
        elif not self.mirrored(old, leaf):
            wrong = "other legs than those of the transfer"
        elif any(class_of(x["account"]) in ("ESCROW", "BOUNTY")
                 for x in old.top["legs"]):
            wrong = "a leg on an account of an escrow or a bounty"
        if wrong:
            self.find(5, "bad_reversal", leaf.seq, wrong)
        else:
            self.reversed[target] = leaf.seq

    @staticmethod
    def mirrored(old, new):
        try:
            return [(x["account"], x["unit"], x["amount"].lstrip("-"),
                     x["amount"][0] == "-") for x in old.top["legs"]] \
                == [(x["account"], x["unit"], x["amount"].lstrip("-"),
                     x["amount"][0] != "-") for x in new.top["legs"]]
        except (TypeError, KeyError, AttributeError, IndexError):
            return True         # for layer 6

    def groups(self):
        none = {"i": None, "n": None}
        for seq, leaf in self.leaves.items():
            g = leaf.group or none
            before = self.leaves.get(seq - 1)
            behind = self.leaves.get(seq + 1)
            if leaf.group and g["i"] and (
                    before is None or before.group
                    != {"i": g["i"] - 1, "n": g["n"]}):
                self.find(5, "group_broken", seq, "the member before")
            elif leaf.group and g["i"] < g["n"] - 1 and (
                    behind is None or behind.group
                    != {"i": g["i"] + 1, "n": g["n"]}):
                self.find(5, "group_broken", seq, "the member behind")
            if leaf.kind == "reversal":
                self.group_reversed(leaf)

    def group_reversed(self, leaf):
        """All members, by a group of the same n, member i by member i."""
        old = self.leaves.get(leaf.top["reverses_seq"])
        if old is None or old.group is None:
            return
        first = old.seq - old.group["i"]
        start = leaf.seq - leaf.group["i"] if leaf.group else None
        for k in range(old.group["n"]):
            by = self.leaves.get(start + k) if leaf.group else None
            if leaf.group and by is None and start + k in self.raw:
                continue        # for layer 6
            if by is None or leaf.group["n"] != old.group["n"] \
                    or by.top.get("reverses_seq") != first + k:
                self.find(5, "bad_reversal", leaf.seq,
                          "a group is not reversed member by member")
                self.reversed.pop(old.seq, None)
                return

    # 8

    def flow(self, leaf):
        """True if all is well."""
        wrong = None
        if leaf.kind == "transfer":
            if leaf.type not in FLOWS:
                self.find(8, "unknown_type", leaf.seq, leaf.type)
                return False
            wrong = check_flow(leaf, self.succeeded)
        elif leaf.kind == "event":
            self.learn(leaf)
            wrong = leaf.type in EVENTS and EVENTS[leaf.type](leaf, self)
        if wrong:
            code = "bad_unit" if wrong.startswith("unit: ") \
                else "flow_broken"
            self.find(8, code, leaf.seq, wrong)
        return not wrong

    # 4

    def learn(self, leaf):
        if leaf.type == "log.genesis" and leaf.seq == 0:
            wrong = self.first_key(leaf.data)
        elif leaf.type == "log.key" and self.keys:
            wrong = self.next_key(leaf)
        else:
            self.succeeded |= leaf.type == "log.succession" and leaf.seq == 1
            return
        if wrong:
            self.find(4, "bad_certificate", leaf.seq, wrong)

    def first_key(self, data):
        key = log_key(data.get("log_key"))
        if key is None or key.name != data.get("origin"):
            return "the key of the log"
        if "node_id" in data:
            public = decoded(data.get("node_key"), 32)
            if public is None or node_id(public) != data["node_id"] \
                    or not certified(key.name, key.vkey, public,
                                     data.get("node_sig")):
                return "that of the node"
            self.node = public
        self.origin = key.name
        self.keys.append((0, key))
        self.vouched.append(False)
        return None

    def next_key(self, leaf):
        data, old = leaf.data, self.keys[-1][1].vkey
        key = log_key(data.get("log_key"))
        must = {"key_sig", "log_key", "old_key", "reason"}
        if self.node:
            must.add("node_sig")
        if key is None or key.name != self.origin or set(data) != must \
                or data["reason"] not in ("scheduled", "compromised", "lost"):
            return "its form"
        if data["old_key"] != old or key.vkey == old:
            return "it does not follow the key in use"
        if not certified(self.origin, key.vkey, key.public, data["key_sig"]):
            return "the new key has not signed"
        if self.node and not certified(self.origin, key.vkey, self.node,
                                       data["node_sig"]):
            return "the node has not signed"
        self.keys.append((leaf.seq, key))
        self.vouched.append(self.node is not None)
        return None

    def key_of(self, size):
        """The key that is the log's after leaf size - 1."""
        return [k for seq, k in self.keys if seq < size][-1]


class Signatures:
    """Layer 4, and of layer 6 what checkpoints say."""

    def __init__(self, log, find, vkey=None, policy=None):
        self.log, self.find = log, find
        self.vkey, self.policy = vkey, policy
        self.stored = []        # (size, signers) of checkpoints
        self.signed = []        # the same, and the pin
        self.keys = [k for _, k in log.keys] + ([vkey] if vkey else [])
        if policy:
            self.keys += policy.keys()
        self.keys = list({k.vkey: k for k in self.keys}.values())

    def checkpoint(self, raw, row=None, extra=b""):
        try:
            note = Checkpoint(raw + extra)
        except Bad as e:
            self.find(4, "checkpoint_broken", None, str(e))
            return None
        if not self.log.keys:
            return note
        if note.origin != self.log.origin or row and row != (note.size,
                                                             note.root):
            self.find(4, "checkpoint_broken", None, "not that of its row, "
                      "or of another log, at %d" % note.size)
        else:
            self.judge(note)
        return note

    def judge(self, note):
        try:
            signers = note.signers(self.keys)
        except Bad as e:
            self.find(4, e.code, None, "%s, at %d" % (e, note.size))
            return
        self.stored.append((note.size, signers))
        self.signed.append((note.size, signers))
        if self.log.keys and note.size > 0 and self.log.key_of(
                note.size).vkey not in [k.vkey for k in signers]:
            self.find(4, "unknown_signer", None,
                      "not by the key of its size, at %d" % note.size)

    def pin(self, raw):
        log = self.log
        try:
            note = Checkpoint(raw)
            signers = note.signers(self.keys)
        except Bad as e:
            self.find(4, e.code, None, "the pin: %s" % e)
            return
        self.signed.append((note.size, signers))
        if not signers:
            self.find(4, "unknown_signer", None, "the pin")
        elif note.origin != log.origin:
            self.find(4, "checkpoint_broken", None, "the pin: its origin")
        elif note.size > log.size:
            self.find(4, "rollback", None, "the pin is of %d" % note.size)
        elif log.tree and log.tree.root(0, note.size) != note.root:
            self.find(4, "forked", None, "the pin is no part of this log")

    def trust(self):
        """Has a key that was given signed, and is every later vouched for?"""
        if not self.log.keys:
            self.find.skipped.add(4)
            return
        given = ([self.vkey] if self.vkey else []) + [
            k for k in (self.policy.logs if self.policy else [])
            if k.name == self.log.origin]
        if (self.vkey or self.policy) and not any(map(self.leads, given)):
            self.find(4, "unknown_signer", None, "no key that was given leads "
                      "to the key of the log")
        if self.policy:
            newest = max(self.stored, key=lambda x: x[0], default=(0, []))
            if not self.policy.met(newest[1]):
                self.find(4, "witness_missing", None, "the quorum")

    def has_signed(self, key, size=0):
        return any(n >= size and key.vkey in [k.vkey for k in signers]
                   for n, signers in self.signed)

    def leads(self, given):
        keys = self.log.keys
        return any(
            key.vkey == given.vkey and self.has_signed(key)
            and all(self.log.vouched[i] or self.has_signed(
                keys[i - 1][1], keys[i][0] + 1)
                for i in range(k + 1, len(keys)))
            for k, (_, key) in enumerate(keys))


def check_root(log, find, size, root):
    if not log.tree:
        return
    if size > log.size or log.tree.root(0, size) != root:
        find(6, "checkpoint_mismatch", None, "at %d" % size)


# A database


def objects(db):
    """(type, name) of all there is, and how it is made, apart from blanks."""
    return {(kind, name): " ".join(sql.split()) for kind, name, sql in
            db.execute("SELECT type, name, sql FROM sqlite_schema "
                       "WHERE sql IS NOT NULL")}


def empty_base(page):
    """A database as "The schema" of the page makes it."""
    text = read(page).decode().split(".Ss The schema\n")[1]
    made = sqlite3.connect(":memory:")
    made.executescript(text.split(".Bd -literal\n")[1].split(".Ed\n")[0])
    return made


class Base:
    def __init__(self, path, page, find):
        self.find, self.made = find, empty_base(page)
        self.db = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
        self.db.text_factory = lambda b: b.decode("utf-8", "surrogateescape")
        self.missing = set()    # tables that are not there

    def all(self, sql):
        return self.db.execute(sql).fetchall()

    def table(self, name, columns):
        return self.all("SELECT %s FROM %s ORDER BY 1" % (columns, name))

    def file(self):
        """Layer 1; false if it is useless to go on."""
        try:
            app, = self.all("PRAGMA application_id")[0]
            version, = self.all("PRAGMA user_version")[0]
        except sqlite3.DatabaseError as e:
            code = "not_a_ledger" if "not a database" in str(e) \
                else "store_corrupt"
            self.find(1, code, None, str(e))
            return False
        if self.home and (app, version) == (0, 0) and not objects(self.db):
            self.find(1, "no_ledger", None, "an empty file")
            return False
        if app != 0x627a6e4c or version < 1:
            self.find(1, "not_a_ledger", None, "application_id")
            return False
        if (version,) != self.made.execute("PRAGMA user_version").fetchone():
            self.find(1, "unsupported_schema", None, "user_version")
            return False
        self.schema()
        return True

    def schema(self):
        wanted, there = objects(self.made), objects(self.db)
        for (kind, name), sql in wanted.items():
            got = there.get((kind, name))
            if got == sql:
                continue
            self.find(1, "schema_changed", None, name)
            if kind == "table" and not got:
                self.missing.add(name)
            elif kind == "table" and self.more_columns(name):
                self.find(12, "unknown_object", None, "a column of " + name)
        for kind, name in there.keys() - wanted.keys():
            self.find(12, "unknown_object", None, kind + " " + name)

    def more_columns(self, name):
        ask = "SELECT name FROM pragma_table_info('%s')" % name
        return set(self.all(ask)) - set(self.made.execute(ask))

    def storage(self):
        said = [r[0] for r in self.all("PRAGMA integrity_check")]
        if said != ["ok"]:
            self.find(3, "store_corrupt", None, "; ".join(map(str, said)))
        for r in self.all("PRAGMA foreign_key_check"):
            self.find(3, "foreign_key", None, "%s row %s" % (r[0], r[1]))

    def checkpoints(self, log, signatures):
        lines, last = {}, None
        for size, name, line in self.table("ledger_cosig",
                                           "size, name, line"):
            lines.setdefault(size, []).append((name, line))
        for size, at, root, text in self.table(
                "ledger_checkpoint", "size, at_ms, root, note"):
            extra = self.cosignatures(lines.get(size, []))
            signatures.checkpoint(text.encode(), (size, root), extra)
            check_root(log, self.find, size, root)
            if last is not None and at < last:
                self.find(4, "checkpoint_broken", None,
                          "at_ms falls at %d" % size)
            last = at

    def cosignatures(self, rows):
        out = ""
        for name, line in rows:
            try:
                good = line[-1:] == "\n" \
                    and signature_line(line[:-1])[0] == name
            except Bad:
                good = False
            if good:
                out += line
            else:
                self.find(4, "checkpoint_broken", None,
                          "a cosignature of " + name)
        return out.encode()

    def head(self, log):
        rows = self.table("ledger_head", "size, root, edge, at_ms, posted")
        self.posted = log.size
        self.root_is_right = True
        if len(rows) != 1:
            self.find.skipped |= {6, 7}
            return
        size, root, edge, at, posted = rows[0]
        self.posted = posted
        if log.size < size:
            self.find(5, "seq_gap", log.size, "leaves missing at the end")
        if log.size > size:
            self.find(5, "seq_extra", size, "leaves beyond the head")
        if not log.tree:
            return
        last = log.leaves.get(log.size - 1)
        if size != log.size or last and at != last.at:
            self.find(6, "head_mismatch", None, "size or time")
        self.root_is_right = root == log.tree.root(0, log.size)
        if size == log.size and not self.root_is_right:
            self.find(6, "root_mismatch", None, "of the head")
        if edge != log.tree.edge():
            self.find(7, "edge_mismatch", None, "of the head")

    def tiles(self, log):
        there = {r[0]: r[1:] for r in self.table("ledger_tile",
                                                 "pos, root, hashes")}
        for level, index, root, hashes in log.tree.tiles():
            pos = (level << 56) + index
            if pos not in there:
                self.find(7, "tile_missing", None, "%d/%d" % (level, index))
            else:
                self.tile(level, index, (root, hashes), there.pop(pos))
        for pos in there:
            self.find(7, "tile_mismatch", None, "one too many: %d" % pos)

    def tile(self, level, index, made, stored):
        if made == stored:
            return
        root, hashes = stored
        if level or fold_tile(hashes) != root or self.root_is_right:
            self.find(7, "tile_mismatch", None, "%d/%d" % (level, index))
            return
        for k in range(256):
            if hashes[32 * k:32 * k + 32] != made[1][32 * k:32 * k + 32]:
                self.find(6, "leaf_mismatch", 256 * index + k,
                          "not what its tile has")

    def projections(self, log):
        fold, units = log.fold, list(log.units)
        self.compare("ledger_unit", "id, code, scale", [
            (k + 1, u, log.units[u]) for k, u in enumerate(units)])
        accounts = list(fold.accounts.values())
        self.compare(
            "ledger_account", "id, name, unit_id, lo, hi, closed, cr, dr, "
            "pcr, pdr, legs", [
                (a.id, a.name, units.index(a.unit) + 1, a.lo, a.hi, a.closed,
                 a.cr, a.dr, 0, 0, a.legs) for a in accounts])
        rows = [((a.id << 32) + n,) + r for a in accounts
                for n, r in enumerate(a.rows)]
        self.compare("ledger_posting", "key, seq, amount, balance",
                     [r for r in rows if r[1] < self.posted])
        self.compare("ledger_reversal", "target, seq",
                     list(log.reversed.items()))
        self.compare(
            "escrow_escrow", "id, buyer_id, seller_id, unit, amount_minor, "
            "tax_bp, state, verdict, made_ms, refund_ms, settle_ms, "
            "disputed_ms, closed_ms", [
                (d.id, d.buyer, d.seller, d.unit, d.amount, d.tax_bp, d.state,
                 d.verdict, d.made_ms, d.refund_ms, d.settle_ms,
                 d.disputed_ms, d.closed_ms)
                for d in fold.deals.values() if not d.bounty])
        self.compare(
            "escrow_task", "id, escrow_id, skill_id, state, output_sha256, "
            "claimed_ms, completed_ms", [
                (d.task, d.id, d.skill, d.task_state(), d.output,
                 d.claimed_ms, d.completed_ms)
                for d in fold.deals.values() if d.task is not None])

    def compare(self, table, columns, rows):
        self.differ(table, self.table(table, columns), rows)

    def differ(self, table, stored, rows):
        for row in sorted(set(stored) ^ set(rows), key=str):
            where = "stored" if row in stored else "not stored"
            self.find(10, "projection_mismatch", None,
                      "%s, %s: %s" % (table, where, row))

    def memos(self, log):
        for seq, salt, memo in self.table("ledger_memo", "seq, salt, memo"):
            leaf = log.leaves.get(seq)
            if not leaf:
                continue
            said = (leaf.data if leaf.kind == "reversal" else leaf.top).get(
                "memo_sha256")
            if seq in log.erased or len(salt) != 16 or said != H(
                    salt + memo.encode(errors="surrogateescape")).hex():
                self.find(10, "projection_mismatch", seq, "its memo")


LEDGER = {"ledger_entry", "ledger_checkpoint", "ledger_cosig", "ledger_tile",
          "ledger_head", "ledger_unit", "ledger_account", "ledger_posting",
          "ledger_reversal", "ledger_memo", "escrow_escrow",
          "escrow_task"}


def verify_base(path, args, find):
    home = path if os.path.isdir(path) else None
    base = Base(os.path.join(path, "node.db") if home else path,
                args.page, find)
    base.home = home
    if not base.file():
        return
    try:
        base.storage()
        if base.missing & LEDGER:
            find.skipped |= set(range(5, 12))
            return
        rows = base.table("ledger_entry", "seq, id, leaf")
    except sqlite3.DatabaseError as e:
        find(3, "store_corrupt", None, str(e))
        find.skipped |= set(range(4, 12))
        return
    log = Log(rows, find)
    base.head(log)
    signatures = Signatures(log, find, args.vkey, args.policy)
    base.checkpoints(log, signatures)
    pins = args.pins or (os.path.join(home, "pins") if home else None)
    if pins and log.origin:
        pin = os.path.join(pins, H(log.origin.encode()).hex())
        if os.path.exists(pin):
            signatures.pin(read(pin))
    signatures.trust()
    if log.tree and 7 not in find.skipped:
        base.tiles(log)
    if not log.blind:
        log.fold.end(args.now, args.grace)
        base.projections(log)
        base.memos(log)


def verify_leaves(args, find):
    raw = read(args.leaves)
    rows = [(k, None, x) for k, x in enumerate(raw.split(b"\n")[:-1])]
    log = Log(rows, find)
    if raw and not raw.endswith(b"\n"):
        find(6, "leaf_not_canonical", len(rows), "no LF at the end")
    signatures = Signatures(log, find, args.vkey, args.policy)
    note = signatures.checkpoint(read(args.checkpoint))
    if note:
        check_root(log, find, note.size, note.root)
    signatures.trust()
    if not log.blind:
        log.fold.end(args.now, args.grace)


# Receipts


class Receipt:
    def __init__(self, path):
        raw = read(path)
        if len(raw) > 196608:
            raise Bad("too_long", "over 196,608 bytes")
        head, found, note = raw.partition(b"\n\n")
        try:
            lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError:
            raise Bad("bad_receipt", "not text")
        if not found \
                or lines[0] != "c2sp.org/tlog-proof@v1" or len(lines) < 3 \
                or not lines[1].startswith("extra ") \
                or not re.fullmatch("index (0|[1-9][0-9]{0,18})", lines[2]):
            raise Bad("bad_receipt", "its first lines")
        self.raw = unbase64(lines[1][6:])
        self.index = int(lines[2][6:])
        self.proof = [unbase64(x) for x in lines[3:]]
        if self.raw is None or any(x is None or len(x) != 32
                                   for x in self.proof):
            raise Bad("bad_receipt", "its base64")
        self.note = Checkpoint(note)

    def leaf(self):
        try:
            leaf = form.Leaf(self.raw)
            leaf.read_legs(form.FOUR)
        except form.UnknownUnit:
            pass
        except (form.NotCanonical, form.Unbalanced) as e:
            raise Bad("bad_receipt", "the leaf: %s" % e)
        return leaf

    def check(self, keys, policy):
        note = self.note
        signers = note.signers(keys + (policy.keys() if policy else []))
        if not any(k.type == 1 and k.name == note.origin for k in signers):
            raise Bad("unknown_signer", "no log that is trusted has signed")
        if policy and not policy.met(signers):
            raise Bad("witness_missing", "the quorum")
        if not leads(H(b"\0" + self.raw), self.index, note.size, self.proof,
                     note.root) or self.leaf().seq != self.index:
            raise Bad("proof_mismatch", "the leaf is not at that index")

    def brings(self, keys):
        """The new key that this leaf has, if a known one vouches for it."""
        leaf = self.leaf()
        data = leaf.data
        if leaf.type != "log.key" or data.get("old_key") not in [
                k.vkey for k in keys]:
            return None
        key = Key(data["log_key"])
        return key if certified(self.note.origin, key.vkey, key.public,
                                data["key_sig"]) else None


def verify_receipts(args, find):
    receipts, keys = [], [args.vkey] if args.vkey else []
    keys += args.policy.logs if args.policy else []
    for path in args.files:
        try:
            receipts.append((path, Receipt(path)))
        except Bad as e:
            find(0, e.code, None, "%s: %s" % (path, e))
    for _ in receipts:
        for _, receipt in receipts:
            try:
                receipt.check(keys, args.policy)
                new = receipt.brings(keys)
            except Bad:
                continue
            if new and new.vkey not in [k.vkey for k in keys]:
                keys.append(new)
    for path, receipt in receipts:
        try:
            receipt.check(keys, args.policy)
        except Bad as e:
            find(0, e.code, None, "%s: %s" % (path, e))


def read(path):
    try:
        with open(path, "rb") as f:
            return f.read()
    except OSError as e:
        raise Bad("no_file", str(e))


def options():
    top = argparse.ArgumentParser(description=__doc__)
    verbs = top.add_subparsers(dest="verb", required=True)
    verify = verbs.add_parser("verify")
    verify.add_argument("path", nargs="?")
    verify.add_argument("--leaves")
    verify.add_argument("--checkpoint")
    verify.add_argument("--pins")
    verify.add_argument("--page", default=PAGE)
    verify.add_argument("--now", type=int, default=int(time.time() * 1000))
    verify.add_argument("--grace", type=int, default=7 * DAY)
    receipt = verbs.add_parser("receipt")
    receipt.add_argument("files", nargs="+")
    for p in (verify, receipt):
        p.add_argument("--vkey")
        p.add_argument("--policy")
    return top.parse_args()


def main():
    args, find = options(), Findings()
    try:
        args.vkey = args.vkey and Key(args.vkey)
        args.policy = args.policy and Policy(read(args.policy).decode())
        if args.verb == "receipt":
            verify_receipts(args, find)
        elif args.leaves:
            verify_leaves(args, find)
        else:
            verify_base(args.path, args, find)
    except Bad as e:
        find(0, e.code, None, str(e))
    find.show()
    return find.verdict()


if __name__ == "__main__":
    sys.exit(main())
