# shellcheck shell=bash disable=SC2154
# npm.bash - what software from npm says of ours.  It comes with "make
# third-party", which needs npm and the network.

# needs PACKAGE: it is there, and what runs it.
needs() {
	[[ -n $(command -v node) && -d $BZN_BUILD/npm/node_modules/$1 ]] ||
	    skip "no $1: make third-party"
	cp "$BZN_SRC/tests/third-party/"*.mjs "$BZN_BUILD/npm/"
}
