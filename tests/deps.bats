# shellcheck shell=bats disable=SC2154
# What .ci/deps would do to a machine, with the machine's programs replaced.
load common

# fake NAME SCRIPT: a program that is found first.
fake() {
	mkdir -p fake
	printf '#!/bin/sh\n%s\n' "$2" >"fake/$1"
	chmod +x "fake/$1"
	PATH="$PWD/fake:$PATH"
}

# Everything is installed but the packages in $1; apt-get writes to log.
machine() {
	fake dpkg-query "shift 3
	    for p; do case ' $1 ' in *\" \$p \"*) ;;
	    *) echo \"installed \$p\";; esac; done"
	fake apt-get "echo \"\$DEBIAN_FRONTEND apt-get \$*\" >>'$PWD/log'"
	fake id 'echo 0'
}

@test "deps: with everything there, apt is not called" {
	machine ""
	is 0 "" "" sh "$BZN_SRC/.ci/deps" build run check clang analyze
	[[ ! -e log ]]
}

@test "deps: only what is missing is installed, and nothing removed" {
	machine "bats jq"
	is 0 "" "deps: installing bats" sh "$BZN_SRC/.ci/deps" build check
	tail -n 1 log >last
	is 0 1 "" grep -c '^noninteractive apt-get .* install -y --no-install-recommends --no-remove bats$' last
}

@test "deps: what apt complains of is shown, and is an error" {
	machine "jq"
	fake apt-get 'echo "apt: $*"; exit 100'
	run --separate-stderr sh "$BZN_SRC/.ci/deps" run
	[[ $status == 1 && -z $output && $stderr == *"apt: "*" update"* &&
	    $stderr == *"deps: apt could not install jq" ]]
}

@test "deps: an unknown section is an error" {
	machine ""
	is 2 "" "deps: no section chek" sh "$BZN_SRC/.ci/deps" chek
}

@test "deps: DEPS=no leaves the machine alone" {
	machine "gcc"
	is 0 "" "" env DEPS=no sh "$BZN_SRC/.ci/deps" build
	[[ ! -e log ]]
}

@test "deps: without root or sudo it says what is missing" {
	machine "gcc"
	fake id 'echo 1000'
	mkdir bin
	for p in sh awk sed grep find env mktemp rm; do
		ln -s "$(command -v "$p")" "bin/$p"
	done
	is 1 "" $'deps: installing gcc\ndeps: no sudo here: install them as root' \
	    env PATH="$PWD/fake:$PWD/bin" sh "$BZN_SRC/.ci/deps" build
}
