"""journal.py DIR PREFIX... - the ledger beside programs for plain text.

The same transactions, 100,000 unless BENCH_ENTRIES says otherwise, are in a
ledger and in its exports.  Program and control run in turns, five times, and
the best of each counts; what is not installed is skipped with a remark.
"""
import json
import os
import shutil
import subprocess
import sys
import time

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
ENTRIES = int(os.environ.get("BENCH_ENTRIES", "100000"))
ACCOUNTS = int(os.environ.get("BENCH_ACCOUNTS", "1000"))


def start(*args):
    return os.posix_spawnp(args[0], args, os.environ, file_actions=[
        (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])


def spawn(*args):
    """Seconds of one run, of which nothing is shown."""
    before = time.monotonic()
    _, status = os.waitpid(start(*args), 0)
    if status:
        sys.exit(f"bench: {args} ended with {status:x}")
    return time.monotonic() - before


def memory(*args):
    """KiB that a run had at most: what wait4() says counts the caller, too."""
    pid, most = start(*args), 0
    while not os.waitpid(pid, os.WNOHANG)[0]:
        try:
            with open(f"/proc/{pid}/status") as f:
                most = max([most] + [int(line.split()[1]) for line in f
                                     if line.startswith("VmHWM")])
        except OSError:
            pass
        time.sleep(0.001)
    return most


def emit(metric, value, unit, control):
    print(json.dumps({"metric": metric, "value": float("%.5g" % value),
                      "unit": unit, "control": float("%.5g" % control),
                      "ratio": float("%.3g" % (control / value))}),
          flush=True)


def compare(metric, ours, theirs):
    """How many times faster, and with how many times less memory."""
    if not shutil.which(theirs[0]):
        print(f"bench: {metric}: no {theirs[0]} here", file=sys.stderr)
        return
    best = [9e9, 9e9]
    for _ in range(ROUNDS):
        for i, args in enumerate((ours, theirs)):
            best[i] = min(best[i], spawn(*args))
    emit(metric, best[0], "s", best[1])
    emit(metric + "_memory", memory(*ours), "KiB", memory(*theirs))


def records(n):
    """Credits for all accounts, then transfers between them."""
    for i in range(ACCOUNTS):
        yield {"id": f"c{i:09}", "type": "CREDIT_ISSUE", "from": "MINT",
               "to": f"acct{i}", "amount": "1000000.00", "unit": "TCK"}
    for i in range(n - ACCOUNTS):
        yield {"id": f"01a1f7f8-3fa0-7000-8000-{i:012}",
               "from": f"acct{i * 7919 % ACCOUNTS}",
               "to": f"acct{(i * 104729 + 1) % ACCOUNTS}"
               if (i * 7919 - i * 104729 - 1) % ACCOUNTS else "other",
               "amount": "%d.%02d" % (i % 50, i % 99 + 1), "unit": "TCK"}


def make(home, n):
    os.environ["BZN_HOME"] = home
    subprocess.run(["bzn-ledger", "init", "--no-node"], check=True,
                   stdout=subprocess.DEVNULL)
    with subprocess.Popen(["bzn-ledger", "import", "--problems"],
                          stdin=subprocess.PIPE, text=True,
                          stdout=subprocess.DEVNULL) as p:
        for r in records(n):
            p.stdin.write(json.dumps(r, separators=(",", ":")) + "\n")
    if p.returncode:
        sys.exit("bench: the import failed")


def main():
    where, wanted = sys.argv[1], sys.argv[2:]
    os.environ["PATH"] = (os.environ["BZN_BUILD"] + "/bin:" +
                          os.environ["PATH"])
    os.chdir(where)
    make(os.path.abspath("home"), ENTRIES)
    kinds = ("hledger", "ledger", "beancount")
    for kind in kinds:
        spawn("bzn-ledger", "export", kind, "--out", "books." + kind)
    verify = ("bzn-ledger", "verify", "-q")
    rows = {
        "t11_verify_hledger": (verify, (
            "hledger", "-f", "books.hledger", "check")),
        "t12_balance_ledger": (("bzn-ledger", "balance"), (
            "ledger", "-f", "books.ledger", "balance")),
        "t13_verify_beancount": (verify, (
            "bean-check", "--no-cache", "books.beancount")),
    }
    for metric, row in rows.items():
        if not wanted or any(metric.startswith(w) for w in wanted):
            compare(metric, *row)
    for kind in kinds + ("leaves", "ndjson", "csv"):
        metric = "t16_export_" + kind
        if not wanted or any(metric.startswith(w) for w in wanted):
            seconds = spawn("bzn-ledger", "export", kind)
            print(json.dumps({"metric": metric, "entries": ENTRIES,
                              "value": memory("bzn-ledger", "export", kind),
                              "unit": "KiB",
                              "entries_per_s": int(ENTRIES / seconds)}),
                  flush=True)


main()
