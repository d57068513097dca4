# shellcheck shell=bats disable=SC2119,SC2154
# kill -9 under load, and what was acknowledged: spec/http.md 13.
load common
load http
load kill

@test "kill -9 under load: nothing lost, nothing doubled" {
	killed 4
}
