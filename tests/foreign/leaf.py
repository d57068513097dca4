"""Leaves as bzn-ledger(5) has them: bytes, types, accounts."""
import hashlib
import re

MOST = 2 ** 53 - 1
INT = re.compile(rb"0|-?[1-9][0-9]*")
PLAIN = re.compile(rb'"([^"\\\x00-\x1f\x7f]*)"')
ESCAPED = re.compile(rb'"((?:[^"\\\x00-\x1f\x7f]|\\["\\])*)"')
KEY = re.compile(r"[a-z][a-z0-9_]{0,31}")
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@/+=~-]{0,63}")
NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._:@/+-]{0,99}")
EVENT = re.compile(r"[a-z]+(\.[a-z_]+)+")
REF = re.compile(r'[ !#-\[\]-~]{1,128}')
HEX = re.compile(r"[0-9a-f]{64}")
BUILT_IN = {"BZEUSD": 6, "DZIT": 2, "SBX": 2, "TCK": 2}


class Bad(Exception):
    """Its words: layer, code."""


def bad(layer=6, code="leaf_not_canonical"):
    raise Bad(layer, code)


def amount(text, scale):
    form = r"-?(0|[1-9][0-9]*)" + (r"\.[0-9]{%d}" % scale if scale else "")
    value = int(text.replace(".", "")) if re.fullmatch(form, text) else None
    if value is None or abs(value) >= 2 ** 63 or (not value and "-" in text):
        bad()
    return value


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def has(self, text):
        if not self.data.startswith(text.encode(), self.at):
            return False
        self.at += len(text)
        return True

    def need(self, text):
        return self.has(text) or bad()

    def match(self, form):
        m = form.match(self.data, self.at) or bad()
        self.at = m.end()
        return m

    def number(self):
        value = int(self.match(INT).group())
        return value if abs(value) <= MOST else bad()

    def text(self):
        return self.match(PLAIN).group(1).decode()

    def value(self, depth):
        if self.has("true"):
            return True
        if self.has("false"):
            return False
        if self.data.startswith(b'"', self.at):
            raw = self.match(ESCAPED).group(1)
            return re.sub(r"\\(.)", r"\1", raw.decode()) \
                if len(raw) <= 4096 else bad()
        if self.data.startswith(b"{", self.at):
            return self.members(depth)
        if self.has("["):
            return self.items(depth)
        return self.number()

    def items(self, depth):
        out = []
        if depth > 4:
            bad()
        if self.has("]"):
            return out
        while True:
            out.append(self.value(depth + 1))
            if self.has("]"):
                return out
            self.need(",")

    def members(self, depth):
        out, last = {}, ""
        self.need("{")
        if depth > 4:
            bad()
        if self.has("}"):
            return out
        while True:
            key = self.text()
            if not KEY.fullmatch(key) or key <= last or len(out) == 64:
                bad()
            self.need(":")
            out[key], last = self.value(depth + 1), key
            if self.has("}"):
                return out
            self.need(",")


def read_legs(r, units):
    legs = []
    while True:
        r.need('{"account":')
        name = r.text()
        r.need(',"amount":')
        text = r.text()
        r.need(',"unit":')
        unit = r.text()
        r.need("}")
        if unit not in units:
            bad(8, "bad_unit")
        legs.append((name, unit, amount(text, units[unit])))
        if r.has("]"):
            return legs
        r.need(",")


def check_legs(legs):
    keys = [(name.encode(), unit.encode()) for name, unit, _ in legs]
    if not 2 <= len(legs) <= 1024 or keys != sorted(set(keys)):
        bad()
    sums = {}
    for name, unit, minor in legs:
        sums[unit] = sums.get(unit, 0) + minor
        if not NAME.fullmatch(name) or not minor or abs(sums[unit]) >= 2 ** 63:
            bad()
    if any(sums.values()):
        bad(8, "unbalanced")


def read_group(r):
    i = r.number()
    r.need(',"n":')
    n = r.number()
    r.need("}")
    return (i, n) if 2 <= n <= 256 and 0 <= i < n else bad()


