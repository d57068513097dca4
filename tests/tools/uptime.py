#!/usr/bin/python3
"""uptime.py FROM TO: how long was each node up, by the log alone?

Reads what "bzn-ledger export ndjson" prints; FROM and TO are milliseconds
since 1970.  Prints node, family, and milliseconds of up, degraded, down and
unknown, one line each, without what was maintenance; it knows nothing of who
stopped to look after the last change.
"""
import json
import sys
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

STATES = ('up', 'degraded', 'down', 'unknown')
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def weeks(data, begin, end):
    """The windows of each week that may touch this time."""
    zone = ZoneInfo(data['zone'])
    day = (EPOCH + timedelta(milliseconds=begin) - timedelta(days=9)).date()
    last = (EPOCH + timedelta(milliseconds=end) + timedelta(days=2)).date()
    while day <= last:
        if day.isoweekday() % 7 == data['weekday']:
            hour, minute = divmod(data['minute'], 60)
            at = datetime(day.year, day.month, day.day, hour, minute,
                          tzinfo=zone)
            at = (at - EPOCH) // timedelta(milliseconds=1)
            if at >= data['from_ms']:
                yield at, at + data['length_ms']
        day += timedelta(days=1)


def windows(maint, node, begin, end):
    """What was maintenance of a node, in order and merged."""
    cut = []
    for data in maint.values():
        if data['node'] not in ('all', node):
            continue
        over = data.get('to_ms', end)
        for a, b in (weeks(data, begin, end) if 'weekday' in data else
                     [(data['from_ms'], over)]):
            if a < min(b, over):
                cut.append((a, min(b, over)))
    merged = []
    for a, b in sorted(cut):
        if merged and a <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], b)
        else:
            merged.append([a, b])
    return merged


def overlap(a, b, c, d):
    return max(0, min(b, d) - max(a, c))


def main():
    begin, end = int(sys.argv[1]), int(sys.argv[2])
    changes, maint = {}, {}
    for line in sys.stdin:
        entry = json.loads(line)['entry']
        data = entry.get('data')
        if entry.get('type') == 'health.maintenance':
            maint[data['maintenance']] = data
        elif entry.get('type') == 'health.maintenance_end':
            maint[data['maintenance']]['to_ms'] = data['ended_ms']
        if entry.get('type') != 'health.state':
            continue
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
        cut = windows(maint, node, begin, end)
        for (at, state), (to, _) in zip([(begin, 'unknown')] + seen,
                                        seen + [(end, '')]):
            at, to = max(at, begin), min(to, end)
            total[state] += max(0, to - at) - sum(
                overlap(at, to, *w) for w in cut)
        print(node, family, *(total[s] for s in STATES))


main()
