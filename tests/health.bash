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

# A few nodes of every kind: probed each six hours, the last time now.
ward() {
	echo 'health_check_interval 6h' >>bzn.conf
	python3 - "$now" <<-'END' | health .
		import json, sys
		now = int(sys.argv[1])
		step = 21600
		def put(**fields):
		    print(json.dumps({k.rstrip("_"): v
			for k, v in fields.items()}))
		def node(id, name, found, **more):
		    put(node=id, name=name, found=found, every=step,
			from_=now - (len(found) - 1) * step * 1000, **more)
		put(maint="kernel <b>", from_=now + 86400000,
		    to=now + 93600000)
		put(maint="disks", from_=now - 3600000, to=now + 3600000,
		    node="d")
		node("c", "gone & back", 60 * "o" + 4 * "f" + 200 * "o" +
		    "ssss" + 14 * "o")
		put(node="9", name="quiet", found="oooo", every=step,
		    from_=now - 40 * step * 1000)
		node("f6", "both", 40 * "o")
		node("f6", "both", 40 * "o" + "ffff", family="v6")
		node("d", "mended", 40 * "o" + "ffff")
		node("b", "down <i>", 40 * "o" + "ffff")
		node("e", "slow", 40 * "o" + "ssss")
		node("a", "well", 40 * "o")
	END
}

# Names that would run, if they could; each at most 128 bytes.
payloads() {
	python3 "$BZN_SRC/tests/tools/face.py" payloads "$now"
}

# in_chromium DIR: nothing runs, is asked for, complained of or too wide that
# must not be, and all is there without scripts; what was counted is in "seen".
in_chromium() {
	command -v chromium >/dev/null || skip "NOT RUN: no chromium"
	timeout 120 python3 "$BZN_SRC/tests/tools/chrome.py" "$@" >seen
	jq -e '.executed == 0 and .left_origin == 0 and .console == 0 and
	    .csp_violations == 0 and .unfit == 0 and .rows_bare == .rows' \
	    seen || fail "$(<seen)"
	echo "# $(<seen)" >&3
}
