# shellcheck shell=bats disable=SC2154
# What a program can still do once it has entered the sandbox: the acts are in
# tests/tools/box.c, which tries each outside and inside.
load common

# level: what this kernel has, "none" to "full".
level() {
	box --version -v | sed -n 's/^sandbox: \(.*\), landlock .*/\1/p'
}

# full: or the test is skipped, and the table is shown.
full() {
	local level

	level=$(level)
	[[ $level == full ]] && return
	box forbidden >&3
	skip "the sandbox is: $level"
}

# version: that of Landlock.
version() {
	box --version -v | sed -n 's/.*, landlock //p'
}

# blocks ALL|N ARGUMENT...: so many acts, and those that the level is for.
blocks() {
	local n=$1 all

	shift
	run --separate-stderr box forbidden "$@"
	all=${lines[-1]##* }
	[[ $n != ALL ]] || n=$all
	[[ $status == 0 && -z $stderr && $all -ge 20 &&
	    ${lines[-1]} == "blocked: "*" of $all" ]] ||
	    fail "$status: $output $stderr"
	[[ ${lines[-1]} == "blocked: $n of $all" ]] ||
	    fail "not $n are blocked: $output"
}

@test "every forbidden act is blocked, which outside is not" {
	full
	blocks ALL
	# To root all is free, but in a chroot there is no unshare(2).
	if ((EUID == 0)) && grep -v '^unshare' <<<"$output" |
	    grep -E '^.{23}(EACCES|EPERM)'; then
		fail "not free outside"
	fi
}

@test "who may connect is held back from all else" {
	full
	blocks ALL --connect
	is 0 "allowed: 16 of 16" "" box allowed --connect \
	    <<<content 9< <(echo content)
}

@test "the same with each older Landlock" {
	local abi

	full
	for ((abi = $(version); abi; abi--)); do
		blocks ALL --abi "$abi"
		blocks ALL --abi "$abi" --connect
	done
}

@test "with one half alone, what is its business is blocked" {
	local table

	full
	run -0 box forbidden --without landlock
	table=$output
	is 0 1 "" grep -cE "^read another's file +done +done$" <<<"$table"
	is 0 1 "" grep -cE '^exec +done +(EPERM|killed)$' <<<"$table"
	run -0 box forbidden --without seccomp
	table=$output
	is 0 1 "" grep -cE "^read another's file +done +EACCES$" <<<"$table"
	is 0 1 "" grep -cE '^fork +done +done$' <<<"$table"
}

@test "what programs need is allowed, at each level" {
	local abi

	full
	for abi in '' 1 2 3 4 5 6; do
		is 0 "allowed: 16 of 16" "" box allowed ${abi:+--abi "$abi"} \
		    <<<content 9< <(echo content)
	done
	for abi in landlock seccomp; do
		is 0 "allowed: 16 of 16" "" box allowed --without "$abi" \
		    <<<content 9< <(echo content)
	done
}

@test "abort() is still one" {
	run box abort
	[[ $status == 134 ]] || fail "$status"
}

@test "--require-sandbox: less is status 5; -v tells the level" {
	full
	is 5 "" "box: the sandbox is not complete here, but only: calls only \
(no_sandbox)" box allowed --require-sandbox --without landlock
	is 5 "" "box: the sandbox is not complete here, but only: files only \
(no_sandbox)" box allowed --require-sandbox --without seccomp
	is 0 "allowed: 16 of 16" "box: sandbox: full" \
	    box allowed -v --require-sandbox <<<content 9< <(echo content)
	is 0 "allowed: 16 of 16" "box: sandbox: calls only" \
	    box allowed -v --without landlock <<<content 9< <(echo content)
}

@test "to write a file is to write in its directory, which has to be there" {
	full
	mkdir a b
	touch a/there
	is 0 "" "" box write a a/new
	is 0 "" "" box write a/there a/temp
	is 0 "" "" box write a/not-yet a/temp
	is 0 "" "" box write not-yet temp
	is 0 "" "" box write / a/temp
	is 5 "" "box: cannot open it: Permission denied (denied)" \
	    box write a/there b/new
	is 5 "" "box: cannot open it: Permission denied (denied)" \
	    box write a new
	is 4 "" "box: cannot open 'no': No such file or directory (no_file)" \
	    box write no/file a/new
}

@test "--version tells with -v what the kernel has" {
	run --separate-stderr box --version -v
	[[ $status == 0 && -z $stderr && ${#lines[@]} == 2 &&
	    ${lines[1]} =~ ^sandbox:\ (none|files\ only|calls\ only|full),\ \
landlock\ [0-9]+$ ]] || fail "$output"
}
