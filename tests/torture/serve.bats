# shellcheck shell=bats disable=SC2119,SC2154
# bzn-serve, killed and killed again under load: spec/http.md 13.
load ../common
load ../http
load ../kill

@test "kill -9 under load, time and again" {
	killed "${BZN_KILLS:-100}"
}

@test "the same on a slow disk: more is under way when it dies" {
	[[ -z $BZN_SAN ]] || skip "the sanitizers want to be loaded first"
	slow() {
		FAULT_DIR=$BZN_HOME FAULT_SYNC_US=5000 \
		    LD_PRELOAD=$BZN_BUILD/preload/fault.so "$@"
	}
	killed "${BZN_KILLS:-100}" slow
}

@test "1,000 who listen see one order" {
	ulimit -n 8192
	grid
	serve
	/usr/bin/python3 "$BZN_SRC/tests/http/stream.py" many "$url" \
	    "$BZN_HOME" 1000
}
