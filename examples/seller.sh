#!/bin/sh
# seller.sh [-1] NODE COMMAND [ARGUMENT...] - sell what a command does.
#
# What somebody has bought of the node is claimed, its input, a JSON object,
# goes into the command, and the JSON object that comes out is delivered; if
# none does, the buyer gets the money back.  Looks again every five seconds;
# with -1 it looks once, for cron.
#
#	sh seller.sh bob sh -c 'jq -r .text | wc -w | jq "{words: .}"'
#
# Any number of these may run side by side: of one task only one claim is
# good.  What was claimed by one that was then killed goes back to the buyer
# when its time is up.
set -u

once=
if [ "${1-}" = -1 ]; then
	once=yes
	shift
fi
if [ $# -lt 2 ]; then
	echo "usage: seller.sh [-1] node command [argument ...]" >&2
	exit 2
fi
node=$1
shift
place=$(mktemp -d) || exit
trap 'rm -rf "$place"' EXIT
trap 'exit 1' HUP INT TERM

# work TASK COMMAND...
work() {
	task=$1
	shift
	bzn-escrow show "$task" | jq -c .input >"$place/in"
	if "$@" <"$place/in" >"$place/out" &&
	    jq -e 'type == "object"' "$place/out" >"$place/is" 2>&1; then
		bzn-escrow complete "$task" --as "$node" \
		    --output "$place/out" >"$place/said"
	else
		echo "seller.sh: task $task: no result" >&2
		bzn-escrow refund "$task" --as "$node" >"$place/said"
	fi
}

while :; do
	bzn-escrow list --seller "$node" --status OPEN >"$place/open" || exit
	for open in $(jq -r .task_id "$place/open"); do
		if bzn-escrow claim "$open" --as "$node" >"$place/said" \
		    2>"$place/why"; then
			work "$open" "$@"
		elif ! grep -q '(already_claimed)$' "$place/why"; then
			cat "$place/why" >&2
		fi
	done
	[ -z "$once" ] || exit 0
	sleep 5
done
