# health.py HOME NODES: the rows that a report of 365 days reads, of so many
# nodes, from those of one that is in the home already; prints the moment.
import sqlite3
import sys

DAY = 86400000
NOW = 1793682000000
ROLLED = NOW - 600000
FROM = NOW - 365 * DAY
home, nodes = sys.argv[1], int(sys.argv[2])
db = sqlite3.connect(home + "/node.db")
db.execute("PRAGMA synchronous = OFF")
db.execute("PRAGMA foreign_keys = OFF")
node = list(db.execute("SELECT * FROM health_node").fetchone())
at = {r[1]: r[0] for r in db.execute("PRAGMA table_info(health_node)")}
sums = {w: db.execute("SELECT ok, slow, failed, total, phases "
                      "FROM health_rollup WHERE width_s = ? LIMIT 1",
                      (w,)).fetchone() for w in (300, 3600, 86400)}
samples = [list(r) for r in
           db.execute("SELECT * FROM health_sample LIMIT 5")]
for table in "rollup", "sample", "change", "node":
    db.execute("DELETE FROM health_" + table)
rollups = []
for width, like in (2764800, 86400), (86400, 86400), (3600, 3600), (300, 300):
    t = FROM // (width * 1000) * width * 1000
    while t + width * 1000 <= ROLLED:
        if width >= 86400 or width == 3600 and (
                t < FROM + DAY or t > NOW - 2 * DAY) or (
                width == 300 and t > NOW - DAY // 8):
            rollups.append((width, t) + sums[like])
        t += width * 1000
# A change each four days.
changes = [(i, (0, 1, 3)[i % 3], (1, 3, 1)[i % 3], FROM + i * 4 * DAY,
            FROM + i * 4 * DAY, 0, 0, 1) for i in range(90)]


def add(table, row):
    db.execute("INSERT INTO health_%s VALUES (%s)" % (
        table, ",".join("?" * len(row))), row)


for i in range(1, nodes + 1):
    node[at["id"]] = i
    node[at["node_id"]] = "%064x" % i
    node[at["name"]] = "node-%05d" % i
    node[at["first_ms"]] = FROM
    node[at["rolled_ms"]] = ROLLED
    node[at["probed_ms"]] = node[at["good_ms"]] = NOW - 60000
    node[at["state"]] = 1
    add("node", node)
    for row in rollups:
        add("rollup", (i,) + row)
    for row in changes:
        add("change", (i,) + row)
    for k, row in enumerate(samples):
        row[:2] = i, ROLLED + k * 120000
        add("sample", row)
db.commit()
print("@%d" % NOW)
