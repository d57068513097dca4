#!/usr/bin/python3
# seen.py OPENAPI DIRECTORY - which kinds of answers no test has met.
#
# The files of the directory have a line for each: METHOD ROUTE STATUS, as the
# access logs of the suites had them (http.bash).  A route has to be seen to
# answer 200, and to refuse in each way that the document says it may: who
# calls (401 or 403), what is asked (400 or 422), and what is not there (404).
import glob
import json
import sys

document = json.load(open(sys.argv[1]))
seen = set()
for name in glob.glob(sys.argv[2] + "/*"):
    for line in open(name):
        method, route, status = line.split()
        if route.endswith("/*"):
            route = route[:-1] + "{path}"
        seen.add((method.lower(), route, int(status)))

# What is a success under another status (spec/vmp.md 2.15).
elsewhere = {"/v1/mission-protocol": (406,)}

missing = 0
for path, operations in document["paths"].items():
    for method, operation in operations.items():
        has = operation["responses"]
        want = []
        # What is not set up has no other answer yet.
        if "_unconfigured" not in has.get("503", {}).get("description", ""):
            want.append(("success", elsewhere.get(path, (200, 201))))
        if operation["security"]:
            want.append(("auth failure", (401, 403)))
        if "requestBody" in operation or any(
                p.get("in") == "query" for p in operation["parameters"]):
            want.append(("validation failure", (400, 422)))
        # Only a server without a store would have no ledger.
        if has.get("404", {}).get("description", "no_ledger") != "no_ledger":
            want.append(("not found", (404,)))
        for what, statuses in want:
            if not any((method, path, s) in seen for s in statuses):
                print(f"{method.upper()} {path}: no {what}")
                missing += 1
print(f"{len(seen)} answers of {len(document['paths'])} paths", file=sys.stderr)
sys.exit(missing > 0)