def parse(data, units):
    """A dict; legs are (account, unit, minor), group is (i, n)."""
    if not 1 <= len(data) <= 65535:
        bad()
    try:
        data.decode()
    except UnicodeDecodeError:
        bad()
    r, x = Reader(data), {"legs": []}
    r.need('{"at_ms":')
    x["at_ms"] = r.number()
    if r.has(',"data":'):
        x["data"] = r.members(1)
    if r.has(',"effective_ms":'):
        x["effective_ms"] = r.number()
    if r.has(',"group":{"i":'):
        x["group"] = read_group(r)
    r.need(',"id":')
    x["id"] = r.text()
    r.need(',"kind":')
    x["kind"] = r.text()
    has_legs = r.has(',"legs":[')
    if has_legs:
        x["legs"] = read_legs(r, units)
    for key in "memo_sha256", "ref", "reverses":
        if r.has(',"%s":' % key):
            x[key] = r.text()
    if r.has(',"reverses_seq":'):
        x["reverses_seq"] = r.number()
    r.need(',"seq":')
    x["seq"] = r.number()
    r.need(',"type":')
    x["type"] = r.text()
    r.need(',"v":1}')
    if r.at != len(data) or x["at_ms"] < 0 or x["seq"] < 0:
        bad()
    check_words(x, has_legs)
    if has_legs:
        check_legs(x["legs"])
    return x


def check_words(x, has_legs):
    kind = x["kind"]
    reverses = "reverses" in x
    if kind not in ("transfer", "event", "reversal") or \
            not ID.fullmatch(x["id"]) or \
            has_legs == (kind == "event") or \
            not HEX.fullmatch(x.get("memo_sha256", "0" * 64)) or \
            not REF.fullmatch(x.get("ref", "x")) or \
            reverses != (kind == "reversal") or \
            reverses != ("reverses_seq" in x):
        bad()
    if kind == "event" and ("data" not in x or len(x["type"]) > 40 or
                            not EVENT.fullmatch(x["type"])):
        bad()
    if reverses and (x["type"] != "REVERSAL" or "memo_sha256" in x or
                     not ID.fullmatch(x["reverses"]) or
                     not 0 <= x["reverses_seq"] < x["seq"]):
        bad()


def kind_of(account):
    if account in ("MINT", "VAULT"):
        return account
    if account.startswith("ESCROW:BOUNTY:"):
        return "BOUNTY"
    if account.startswith("ESCROW:"):
        return "ESCROW"
    return None if account.startswith("ESCROW") else "node"


def read_types(page):
    """The table of the page: word -> (from, to, legs, id, ref, unit)."""
    types, on = {}, False
    lines = open(page, encoding="utf-8").read().split("\n")
    for i, line in enumerate(lines):
        if line.startswith(".Ss "):
            on = line == ".Ss Types of transfers"
        elif on and line.startswith(".It Li "):
            flow, legs, form, ref, *unit = lines[i + 1].rstrip(".").split("; ")
            types[line[7:]] = (*(set(s.split(" or "))
                                 for s in flow.split(" to ")),
                               2 if legs == "2 legs" else 1024, form,
                               ref, unit[0].split()[0] if unit else None)
    return types


def hashed(name):
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def id_fits(x, form, node):
    ref = x.get("ref", "")
    if form == "any id":
        return True
    if form.startswith("REF"):
        return len(ref) <= 40 and x["id"] == ref + form[3:]
    if form.endswith("HASH"):
        return x["id"] == form[:-4] + hashed(node or "")
    if form.endswith("OPEN"):
        to = next(leg for leg in x["legs"] if leg[2] > 0)
        return x["id"] == form[:-4] + hashed(to[0] + "\n" + to[1])
    form = form.replace("HEX32", "[0-9a-f]{32}").replace("NUMBER", "[0-9]+")
    return re.fullmatch(form.replace("REF", re.escape(ref)), x["id"])


def flow_fits(x, types):
    """None, or the code of what is wrong with a transfer."""
    if x["type"] not in types:
        return "unknown_type"
    debited, credited, legs, form, ref, only = types[x["type"]]
    node = None
    for name, unit, minor in x["legs"]:
        kind = kind_of(name)
        if kind not in (debited if minor < 0 else credited) or \
                only not in (None, unit):
            return "flow_broken"
        if kind == "node":
            node = name
        if kind in ("ESCROW", "BOUNTY") and \
                name.split(":", 1 + (kind == "BOUNTY"))[-1] != x.get("ref"):
            return "flow_broken"
    if len(x["legs"]) > legs or (ref != "ref free" and "ref" not in x) or \
            (ref == "ref the node" and x["ref"] != node) or \
            not id_fits(x, form, node):
        return "flow_broken"
    return None
