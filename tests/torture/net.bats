# shellcheck shell=bats disable=SC2154
# Connections in numbers: spec/http.md 13.
load ../common

life() {
	ulimit -n 8192
	python3 "$BZN_SRC/tests/http/life.py" "$@"
}

@test "50,000 connects with 64 descriptors: it recovers" {
	life flood_large
}

@test "2,000 slow connections, on a clock that is moved" {
	life slow_crowd_large
}

@test "2,000 slow connections, by the clock, beside good requests" {
	life slow_in_time >&3
}

@test "nginx in front sees the requests that we see" {
	[[ -x /usr/sbin/nginx ]] || skip "no nginx here"
	python3 "$BZN_SRC/tests/http/differ.py" \
	    "$BZN_SRC/tests/http/table.tsv" "${BZN_SECONDS:-60}" >&3
}
