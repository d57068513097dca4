"""eigen.py COUNT SEED - random graphs of trust, solved here in rationals, and
by bzn-cri eigentrust: every share within 1 + 1/30 parts of 10^18, the nearest
decimals where that is not ambiguous, one in all, nothing for the unreached;
and what is left of it once distrust is applied."""
import json
import random
import subprocess
import sys
from fractions import Fraction

ONE = 10 ** 18


def solve(peers, edges, prior, alpha):
    """t = alpha p + (1 - alpha) C' t, by elimination."""
    n = len(peers)
    total = sum(prior)
    p = [Fraction(w, total) for w in prior]
    rows = []
    for i in range(n):
        row = [0] * n
        for a, b, value in edges:
            if a == i and b != i and value > 0:
                row[b] += value
        rows.append([Fraction(v, sum(row)) for v in row]
                    if sum(row) else p)
    m = [[Fraction(i == j) - (1 - alpha) * rows[j][i] for j in range(n)] +
         [alpha * p[i]] for i in range(n)]
    for k in range(n):
        at = next(i for i in range(k, n) if m[i][k])
        m[k], m[at] = m[at], m[k]
        m[k] = [v / m[k][k] for v in m[k]]
        for i in range(n):
            if i != k and m[i][k]:
                f = m[i][k]
                m[i] = [v - f * w for v, w in zip(m[i], m[k])]
    return [row[n] for row in m]


def discount(t, edges):
    """t - D' t, with the rows of D as parts of one."""
    left = list(t)
    for i in range(len(t)):
        own = [(b, -v) for a, b, v in edges if a == i and b != i and v < 0]
        for b, v in own:
            left[b] -= t[i] * Fraction(v, sum(w for _, w in own))
    return left


def draw(r):
    n = r.randint(1, 9)
    peers = [f"{r.choice('abcxyz')}-{i}" for i in range(n)]
    top = r.choice([3, 1000, 2 ** 40, 2 ** 57])
    low = r.choice([1, 1, -top])
    edges = [(r.randrange(n), r.randrange(n), r.randint(low, top))
             for _ in range(r.randint(0, 3 * n))]
    prior = [r.choice([0, 0, 1, r.randint(0, 10 ** 6)]) for _ in peers]
    if not sum(prior):
        prior = None
    den = r.choice([1, 2, 3, 10, 97, 1000])
    return peers, edges, prior, Fraction(r.randint(1, den), den)


def decimal(text):
    whole, digits = text.lstrip("-").split(".")
    assert len(digits) == 18, text
    return int(whole + digits) * (-1 if text[0] == "-" else 1)


def ask(peers, edges, prior, alpha):
    with open("edges", "w") as f:
        for name in peers:
            print(json.dumps({"from": name, "to": name, "value": 0}), file=f)
        for a, b, value in edges:
            print(json.dumps({"from": peers[a], "to": peers[b],
                              "value": value}), file=f)
    more = []
    if prior:
        with open("prior", "w") as f:
            for name, weight in zip(peers, prior):
                print(json.dumps({"peer": name, "value": weight}), file=f)
        more = ["--pre-trust", "prior"]
    out = subprocess.run(
        ["bzn-cri", "eigentrust", "edges", *more, "--alpha",
         f"{alpha.numerator}/{alpha.denominator}"],
        check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def check(peers, edges, prior, alpha):
    want = [ONE * t for t in solve(peers, edges, prior or [1] * len(peers),
                                   alpha)]
    got = ask(peers, edges, prior, alpha)
    share = {x["peer"]: decimal(x["trust"]) for x in got}
    parts = [share[name] for name in peers]
    assert len(got) == len(peers) and sum(parts) == ONE, got
    for mine, theirs in zip(want, parts):
        assert abs(mine - theirs) <= 1 + Fraction(1, 30), (mine, theirs)
        assert mine or not theirs, theirs
    near = [round(v) for v in want]
    if sum(near) == ONE and all(
            abs(v - int(v) - Fraction(1, 2)) > Fraction(1, 30) for v in want):
        assert near == parts, (near, parts)
    left = {x["peer"]: decimal(x.get("discounted", x["trust"])) for x in got}
    for mine, name in zip(discount(want, edges), peers):
        assert abs(mine - left[name]) <= 1 + len(edges), (mine, left[name])
    order = [(-left[x["peer"]], x["peer"]) for x in got]
    assert order == sorted(order), order
    return near == parts


def main():
    r = random.Random(int(sys.argv[2]))
    count = int(sys.argv[1])
    exact = sum(check(*draw(r)) for _ in range(count))
    print(f"{count} graphs")
    assert exact > count // 3, exact


main()
