"""The bytes of a leaf: bzn-ledger(5)."""
import json
import re

LIMIT = 2**53 - 1
ID = r"[A-Za-z0-9][A-Za-z0-9._:@/+=~-]{0,63}"
REF = r'[ !#-\[\]-~]{1,128}'
HEX = r"[0-9a-f]{64}"
CODE = r"[A-Z][A-Z0-9]{1,11}"
ACCOUNT = r"[A-Za-z0-9_-][A-Za-z0-9._:@/+-]{0,99}"
AMOUNT = r"-?(0|[1-9][0-9]*)(\.[0-9]+)?"
EVENT = r"[a-z]+(\.[a-z_]+)+"
FOUR = {"BZEUSD": 6, "DZIT": 2, "SBX": 2, "TCK": 2}


class NotCanonical(Exception):
    pass


class Unbalanced(Exception):
    """Canonical but for the sum."""


class UnknownUnit(Exception):
    """Canonical, but with a unit that is not declared."""


def need(condition, text):
    if not condition:
        raise NotCanonical(text)


def match(pattern, value):
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None


def is_int(value, low=-LIMIT):
    return type(value) is int and low <= value <= LIMIT


def unique(pairs):
    need(len(dict(pairs)) == len(pairs), "a key occurs twice")
    return dict(pairs)


def refuse(text):
    raise NotCanonical("a number: " + text)


def write(value):
    """The one form in which a value is written."""
    if isinstance(value, dict):
        return "{%s}" % ",".join(
            '"%s":%s' % (k, write(value[k])) for k in sorted(value))
    if isinstance(value, list):
        return "[%s]" % ",".join(map(write, value))
    if isinstance(value, str):
        return '"%s"' % value.replace("\\", "\\\\").replace('"', '\\"')
    return {True: "true", False: "false"}[value] \
        if isinstance(value, bool) else str(value)


def check_value(value, depth):
    """Is it a value that may stand within data?"""
    if isinstance(value, str):
        need(len(write(value).encode()) - 2 <= 4096, "a string is too long")
    elif isinstance(value, dict):
        check_object(value, depth)
    elif isinstance(value, list):
        need(depth <= 4, "data is too deep")
        for v in value:
            check_value(v, depth + 1)
    else:
        need(value is True or value is False or is_int(value), "in data")


def check_object(value, depth):
    need(isinstance(value, dict), "data is no object")
    need(depth <= 4, "data is too deep")
    need(len(value) <= 64, "an object of data is too large")
    for k, v in value.items():
        need(match("[a-z][a-z0-9_]{0,31}", k), "a key of data")
        check_value(v, depth + 1)


def scale_of(text):
    return len(text.partition(".")[2])


def amount(text, scale):
    """An amount in least steps, or None if it is not written so."""
    if not match(AMOUNT, text) or scale_of(text) != scale:
        return None
    n = int(text.replace(".", ""))
    return n if abs(n) < 2**63 and not (n == 0 and text[0] == "-") else None


class Leaf:
    def __init__(self, raw):
        self.raw = raw
        need(1 <= len(raw) <= 65535, "its length")
        self.top = top = self.parse(raw)
        self.kind, self.type = top.get("kind"), top.get("type")
        need(self.kind in ("transfer", "event", "reversal"), "kind")
        self.members()
        self.seq, self.id, self.at = top["seq"], top["id"], top["at_ms"]
        self.ref, self.data = top.get("ref"), top.get("data", {})
        self.group = top.get("group")
        self.legs = []      # (account, unit, amount in least steps)

    @staticmethod
    def parse(raw):
        try:
            text = raw.decode("utf-8")
            top = json.loads(text, object_pairs_hook=unique,
                             parse_float=refuse, parse_constant=refuse)
        except (ValueError, RecursionError) as e:
            raise NotCanonical(str(e))
        need(isinstance(top, dict), "no object")
        need(not re.search("[\0-\x1f\x7f]", text), "a control character")
        need(write(top) == text, "it is not written in the one form")
        return top

    def members(self):
        top, kind = self.top, self.kind
        must = {"at_ms", "id", "kind", "seq", "type", "v"}
        may = {"data", "effective_ms", "group", "ref"}
        must |= {"event": {"data"}, "transfer": {"legs"},
                 "reversal": {"legs", "reverses", "reverses_seq"}}[kind]
        if kind != "reversal":
            may.add("memo_sha256")
        need(must <= set(top) <= must | may, "its members")
        need(top["v"] == 1 and is_int(top["v"]), "v")
        need(is_int(top["at_ms"], 0), "at_ms")
        need(is_int(top["seq"], 0), "seq")
        need(is_int(top.get("effective_ms", 0)), "effective_ms")
        need(match(ID, top["id"]), "id")
        need(match(REF, top.get("ref", "x")), "ref")
        need(match(HEX, top.get("memo_sha256", "0" * 64)), "memo_sha256")
        need(match(ID, top.get("reverses", "x")), "reverses")
        need(is_int(top.get("reverses_seq", 0), 0), "reverses_seq")
        need(kind != "reversal" or top["reverses_seq"] < top["seq"],
             "it reverses what is not before it")
        self.check_type(kind, top["type"])
        self.check_group(top.get("group"))
        if "data" in top:
            check_object(top["data"], 1)

    @staticmethod
    def check_type(kind, word):
        if kind == "event":
            need(match(EVENT, word) and len(word) <= 40, "type")
        elif kind == "reversal":
            need(word == "REVERSAL", "type")
        else:
            need(isinstance(word, str) and not re.search(r'["\\\\]', word),
                 "type")

    @staticmethod
    def check_group(group):
        if group is None:
            return
        need(isinstance(group, dict) and set(group) == {"i", "n"}, "group")
        need(is_int(group["i"], 0) and is_int(group["n"], 2), "group")
        need(group["i"] < group["n"] <= 256, "group")

    def read_legs(self, units):
        """Its legs, in least steps of the units declared so far."""
        if self.kind == "event":
            return
        legs = self.top["legs"]
        need(isinstance(legs, list) and 2 <= len(legs) <= 1024, "legs")
        unknown = None
        for leg in legs:
            need(isinstance(leg, dict)
                 and set(leg) == {"account", "amount", "unit"}, "a leg")
            need(match(ACCOUNT, leg["account"]), "an account")
            need(match(CODE, leg["unit"]), "a unit")
            need(match(AMOUNT, leg["amount"]), "an amount")
            if leg["unit"] not in units:
                unknown = leg["unit"]
            n = amount(leg["amount"], units.get(leg["unit"],
                                                scale_of(leg["amount"])))
            need(n is not None, "an amount")
            need(n != 0, "an amount is zero")
            self.legs.append((leg["account"], leg["unit"], n))
        order = [x[:2] for x in self.legs]
        need(order == sorted(set(order)), "the order of the legs")
        if unknown:
            raise UnknownUnit(unknown)
        self.check_sums()

    def check_sums(self):
        sums = {}
        for _, unit, n in self.legs:
            sums[unit] = sums.get(unit, 0) + n
            need(abs(sums[unit]) < 2**63, "a sum beyond 64 bits")
        for unit, n in sums.items():
            if n:
                raise Unbalanced("%d left in %s" % (n, unit))
