#!/usr/bin/python3
"""uptime.py FROM TO: how long was each node up, by the log alone?

Reads what "bzn-ledger export ndjson" prints; FROM and TO are milliseconds
since 1970.  Prints node, family, and milliseconds of up, degraded, down and
unknown, one line each; it knows nothing of maintenance, nor of who stopped
to look after the last change.
"""
import json
import sys

STATES = ('up', 'degraded', 'down', 'unknown')


def main():
    begin, end = int(sys.argv[1]), int(sys.argv[2])
    changes = {}
    for line in sys.stdin:
        entry = json.loads(line)['entry']
        if entry.get('type') != 'health.state':
            continue
        data = entry['data']
        seen = changes.setdefault((data['node'], data['family']), [])
        before = seen[-1] if seen else (None, 'unknown')
        if data['from'] != before[1]:
            sys.exit(f'entry {entry["seq"]} goes on from {data["from"]}, '
                     f'but it was {before[1]}')
        if seen and data['effective_ms'] < before[0]:
            sys.exit(f'entry {entry["seq"]} goes back')
        seen.append((data['effective_ms'], data['state']))
    for (node, family), seen in sorted(changes.items()):
        total = dict.fromkeys(STATES, 0)
        for (at, state), (to, _) in zip([(begin, 'unknown')] + seen,
                                        seen + [(end, '')]):
            total[state] += max(0, min(to, end) - max(at, begin))
        print(node, family, *(total[s] for s in STATES))


main()
