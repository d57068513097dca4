# shellcheck shell=bash disable=SC2034,SC2153
# toy.bash - a toy server (tests/tools/toy.c) beside a test.

# toy ARG...: start it, and wait until it listens: $url.
toy() {
	coproc TOY { exec toy "$@" 2>toy.err 3>&-; }
	toy_pid=$TOY_PID toy_in=${TOY[1]} toy_out=${TOY[0]}
	read -r -t 20 url <&"$toy_out" || { cat toy.err; return 1; }
}

# order WORDS...: a command; what it answers is in $answer.
order() {
	echo "$*" >&"$toy_in"
	read -r -t 20 answer <&"$toy_out"
}

# toy_end: stop it, however it goes.
toy_end() {
	[ -n "${toy_pid:-}" ] || return 0
	kill -9 "$toy_pid" 2>/dev/null
	wait "$toy_pid" 2>/dev/null
	toy_pid=
}
