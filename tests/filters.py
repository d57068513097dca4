"""filters.py - what balance, history, tail and show print, against a scan.

The entries of the home are read once, as they are exported; then every pair
of filters is asked of the program and computed here, in whole numbers of
minor units.  Prints how many answers were compared, or ends at the first that
differs.
"""
import bisect
import itertools
import json
import subprocess
import sys
from datetime import datetime, timezone


def run(*args):
    done = subprocess.run(["bzn-ledger", *args], capture_output=True,
                          text=True)
    if done.stderr or done.returncode:
        sys.exit(f"{args}: {done.returncode} {done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def minor(text, scale):
    sign = -1 if text.startswith("-") else 1
    whole, _, rest = text.lstrip("-").partition(".")
    assert len(rest) == scale, text
    return sign * int(whole + rest)


def text(n, scale):
    digits = str(abs(n)).rjust(scale + 1, "0")
    whole = digits[:len(digits) - scale]
    rest = "." + digits[len(digits) - scale:] if scale else ""
    return ("-" if n < 0 else "") + whole + rest


def stamp(ms):
    at = datetime.fromtimestamp(ms // 1000, timezone.utc)
    return at.strftime("%Y-%m-%dT%H:%M:%S") + ".%03dZ" % (ms % 1000)


class Books:
    def __init__(self):
        self.entries = [line["entry"] for line in run("export", "ndjson")]
        self.times = [x["at_ms"] for x in self.entries]
        self.scale = {}
        self.legs = {}			# (account, unit) -> [(seq, amount)]
        for x in self.entries:
            data = x.get("data", {})
            for u in data.get("units", []):
                self.scale[u["code"]] = u["scale"]
            if x["type"] == "ledger.unit":
                self.scale[data["code"]] = data["scale"]
            if x["type"] == "ledger.account":
                self.legs.setdefault((data["account"], data["unit"]), [])
            for leg in x.get("legs", []):
                key = leg["account"], leg["unit"]
                n = minor(leg["amount"], self.scale[leg["unit"]])
                self.legs.setdefault(key, []).append((x["seq"], n))

    def size_at(self, at):
        if at is None:
            return len(self.entries)
        if at.startswith("@"):
            return bisect.bisect_right(self.times, int(at[1:]))
        return int(at) + 1

    def first_at(self, at):
        if at is None:
            return 0
        if at.startswith("@"):
            return bisect.bisect_left(self.times, int(at[1:]))
        return int(at)

    def balance(self, key, counts):
        legs = [n for seq, n in self.legs[key] if counts(seq)]
        return len(legs), sum(legs)

    def record(self, name, unit, legs, n, size, as_of, **more):
        amount = text(n, self.scale[unit])
        r = {"account": name, "unit": unit, "balance": amount,
             "available": amount, "legs": legs, "as_of_seq": size - 1}
        if size:
            r["as_of"] = stamp(as_of)
        r.update(more)
        return r

    def balances(self, names, unit, at, effective, subtree):
        size, as_of = self.size_at(at), 0
        if effective:
            as_of = int(at[1:]) if at else max(self.times)
            size = len(self.entries)

            def counts(seq):
                x = self.entries[seq]
                return x.get("effective_ms", x["at_ms"]) <= as_of
        else:
            as_of = self.times[size - 1] if size else 0

            def counts(seq):
                return seq < size
        keys = sorted(k for k in self.legs if unit in (None, k[1]))
        out = []
        if subtree:
            for name in names:
                for u in sorted(self.scale):
                    under = [k for k in keys if k[1] == u and
                             (k[0] + ":").startswith(name + ":")]
                    sums = [self.balance(k, counts) for k in under]
                    if sums:
                        out.append(self.record(
                            name, u, sum(s[0] for s in sums),
                            sum(s[1] for s in sums), size, as_of,
                            accounts=len(sums)))
            return out
        for name in names or [None]:
            for k in keys:
                if name not in (None, k[0]):
                    continue
                legs, n = self.balance(k, counts)
                if n or name:
                    out.append(self.record(*k, legs, n, size, as_of))
        return out

    def history(self, name, unit, start, to, limit, reverse):
        out = []
        for key in sorted(k for k in self.legs if k[0] == name and
                          unit in (None, k[1])):
            sum_, lines = 0, []
            for n, (seq, amount) in enumerate(self.legs[key]):
                x = self.entries[seq]
                sum_ += amount
                if not self.first_at(start) <= seq < self.size_at(to):
                    continue
                line = {"n": n, "seq": seq, "at": stamp(x["at_ms"]),
                        "kind": x["kind"], "type": x["type"],
                        "id": x["id"], "unit": key[1],
                        "amount": text(amount, self.scale[key[1]]),
                        "balance": text(sum_, self.scale[key[1]]),
                        "counterparties": sorted({
                            leg["account"] for leg in x["legs"]} - {name})}
                if "effective_ms" in x:
                    line["effective"] = stamp(x["effective_ms"])
                if "ref" in x:
                    line["ref"] = x["ref"]
                lines.append(line)
            lines = lines[-limit:] if limit else lines
            out += reversed(lines) if reverse else lines
        return out

    def tail(self, start, limit):
        out, sums = [], {}
        for x in self.entries:
            balances = []
            for leg in x.get("legs", []):
                key = leg["account"], leg["unit"]
                n = minor(leg["amount"], self.scale[leg["unit"]])
                sums[key] = sums.get(key, 0) + n
                balances.append({"account": key[0], "unit": key[1],
                                 "balance": text(sums[key],
                                                 self.scale[key[1]])})
            if x["seq"] >= start:
                out.append({"seq": x["seq"], "entry": x,
                            "balances": balances})
        return out[:limit] if limit else out


compared = 0


def same(args, want):
    global compared
    got = run(*args)
    # A memo is not in the entries.
    got = [{k: v for k, v in r.items() if k != "memo"} for r in got]
    if got != want:
        print("differs:", *args)
        for line in range(max(len(got), len(want))):
            g = got[line] if line < len(got) else None
            w = want[line] if line < len(want) else None
            if g != w:
                sys.exit(f"line {line}\nwant {w}\ngot  {g}")
    compared += 1


def option(name, value):
    if value in (None, False, 0):
        return []
    return [name] if value is True else [name, str(value)]


def pairs(*axes):
    """Rows in which any two values of two axes meet, and few more."""
    todo = {((i, a), (j, b)) for i, j in
            itertools.combinations(range(len(axes)), 2)
            for a in range(len(axes[i])) for b in range(len(axes[j]))}
    while todo:
        row = dict(next(iter(sorted(todo))))
        for i, axis in enumerate(axes):
            if i not in row:
                row[i] = max(range(len(axis)), key=lambda a: sum(
                    (min((i, a), (j, b)), max((i, a), (j, b))) in todo
                    for j, b in row.items()))
        todo -= set(itertools.combinations(sorted(row.items()), 2))
        yield [axes[i][row[i]] for i in range(len(axes))]


def main():
    b = Books()
    size, times = len(b.entries), sorted(set(b.times))
    mix = itertools.product if "all" in sys.argv else pairs
    seqs = ["0", str(size // 3), str(size // 2), str(size - 1)]
    moments = ["@%d" % ms for ms in (
        times[0] - 1, times[0], times[len(times) // 2],
        times[len(times) // 2] + 1, times[-1] + 5)]
    names = sorted({k[0] for k in b.legs})
    some = names[:2] + names[-2:]
    roots = sorted({n.split(":")[0] for n in names if ":" in n})[:2]
    units = [None] + sorted({k[1] for k in b.legs})
    now = "@%d" % max(b.times)

    for at, unit, name in mix([None] + seqs + moments, units,
                              [[]] + [[n] for n in some + roots] + [some]):
        if name and not any(k[0] in name and unit in (None, k[1])
                            for k in b.legs):
            continue
        missing = [n for n in name if not any(
            k[0] == n and unit in (None, k[1]) for k in b.legs)]
        if missing:
            continue
        same(["balance", *option("--unit", unit), *option("--at", at),
              "--", *name], b.balances(name, unit, at, False, False))
    for name in roots + names[:1]:
        for at in [None] + seqs[:2] + moments[2:3]:
            same(["balance", "--subtree", *option("--at", at), "--", name],
                 b.balances([name], None, at, False, True))
    for at in [None] + moments:
        same(["--now", now, "balance", "--effective", *option("--at", at)],
             b.balances([], None, at, True, False))
    for name, unit, start, to, limit, reverse in mix(
            some, units, [None, *seqs, *moments], [None, *seqs, *moments],
            [0, 1, 3, 1000], [False, True]):
        if not any(k[0] == name and unit in (None, k[1]) for k in b.legs):
            continue
        same(["history", *option("--unit", unit), *option("--from", start),
              *option("--to", to), *option("--limit", limit),
              *option("--reverse", reverse), "--", name],
             b.history(name, unit, start, to, limit, reverse))
    for start, limit in mix([0, 1, size // 2, size - 1, size],
                            [0, 1, 2, size]):
        same(["tail", "--from", str(start), *option("--limit", limit)],
             b.tail(start, limit))
    for x in b.entries[:5]:
        same(["show", x["id"]], [x])
        same(["show", str(x["seq"])], [x])
    print(compared, "answers")


main()
