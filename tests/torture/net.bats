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
