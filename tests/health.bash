# shellcheck shell=bash disable=SC2034
# health.bash - a store with health in it, and a clock that stands.
#
# now	the moment, in ms; ago N is N seconds before it

export now=1795780800000	# 2026-11-27T12:00:00Z

ago() {
	echo $((now - $1 * 1000))
}

# A home in whose log there is nothing yet.
sickbay() {
	echo 'test_clock yes' >bzn.conf
	bzn-ledger init --no-node --origin ledger.example/try \
	    --now 2026-08-01 >made
}

# bzn-ping at that moment.
ping_now() {
	local verb=$1

	shift
	bzn-ping "$verb" --now @$now "$@"
}

# probed NODE NAME FOUND [FIELDS]: the last probe of it was now.
probed() {
	local n=$((${#3} - 1))

	printf '{"node":"%s","name":"%s","found":"%s","from":%s%s}\n' \
	    "$1" "$2" "$3" "$(ago $((n * 120)))" "${4:+,$4}"
}
