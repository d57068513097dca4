# shellcheck shell=bats disable=SC2016,SC2086,SC2154
# What every program and every verb has in common, whatever it does.
load common

@test "--help: stdout, status 0, 80 columns, every option and verb" {
	local c o

	while read -r c; do
		run --separate-stderr $c --help
		[[ $status == 0 && -z $stderr && -n $output ]] ||
		    fail "$c --help: $status, '$stderr'"
		awk 'length > 80 { print; bad = 1 } END { exit bad }' \
		    <<<"$output" || fail "$c --help: over 80 columns"
		# Its words, one a line, and each option among them.
		tr ' ,[=' '\n' <<<"$output" >words
		is 0 "" "" awk 'FILENAME == "words" { has[$1]; next }
		{ sub(/=$/, "", $1) }
		!($1 in has)' words <($c --options)
	done < <(commands)
}

@test "--options: a name, a tab and help on every line" {
	local c

	while read -r c; do
		run --separate-stderr $c --options
		[[ $status == 0 && -z $stderr ]] || fail "$c --options: $stderr"
		! grep -Evx $'(--[a-z0-9-]+=?|[a-z][a-z0-9-]*)\t[^\t]+' \
		    <<<"$output" || fail "$c --options"
	done < <(commands)
}

@test "--version: the name and a version on stdout" {
	local c

	while read -r c; do
		run --separate-stderr $c --version
		[[ $status == 0 && -z $stderr &&
		    $output =~ ^"${c%% *}"\ [^\ ]+$ ]] ||
		    fail "$c --version: $status, '$output', '$stderr'"
	done < <(commands)
}

@test "an unknown option is a usage error, on stderr" {
	local c

	while read -r c; do
		is 2 "" "${c%% *}: unknown option '--qqqqqqqqq' (usage)" \
		    $c --qqqqqqqqq
		is 2 "" "${c%% *}: unknown option '--hel', did you mean \
--help? (usage)" $c --hel
	done < <(commands)
}

@test "an empty --home is no home, and never another one" {
	is 2 "" "bzn-ledger: --home: which directory? (usage)" \
	    env HOME="$PWD" bzn-ledger --home '' init --no-node
	is 2 "" "bzn-keygen: --home: which directory? (usage)" \
	    env HOME="$PWD" bzn-keygen --home= inspect
	[[ ! -e node.db && ! -e .local ]]
}

@test "without a home a verb says so, and does not die" {
	local c words

	while read -r c; do
		for words in "" x "x y"; do
			run --separate-stderr timeout 60 $c $words \
			    --home "$PWD/no/home" </dev/null
			[[ $status -le 10 ]] ||
			    fail "$c $words: $status, '$stderr'"
		done
		rm -rf no
	done < <(commands)
}

@test "an unknown verb is a usage error" {
	local p

	for p in $(programs); do
		[[ -n $(verbs "$p") ]] || continue
		run --separate-stderr "$p" no-such
		[[ $status == 2 && -z $output && $stderr == "$p: "*"(usage)" ]] ||
		    fail "$p no-such: $status, '$output', '$stderr'"
	done
}

@test "output that cannot be written is status 7" {
	local c o

	full() {
		"$@" >/dev/full
	}
	while read -r c; do
		for o in --help --version --options; do
			run --separate-stderr full $c $o
			[[ $status == 7 && $stderr == "${c%% *}: "*")" ]] ||
			    fail "$c $o >/dev/full: $status, '$stderr'"
		done
	done < <(commands)
}
