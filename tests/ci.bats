# shellcheck shell=bats disable=SC2154
# Does .ci/run tell the truth?  It is run with another make.
load common

# ci STATUS LAST MAKE: what it says, when make is the script MAKE.
ci() {
	mkdir -p clone/.ci fake
	cp "$BZN_SRC/.ci/run" clone/.ci/
	printf '#!/bin/sh\n%s\n' "$3" >fake/make
	printf '#!/bin/sh\n%s\n' "${GIT:-exit 0}" >fake/git
	chmod +x fake/make fake/git
	run env PATH="$PWD/fake:$PATH" clone/.ci/run
	[[ $status == "$1" && ${lines[-1]} == "$2" ]] ||
	    fail "$status, '$output'"
}

@test "ci: counts the tests, but not those that were skipped" {
	ci 0 "2 passed, 0 failed" 'case $* in
	*check) echo 1..3; echo ok 1 a; echo "ok 2 b # skip no c"
		echo ok 3 d; echo "# ok 4 e" ;;
	esac'
}

@test "ci: a test, a step, or tests that did not run, are failures" {
	ci 1 "1 passed, 1 failed" 'case $* in
	*check) echo 1..2; echo ok 1 a; echo not ok 2 b; exit 1 ;;
	esac'
	ci 1 "1 passed, 1 failed" 'case $* in
	*check) echo 1..1; echo ok 1 a ;;
	*)	exit 2 ;;
	esac'
	ci 1 "1 passed, 1 failed" 'case $* in
	*check) echo 1..3; echo ok 1 a ;;
	esac'
	ci 1 "1 passed, 2 failed" 'case $* in
	*check) echo 1..3; echo ok 1 a; exit 1 ;;
	esac'
	GIT='echo " M Makefile"' ci 1 "1 passed, 1 failed" 'case $* in
	*check) echo 1..1; echo ok 1 a ;;
	esac'
}

@test "ci: a run without tests has failed" {
	ci 1 "0 passed, 1 failed" 'exit 0'
	ci 1 "0 passed, 1 failed" 'case $* in
	*check) echo 1..1; echo "ok 1 a # skip" ;;
	esac'
}
