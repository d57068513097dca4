"""rot.py FILE TIMES SEED: change one byte of the database, so many times.

verify has to say 1, 7, or 3 if it is the header; or 0 if no row is another:
then what was hit is read by nobody.  Bad is printed what did anything else."""
import random
import sqlite3
import subprocess
import sys

name, times, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
good = open(name, "rb").read()


def rows(path):
    db = sqlite3.connect(path)
    try:
        return list(db.iterdump())
    finally:
        db.close()


want = rows(name)
random.seed(seed)
print("seed", seed)
bad = 0
for _ in range(times):
    data = bytearray(good)
    at = random.randrange(len(data))
    data[at] ^= 1 << random.randrange(8)
    open("rotten.db", "wb").write(data)
    run = subprocess.run(["bzn-ledger", "verify", "--file", "rotten.db",
                          "--allow-self"], capture_output=True, timeout=60)
    if run.returncode in (1, 7) or run.returncode == 3 and at < 100:
        continue
    if run.returncode == 0 and rows("rotten.db") == want:
        continue
    print("byte", at, "status", run.returncode, run.stderr.decode())
    bad += 1
sys.exit(bad > 0)
