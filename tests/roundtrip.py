"""roundtrip.py OLD NEW - a home, and what was imported of its hledger export.

Every transfer has to be there with its id, legs, reference and day; every
balance that is not zero, too; and nothing else moves anything.
"""
import json
import re
import subprocess
import sys


def lines(home, *args):
    out = subprocess.run(["bzn-ledger", *args, "--home", home], check=True,
                         capture_output=True, text=True).stdout
    return [json.loads(line) for line in out.splitlines()]


builtin = {"TCK": "OTCK", "SBX": "OSBX", "DZIT": "ODZIT", "BZEUSD": "OUSD"}


def name(account):
    return "old:" + account


def unit(code):
    return builtin.get(code, code)


def entries(home, name, unit):
    out = {}
    for r in lines(home, "export", "ndjson"):
        x = r["entry"]
        if "legs" in x:
            day = x.get("effective_ms", x["at_ms"]) // 86400000
            out[x["id"]] = (day, x.get("ref"), sorted(
                (name(leg["account"]), unit(leg["unit"]), leg["amount"])
                for leg in x["legs"]))
    return out


def balances(home, name, unit):
    return {(name(r["account"]), unit(r["unit"])): r["balance"]
            for r in lines(home, "balance")}


def main():
    old, new = sys.argv[1:]
    same = str
    want, got = entries(old, name, unit), entries(new, same, same)
    if want != got:
        odd = [i for i in want.keys() | got.keys()
               if want.get(i) != got.get(i)]
        sys.exit(f"{odd[0]}: {want.get(odd[0])} {got.get(odd[0])}")
    assert balances(old, name, unit) == balances(new, same, same)
    print(len(want), "entries")


main()
