#!/bin/sh
# binary.sh SOURCEDIR PROGRAM... - what the linker and the loader see of each:
# hardening, libraries, and no path of the machine that built it.
src=$1
shift
here=${0%/*}
bad=0

complain() {
	echo "${p##*/}: $*"
	bad=1
}

# want TEXT WHAT: the last readelf said TEXT (a regular expression).
want() {
	echo "$elf" | grep -Eq "$1" || complain "$2"
}

case $(uname -m) in
x86_64)	branch=-fcf-protection=full landing='endbr64' ;;
aarch64) branch=-mbranch-protection=standard landing='paciasp|bti' ;;
*)	branch='' landing=. ;;
esac

# flags: those that are missing from some compile unit's own record of them.
# Only gcc keeps one, and only with -g.
flags() {
	readelf --debug-dump=info --dwarf-depth=1 "$1" 2>/dev/null |
	    awk -v wanted="-O2 -fstack-protector-strong \
-fstack-clash-protection -fno-strict-aliasing -fno-delete-null-pointer-checks \
-fno-strict-overflow -fPIE -ftrivial-auto-var-init=zero $branch" '
	    BEGIN { n = split(wanted, want) }
	    /DW_AT_producer.*GNU C/ {
		for (i = 1; i <= n; i++)
			if (!index($0 " ", " " want[i] " "))
				lacks[want[i]]
	    }
	    END { for (i in lacks) print i }'
}

for p; do
	elf=$(LC_ALL=C readelf -W -h -l -d "$p")
	want 'Type: +DYN \(Pos' 'not a position-independent executable'
	want 'GNU_RELRO' 'no RELRO'
	want 'BIND_NOW|FLAGS_1.*NOW' 'not bound at start (-z now)'
	want 'GNU_STACK.* RW ' 'the stack may be executed'
	elf=$(LC_ALL=C readelf -W --dyn-syms "$p")
	want '__stack_chk_fail' 'no stack protector'
	want '__[a-z]+_chk(@| |$)' 'no fortified function'
	objdump -d --disassemble=main "$p" | grep -Eq "$landing" ||
	    complain 'no branch protection'
	for flag in $(flags "$p"); do
		complain "compiled without $flag"
	done
	if grep -qF "$src" "$p"; then
		complain "holds the path $src"
	fi

	# shellcheck disable=SC2254 # the list's names are patterns
	for lib in $(LC_ALL=C ldd "$p" | awk '{ print $1 }'); do
		lib=${lib##*/}
		while read -r pattern names; do
			case ${p##*/} in
			$pattern) ;;
			*) continue ;;
			esac
			case " $names " in
			*" ${lib%%.so*} "*) continue 2 ;;
			esac
		done <"$here/ldd.allow"
		complain "loads $lib, which ldd.allow does not list"
	done
done
exit $bad
