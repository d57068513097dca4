"""swap.py FILE TIMES SEED: writes that went to the wrong place.

Two pages, two tiles, two rows are swapped, or a page is put over another, so
many times.  verify has to say 1 or 7; or 3 if it is the first page; or 9 if
there is no checkpoint any more, which nothing but a policy can ask for; or 0
if no row is another, and SQLite finds no fault: then nobody reads it.  Bad is
printed what did anything else."""
import random
import shutil
import sqlite3
import subprocess
import sys

name, times, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
good = open(name, "rb").read()
page = int.from_bytes(good[16:18], "big")
pages = len(good) // page
random.seed(seed)
print("seed", seed)

# What of a row is not its key, and stands in the way of no constraint.
ROWS = [
    ("ledger_entry", "leaf"), ("ledger_tile", "hashes"),
    ("ledger_tile", "root"), ("ledger_account", "cr, dr, legs"),
    ("ledger_posting", "seq, amount, balance"), ("ledger_posting", "balance"),
    ("ledger_checkpoint", "note"), ("ledger_checkpoint", "root"),
    ("ledger_unit", "scale"), ("ledger_entry", "id"),
]


def dump(path):
    db = sqlite3.connect(path)
    try:
        if db.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            return None
        return list(db.iterdump())
    except (sqlite3.Error, UnicodeDecodeError):
        return None
    finally:
        db.close()


def at(n):
    return good[n * page:(n + 1) * page]


def swap_pages():
    a, b = random.sample(range(pages), 2)
    data = bytearray(good)
    data[a * page:(a + 1) * page], data[b * page:(b + 1) * page] = at(b), at(a)
    return data, "pages %d and %d swapped" % (a, b), not (a and b)


def copy_page():
    return put_over(*random.sample(range(pages), 2))


def swap_rows():
    table, names = random.choice(ROWS)
    shutil.copyfile(name, "rows.db")
    db = sqlite3.connect("rows.db")
    db.execute("PRAGMA ignore_check_constraints = ON")
    try:
        guards = db.execute("SELECT name, sql FROM sqlite_master WHERE "
                            "type = 'trigger'").fetchall()
        for g, _ in guards:
            db.execute("DROP TRIGGER " + g)
        ids = [r for (r,) in db.execute("SELECT rowid FROM " + table)]
        if len(ids) < 2:
            return None
        a, b = random.sample(ids, 2)
        get = "SELECT %s FROM %s WHERE rowid = ?" % (names, table)
        x, y = (db.execute(get, (i,)).fetchone() for i in (a, b))
        if x == y:
            return None
        to = ", ".join(n + " = ?" for n in names.split(", "))
        put = "UPDATE %s SET %s WHERE rowid = ?" % (table, to)
        if names == "id":
            db.execute(put, ("away", a))
        db.execute(put, x + (b,))
        db.execute(put, y + (a,))
        for _, sql in guards:
            db.execute(sql)
        db.commit()
    finally:
        db.close()
    return (open("rows.db", "rb").read(),
            "%s (%s) of rows %d and %d swapped" % (table, names, a, b), False)


def put_over(a, b):
    data = bytearray(good)
    data[b * page:(b + 1) * page] = at(a)
    return data, "page %d over %d" % (a, b), not b


def roots():
    """The top of the history over each leaf: its rows come again."""
    db = sqlite3.connect(name)
    (top,), = db.execute("SELECT rootpage FROM sqlite_schema "
                         "WHERE name = 'ledger_posting'")
    db.close()
    return [(top - 1, b) for b in range(1, pages) if good[b * page] == 13]


want = dump(name)
fixed = roots()
assert fixed
tally = {}
bad = done = 0
while fixed or done < times:
    made = put_over(*fixed.pop()) if fixed else random.choice(
        (swap_pages, copy_page, swap_rows, swap_rows))()
    if not made or bytes(made[0]) == good:
        continue
    data, what, first = made
    open("swapped.db", "wb").write(data)
    done += 1
    run = subprocess.run(["bzn-ledger", "verify", "--file", "swapped.db",
                          "--allow-self", "--max-checkpoint-age", "9999d"],
                         capture_output=True, timeout=60)
    tally[run.returncode] = tally.get(run.returncode, 0) + 1
    if run.returncode in (1, 7, 9) or run.returncode == 3 and first:
        continue
    if run.returncode == 0 and dump("swapped.db") == want:
        continue
    print(what, "status", run.returncode, run.stderr.decode())
    bad += 1
print(tally)
sys.exit(bad > 0)
