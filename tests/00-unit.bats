# shellcheck shell=bats disable=SC2154
load common

@test "unit tests" {
	local t bad=0 ran=0

	for t in "$BZN_SRC"/tests/unit/*.c; do
		t=${t##*/} t=${t%.c}
		ran=$((ran + 1))
		if "$BZN_BUILD/unit/$t" >out.tap 2>err.txt; then
			sed -n "s/^ok .* # SKIP/# $t skips:/p
			    /^# [a-z0-9_. -]*[a-z][a-z0-9_. -]*: .*[0-9]/p" out.tap >&3
			continue
		fi
		echo "$t: status $?"
		grep '^not ok' out.tap || tail -n 5 out.tap
		tail -n 30 err.txt
		bad=$((bad + 1))
	done
	((ran > 0 && bad == 0))
}
