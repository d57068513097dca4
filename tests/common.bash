# shellcheck shell=bash disable=SC2154
# common.bash - sourced by every suite.
#
# BZN_BUILD	what is tested; "make check" says, build/ otherwise
# BZN_SAN	the sanitizers in it, if any
# BZN_VECTORS	third-party test vectors: a folder beside the sources unless
#		given
bats_require_minimum_version 1.5.0

BZN_SRC=$(readlink -m "${BASH_SOURCE[0]%/*}/..")
BZN_BUILD=$(readlink -m "${BZN_BUILD:-$BZN_SRC/build}")
BZN_VECTORS=$(readlink -m "${BZN_VECTORS:-$BZN_SRC/../shared/vectors}")
export BZN_SRC BZN_BUILD BZN_VECTORS

setup() {
	export PATH="$BZN_BUILD/bin:$BZN_BUILD/tools:$PATH"
	export LC_ALL=C NO_COLOR=1
	export BZN_HOME="$BATS_TEST_TMPDIR"
	cd "$BATS_TEST_TMPDIR" || return 1
}

# is STATUS OUT ERR COMMAND...: one assertion about all three results.
is() {
	local status_want=$1 out_want=$2 err_want=$3
	shift 3
	run --separate-stderr "$@"
	if [[ $status != "$status_want" || $output != "$out_want" ||
	    $stderr != "$err_want" ]]; then
		printf 'want %s\nout: %s\nerr: %s\n' "$status_want" \
		    "$out_want" "$err_want"
		printf 'got  %s\nout: %s\nerr: %s\n' "$status" \
		    "$output" "$stderr"
		return 1
	fi
}

# fail TEXT...: so that the reason is in the report.
fail() {
	printf '%s\n' "$*"
	return 1
}

# programs: their names, one a line.
programs() {
	find "$BZN_BUILD/bin" -type f -perm -1 -printf '%f\n' | sort
}

# verbs PROGRAM: its verbs, one a line; none for most.
verbs() {
	"$1" --options | cut -f1 | grep -v '^--' || true
}

# commands: a line for every program, and for every verb of it.
commands() {
	local p v

	for p in $(programs); do
		echo "$p"
		for v in $(verbs "$p"); do
			echo "$p $v"
		done
	done
}

# vectors SUITE: set $vectors to its folder; without it the test is skipped.
vectors() {
	vectors=$BZN_VECTORS/$1
	[[ -d $vectors ]] || skip "no $1 in \$BZN_VECTORS"
}
