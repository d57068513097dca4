"""judge.py FIRST COUNT - random books, as hledger, ledger and beancount see them.

For each seed books are made and exported, whole and in part.  The three
programs must accept what they are given and come to our balance of every
account in every unit; given a copy with one amount or one assertion changed
they must say no.  CSV, NDJSON and leaves are read back with what Python has.
Needs the python3 that beancount is installed for.
"""
import csv
import hashlib
import io
import json
import os
import re
import random
import shutil
import subprocess
import sys
from datetime import datetime, timezone
from decimal import Decimal, getcontext

from beancount import loader
from beancount.core import data

getcontext().prec = 60
words = {"TRUE", "FALSE", "NULL"}


def run(*args, status=0):
    done = subprocess.run(args, capture_output=True, text=True)
    if status is not None and done.returncode != status:
        sys.exit(f"{args}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def ledger(*args):
    return run("bzn-ledger", *args)


def save(name, text):
    with open(name, "w", newline="") as f:
        f.write(text)


def own(*args):
    """Every balance that is not zero: {(account, unit): Decimal}."""
    out = {}
    for line in ledger("balance", *args).splitlines():
        r = json.loads(line)
        out[r["account"], r["unit"]] = Decimal(r["balance"])
    return out


def amounts(text):
    return [(unit.strip('"'), Decimal(n))
            for n, unit in re.findall(r'(-?[\d.]+) ("?[A-Z][A-Z0-9]*"?)',
                                      text)]


def by_hledger(file, *args):
    out = {}
    text = run("hledger", "-f", file, "bal", "-N", "--flat", "-O", "csv",
               *args)
    for row in list(csv.reader(io.StringIO(text)))[1:]:
        for unit, n in amounts(row[1]):
            out[row[0], unit] = n
    return out


def by_ledger(file):
    out = {}
    name = None
    for line in run("ledger", "--strict", "-f", file, "bal", "--flat",
                    "--empty", "--no-total", "--balance-format",
                    "%(account)|%(amount)\\n").splitlines():
        if "|" in line:
            name, line = line.split("|")
            name = re.sub(r":~(?=:|$)", ":", name)
        for unit, n in amounts(line):
            out[name, unit] = n
    return out


def by_beancount(file):
    entries, errors, _ = loader.load_file(file)
    if errors:
        sys.exit(f"{file}: {errors[0]}")
    names = {e.account: e.meta["bzn-account"] for e in entries
             if isinstance(e, data.Open)}
    out = {}
    for e in entries:
        for p in e.postings if isinstance(e, data.Transaction) else []:
            unit = p.units.currency
            unit = unit[:-2] if unit[:-2] in words else unit
            key = names[p.account], unit
            out[key] = out.get(key, 0) + p.units.number
    return out


def same(what, want, got):
    got = {k: n for k, n in got.items() if n}
    if want != got:
        odd = {k: (want.get(k), got.get(k)) for k in want.keys() | got.keys()
               if want.get(k) != got.get(k)}
        sys.exit(f"{what}: ours, theirs: {odd}")


checks = {
    "hledger": ["hledger", "check", "-s", "-f"],
    "ledger": ["ledger", "--strict", "bal", "-f"],
    "beancount": ["bean-check"],
}


def warnings(args):
    """ledger --strict only warns of what was not declared."""
    done = subprocess.run(args, capture_output=True, text=True)
    if done.returncode or "Warning" in done.stderr:
        sys.exit(f"{args}: {done.returncode} {done.stderr}")


def accepted(name, at, *options):
    want = own(*at)
    for kind in checks:
        file = f"{name}.{kind}"
        save(file, ledger("export", kind, *options))
        warnings(checks[kind] + [file])
    same(name + " hledger", want, by_hledger(f"{name}.hledger"))
    same(name + " ledger", want, by_ledger(f"{name}.ledger"))
    same(name + " beancount", want, by_beancount(f"{name}.beancount"))


def change(kind, lines, where):
    """Add one to the last digit of the first amount that a line has."""
    at = where[random.randrange(len(where))]
    number = r"(?<= )-?[\d.]+(?= ~ 0 )" if " ~ 0 " in lines[at] else \
        r"(?<= )-?[\d.]+(?= \"?[A-Z])"
    numbers = list(re.finditer(number, lines[at]))
    m = numbers[-1]
    n = m.group()
    digits = n.replace(".", "").lstrip("-")
    more = str(int(digits) + 1).rjust(len(digits), "0")
    scale = len(n.partition(".")[2])
    n = ("-" if n[0] == "-" else "") + (
        more[:-scale] + "." + more[-scale:] if scale else more)
    broken = list(lines)
    broken[at] = lines[at][:m.start()] + n + lines[at][m.end():]
    assert broken[at] != lines[at]
    save(f"broken.{kind}", "\n".join(broken) + "\n")
    got = subprocess.run(checks[kind] + [f"broken.{kind}"],
                         capture_output=True).returncode
    if got < 1:			# ledger's status counts its complaints
        sys.exit(f"{kind} says {got} of a broken copy: {broken[at]}")


def refused(name):
    for kind in checks:
        lines = open(f"{name}.{kind}").read().splitlines()
        leg = r"^ +\S+  -?[\d.]+ \S+$"
        says = r"^\d{4}-\d\d-\d\d balance " if kind == "beancount" else " = "
        change(kind, lines, [i for i, x in enumerate(lines)
                             if re.match(leg, x)])
        change(kind, lines, [i for i, x in enumerate(lines)
                             if re.search(says, x)])


def fold(hashes):
    if len(hashes) == 1:
        return hashes[0]
    k = 1 << (len(hashes) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + fold(hashes[:k]) +
                          fold(hashes[k:])).digest()


def records():
    """Leaves give the root; NDJSON is the leaves; CSV their legs."""
    leaves = ledger("export", "leaves").splitlines()
    hashes = [hashlib.sha256(b"\0" + x.encode()).digest() for x in leaves]
    root = json.loads(ledger("verify").splitlines()[-1])["root"]
    assert fold(hashes).hex() == root
    lines = [json.loads(x) for x in ledger("export", "ndjson").splitlines()]
    assert [x["entry"] for x in lines] == [json.loads(x) for x in leaves]
    assert [x["leaf_hash"] for x in lines] == [h.hex() for h in hashes]
    want = []
    for x in (json.loads(x) for x in leaves):
        group = x.get("group", {"i": "", "n": ""})
        for leg in x.get("legs", []):
            want.append([str(x["seq"]), stamp(x["at_ms"]),
                         stamp(x["effective_ms"]) if "effective_ms" in x
                         else "", x["kind"], x["type"], x["id"],
                         x.get("ref", ""), leg["account"], leg["unit"],
                         leg["amount"], str(group["i"]), str(group["n"]),
                         x.get("reverses", "")])
    text = ledger_bytes("export", "csv")
    assert text.count(b"\r\n") == text.count(b"\n") == len(want) + 1
    got = list(csv.reader(io.StringIO(text.decode(), newline="")))
    assert got[0] == ("seq,at,effective,kind,type,id,ref,account,unit,amount,"
                      "group_i,group_n,reverses").split(",")
    assert got[1:] == want, [x for x in zip(got[1:], want) if x[0] != x[1]][0]
    return [json.loads(x) for x in leaves]


def ledger_bytes(*args):
    return subprocess.run(["bzn-ledger", *args], capture_output=True,
                          check=True).stdout


def stamp(ms):
    at = datetime.fromtimestamp(ms // 1000, timezone.utc)
    return at.strftime("%Y-%m-%dT%H:%M:%S") + ".%03dZ" % (ms % 1000)


def by_date(entries):
    """hledger's balances at the end of a day are ours by business time."""
    times = [x.get("effective_ms", x["at_ms"]) for x in entries]
    for _ in range(2):
        day = random.choice(times) // 86400000 + 1
        date = stamp(day * 86400000)[:10]
        same(date, own("--effective", "--at", f"@{day * 86400000 - 1}"),
             by_hledger("all.hledger", "-e", date))


def judge(seed):
    shutil.rmtree("books", ignore_errors=True)
    random.seed(seed)
    run("books", "books", str(seed), "100")
    entries = records()
    accepted("all", [])
    by_date(entries)
    ends = sorted(random.randrange(len(entries)) for _ in range(2))
    accepted("part", ["--at", str(ends[1])], "--from", str(ends[0]),
             "--to", str(ends[1]))
    refused("all")
    return len(entries)


def main():
    first, count = int(sys.argv[1]), int(sys.argv[2])
    os.environ["BZN_HOME"] = "books"
    total = 0
    for seed in range(first, first + count):
        try:
            total += judge(seed)
        except BaseException:
            print("seed", seed)
            raise
    print(f"{count} books, {total} entries")


main()
