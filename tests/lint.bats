# shellcheck shell=bats disable=SC2154
# Does the lint see what it is for?  Each rule is broken once.
load common

# says WANT PATH TEXT: rules.awk, given a file of that text, says WANT, or
# nothing if it is empty.
says() {
	local status_want=0

	mkdir -p "${2%/*}"
	printf '%s\n' "$3" >"$2"
	run awk -f "$BZN_SRC/tests/lint/rules.awk" "$2"
	rm "$2"
	[[ -z $1 ]] || status_want=1
	[[ $status == "$status_want" && $output == *"$1"* &&
	    (-n $1 || -z $output) ]] || fail "$2: $3: $status, '$output'"
}

@test "lint: banned functions" {
	local f

	for f in strcpy strcat sprintf gets atoi strtok rand system alloca; do
		says "x.c:1: banned" lib/base/x.c "	a = $f(b);"
		says "" lib/base/x.c "	a = key_$f(b) + o->$f(c); /* $f(d) */"
		says "" lib/base/x.c "	a(\"$f(b)\");"
	done
	says "" lib/base/x.c $'/*\n * rand() is banned\n */'
	says "x.c:2: banned" lib/base/x.c $'/* a\n */ b = rand();'
	says "banned" lib/base/x.c "	c = '\"'; b = rand(); d = '\"';"
	says "banned" lib/base/x.c '	c("\""); b = rand();'
}

@test "lint: lib does not print, exit or read the environment" {
	local what

	for what in 'printf("")' 'fprintf(f, "")' 'puts("")' 'perror("")' \
	    'exit(1)' '_exit(1)' 'getenv("A")' 'secure_getenv("A")' \
	    'fflush(stdout)' 'write(STDERR_FILENO, a, 1)' 'isatty(0)'; do
		says "for lib/cli" lib/base/x.c "	$what;"
		says "for lib/cli" bin/bzn-x.c "	$what;"
		says "" lib/cli/x.c "	$what;"
	done
	says "" lib/base/x.c "	snprintf(a, 1, b);"
}

@test "lint: one library, one place" {
	local h place elsewhere

	while read -r h place elsewhere; do
		says "is for" "$elsewhere" "#include <$h>"
		says "" "$place" "#include <$h>"
	done <<-'END'
		sqlite3.h		lib/store/x.c		lib/ledger/x.c
		sodium.h		lib/crypto/x.c		lib/base/x.c
		openssl/evp.h		lib/crypto/x.c		lib/tlog/x.c
		secp256k1.h		lib/crypto/x.c		bin/bzn-x.c
		cJSON.h			lib/base/json_in.c	lib/base/buf.c
		cjson/cJSON.h		lib/base/json.c		lib/cli/x.c
		pcre2.h			lib/regex/regex.c	lib/market/x.c
		curl/curl.h		lib/net/x.c		lib/cli/x.c
		textcat.h		lib/validate/language.c	lib/market/x.c
		unicase.h		lib/base/x.c		lib/validate/x.c
		uv.h			lib/net/x.c		bin/bzn-x.c
	END
}

@test "lint: SQL stays out of C, doubles out of money" {
	local s m

	for s in 'SELECT a FROM b' 'INSERT INTO a' 'UPDATE a SET b = 1' \
	    'DELETE FROM a' 'CREATE TABLE a (b)' 'INSERT OR IGNORE'; do
		says "SQL belongs" lib/ledger/x.c "	run(\"$s\");"
		says "" lib/ledger/x.c "	/* \"$s\" */"
	done
	says "" lib/api/x.c '	{ "DELETE", "/v1/UPDATE" }, "SELECT" }'
	for m in ledger escrow settle market node; do
		says "money is" "lib/$m/x.c" "	double d;"
		says "money is" "lib/$m/x.h" "float f(void);"
		says "" "lib/$m/x.c" "	int doubled; /* double */"
	done
	says "money is" lib/base/amount_text.c "	(double)minor"
	says "" lib/base/json.c "	double d;"
}

@test "lint: time and randomness reach a rule as arguments" {
	says "reach a rule" lib/ledger/x.c "	now = time(NULL);"
	says "reach a rule" lib/escrow/x.c "	clock_gettime(C, &t);"
	says "" lib/base/clock.c "	clock_gettime(C, &t);"
	says "" lib/ledger/x.c "	due_time(a);"
}

@test "lint: long files say why" {
	local long

	long=$(printf 'int a;\n%.0s' {1..201})
	says "201 lines" bin/bzn-x.c "$long"
	says "" lib/base/x.c "$long"
	says "" bin/bzn-x.c "/* Over 200 lines because of verbs. */
$long"
	says "603 lines" lib/base/x.c "$long
$long
$long"
}

