# shellcheck shell=bats disable=SC2154
load common

# A program with verbs, and what completion sees of it.
program() {
	mkdir -p fake
	cat >fake/bzn-fake <<-'END'
		#!/bin/sh
		tab=$(printf '\t')
		case $1 in
		lock)	echo "--buyer=${tab}who pays" ;;
		*)	echo "--home=${tab}state directory"
			echo "--help${tab}print this and exit"
			echo "lock${tab}hold money"
			echo "list${tab}what is held" ;;
		esac
	END
	chmod +x fake/bzn-fake
	PATH="$PWD/fake:$PATH"
	cp "$BZN_SRC/completions/bzn.bash" bzn-fake
}

# completes WANT WORD...: completing the last word offers WANT.
completes() {
	local want=$1
	shift
	run bash -c '. ./bzn-fake
	    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
	    _bzn "$1"
	    echo "${COMPREPLY[*]}"' - "$@"
	[[ $output == "$want" ]] || fail "$*: want '$want', got '$output'"
}

@test "bash completion asks the program, and its verb" {
	program
	completes "lock list" bzn-fake l
	completes "lock list" bzn-fake ""
	completes "--home= --help" bzn-fake --h
	completes "--buyer=" bzn-fake lock -
	completes "--home= --help" bzn-fake other --
	completes "" bzn-fake lock file
}

@test "every program answers completion" {
	local p

	for p in $(programs); do
		cp "$BZN_SRC/completions/bzn.bash" "$p"
		run bash -c '. "./$1"; COMP_WORDS=("$1" --vers) COMP_CWORD=1
		    _bzn "$1"; echo "${COMPREPLY[*]}"' - "$p"
		[[ $output == --version ]] || fail "$p: '$output'"
	done
}
