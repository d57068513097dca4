"""spoil.py FROM TO STEP FILE COMMAND...: change one bit of each STEP-th byte
of FILE from FROM on, below TO.  The command has to fail each time.

A "=" and the bits of base64 before it that no byte needs are passed over: who
is lenient may decode them to the same."""
import random
import subprocess
import sys

start, stop, step = map(int, sys.argv[1:4])
name, command = sys.argv[4], sys.argv[5:]
good = open(name, "rb").read()
accepted = tried = 0
for i in range(start + random.randrange(step), stop, step):
    if b"=" in good[i:i + 2]:
        continue
    bad = bytearray(good)
    bad[i] ^= 1
    open(name, "wb").write(bad)
    tried += 1
    if not subprocess.run(command, capture_output=True).returncode:
        print(f"{name}: accepted with byte {i} changed")
        accepted += 1
open(name, "wb").write(good)
if subprocess.run(command, capture_output=True).returncode or not tried:
    print(f"{name}: refused as it is, or nothing tried")
    accepted += 1
sys.exit(accepted > 0)