@test "lint: includes point down" {
	mkdir -p lib/base lib/store
	printf 'base:\nstore:\tbase\n' >LAYERS
	echo '#include "store/store.h"' >lib/base/a.c
	printf '#include "base/a.h"\n#include "sql.h"\n' >lib/store/a.c
	is 0 "" "" awk -f "$BZN_SRC/tests/lint/layers.awk" LAYERS lib/store/a.c
	is 1 "lib/base/a.c:1: base may not include store" "" \
	    awk -f "$BZN_SRC/tests/lint/layers.awk" LAYERS lib/base/a.c
	printf 'base:\tstore\nstore:\tbase\n' >LAYERS
	is 1 "LAYERS:1: store comes later: cycle" "" \
	    awk -f "$BZN_SRC/tests/lint/layers.awk" LAYERS lib/store/a.c
}

@test "lint: columns and blanks" {
	printf '%81s\n\t%72s\n%s\na \n' x y "/* é$(printf '%74s' z) */" >a.c
	is 1 $'a.c:1: over 80 columns\na.c:3: over 80 columns\na.c:4: blank at the end' "" \
	    env LC_ALL=C awk -f "$BZN_SRC/tests/lint/text.awk" a.c
}

@test "lint: foreign symbols and variables" {
	mkdir -p obj/lib/ledger obj/lib/base
	echo 'int ledger_a(void) { static int kept; return ++kept; }
	    int b(void) { return 0; } int post_c; const int ledger_d = 1;
	    int ledger; const char *const ledger_e[] = { "x" };' |
	    cc -fPIC -xc -c -o obj/lib/ledger/post_db.o -
	echo 'int base_a(void) { return 0; } int buf_a(void) { return 0; }' |
	    cc -xc -c -o obj/lib/base/buf.o -
	echo 'int buf_a(void) { return 1; }' |
	    cc -xc -c -o obj/lib/base/buf_more.o -
	sh "$BZN_SRC/tests/lint/symbols.sh" obj obj/lib/*/*.o >out &&
	    fail "status 0"
	is 0 "lib/base/buf: base_a has not the prefix buf_
lib/base/buf_more: buf_a is exported by lib/base/buf, too
lib/ledger/post_db: b has not the prefix post_
lib/ledger/post_db: kept is a variable of the whole program
lib/ledger/post_db: post_c is a variable of the whole program
lib/ledger/post_db: ledger is a variable of the whole program" "" cat out
}

@test "lint: a soft binary" {
	local what

	echo 'int other;' | cc -shared -xc - -o libother.so
	echo 'int main(void) { return 0; }' |
	    cc -no-pie -fno-stack-protector -g -O1 \
	    -Wl,-z,norelro,-z,execstack,-z,lazy,--no-as-needed \
	    -xc - -L. -lother -Wl,-rpath,"$PWD" -o soft
	run sh "$BZN_SRC/tests/lint/binary.sh" "$PWD" "$PWD/soft"
	[[ $status == 1 ]]
	for what in 'not a position-independent' 'no RELRO' 'not bound' \
	    'may be executed' 'no stack protector' 'no fortified' \
	    'without -O2' 'without -fPIE' 'without -ftrivial-auto' \
	    'holds the path' 'loads libother.so'; do
		[[ $output == *"soft: "*"$what"* ]] || fail "no '$what'"
	done
}

@test "lint: a page that is behind its program" {
	mkdir -p build/bin build/man
	cat >build/bin/bzn-fake <<-'END'
		#!/bin/sh
		case $1 in
		lock)	printf -- '--buyer=\twho pays\n--id=\tof it\n' ;;
		list)	printf -- '--all\tof them\n' ;;
		*)	printf -- '--home=\tDIR\nlock\thold\nlist\twhat is\n' ;;
		esac
	END
	chmod +x build/bin/bzn-fake
	cat >build/man/bzn-fake.1 <<-'END'
		.Dd November 20, 2026
		.Dt BZN-FAKE 1
		.Os
		.Sh NAME
		.Nm bzn-fake
		.Nd for a test
		.Sh SYNOPSIS
		.Nm
		.Op Fl -home Ar dir
		.Cm lock
		.Op Fl -buyer Ar id
	END
	is 1 "build/man/bzn-fake.1: lacks list of bzn-fake
build/man/bzn-fake.1: lacks --id of bzn-fake lock
build/man/bzn-fake.1: lacks --all of bzn-fake list" "" \
	    sh "$BZN_SRC/tests/lint/pages.sh" build
}
