# shellcheck shell=bash disable=SC2034,SC2154
# faults.bash - a home whose disk fails: preload/fault.c stands between the
# programs, which are those that are shipped, and libc.

# A home below the directory of the test: bare, or made.  That a disk obeys is
# not what is tested here, so memory will do.
bare() {
	[[ -z $BZN_SAN ]] || skip "the sanitizers want to be loaded first"
	if [[ -w /dev/shm ]]; then
		ram=$(mktemp -d /dev/shm/bzn.XXXXXX)
		cd "$ram" || return 1
	fi
	export BZN_HOME="$PWD/home"
	mkdir "$BZN_HOME"
	clock=@1795161600000
	echo 'test_clock yes' >"$BZN_HOME/bzn.conf"
}

teardown() {
	cd / || return 1
	[[ -z ${ram-} ]] || rm -rf "$ram"
}

away() {
	bare
	home
}

# with FAULT COMMAND...: with that call failing; there is a file "hit" if so.
with() {
	local what=$1

	shift
	rm -f hit
	FAULT=$what FAULT_DIR=$BZN_HOME FAULT_HIT=$PWD/hit \
	    LD_PRELOAD=$BZN_BUILD/preload/fault.so "$@"
}

# noted COMMAND...: what it does to files, and says, goes to the file "log".
noted() {
	FAULT=${fault-} FAULT_DIR=$BZN_HOME FAULT_LOG=$PWD/log \
	    FAULT_HIT=$PWD/hit LD_PRELOAD=$BZN_BUILD/preload/fault.so "$@"
}
