#!/bin/sh
# complete.sh PROGRAM... - each has a page and a bats file.
bad=0
for p; do
	for f in "man/$p.1" "tests/$p.bats"; do
		[ -e "$f" ] || { echo "$f: missing"; bad=1; }
	done
done
exit $bad
