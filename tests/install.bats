# shellcheck shell=bats disable=SC2154
load common

# The same make, with the same variables, as the one that runs this.
makes() {
	eval "env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL ${BZN_MAKE:-make} -s \
	    -C \"\$BZN_SRC\" DEPS=no \"\$@\""
}

@test "install puts everything in place, uninstall takes it away" {
	local dest=$PWD/dest p f

	makes install DESTDIR="$dest" PREFIX=/usr
	for p in $(programs); do
		cmp "$dest/usr/bin/$p" "$BZN_BUILD/bin/$p"
		[[ -x $dest/usr/bin/$p ]]
		[[ -s $dest/usr/share/bash-completion/completions/$p ]]
		[[ -s $dest/usr/share/fish/vendor_completions.d/$p.fish ]]
	done
	[[ -s $dest/usr/share/zsh/site-functions/_bzn ]]
	for f in "$BZN_SRC"/man/*.[1-8]; do
		[[ -e $f ]] || continue
		f=${f##*/}
		[[ -s $dest/usr/share/man/man${f##*.}/$f ]] || fail "no $f"
		! grep '^\.\\" @' "$dest/usr/share/man/man${f##*.}/$f" ||
		    fail "$f is not filled in"
	done
	for f in "$BZN_SRC"/examples/*; do
		[[ -e $f ]] || continue
		cmp "$f" "$dest/usr/share/doc/bzn/examples/${f##*/}"
	done
	is 0 "" "" find "$dest" -perm /022 ! -type l

	makes uninstall DESTDIR="$dest" PREFIX=/usr
	is 0 "" "" find "$dest" -type f
}

@test "the list of exit statuses in bzn(7) comes from err.def" {
	[[ -e $BZN_SRC/man/bzn.7 ]] || skip "no bzn(7)"
	grep -A1 '^\.It 9$' "$BZN_BUILD/man/bzn.7" | grep -q refused
	grep -q '^.It Li insufficient_funds$' "$BZN_BUILD/man/bzn.7"
}
