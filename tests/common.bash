# shellcheck shell=bash disable=SC2154,SC2034,SC2119,SC2120
# common.bash - sourced by every suite.
#
# BZN_BUILD	what is tested; "make check" says, build/ otherwise
# BZN_SAN	the sanitizers in it, if any
# BZN_VECTORS	third-party test vectors: a folder beside the sources unless
#		given
bats_require_minimum_version 1.5.0

BZN_SRC=$(readlink -m "${BASH_SOURCE[0]%/*}/..")
BZN_BUILD=$(readlink -m "${BZN_BUILD:-$BZN_SRC/build}")
BZN_VECTORS=$(readlink -m "${BZN_VECTORS:-$BZN_SRC/../shared/vectors}")
export BZN_SRC BZN_BUILD BZN_VECTORS

setup() {
	export PATH="$BZN_BUILD/bin:$BZN_BUILD/tools:$PATH"
	export LC_ALL=C NO_COLOR=1
	export BZN_HOME="$BATS_TEST_TMPDIR"
	cd "$BATS_TEST_TMPDIR" || return 1
}

eval "bats_$(declare -f run)"

# run [OPTION...] COMMAND...: as that of bats, but in a quarter of the time if
# the streams are apart: it is called thousands of times.  The trap that bats
# has on every line of a shell is what takes the most.
run() {
	local flags=$- err=${BATS_TEST_TMPDIR:-$BATS_FILE_TMPDIR}

	err+=/separate-stderr
	[[ $1 == --separate-stderr ]] || {
		bats_run "$@"
		return
	}
	set +eET
	shift
	output=$("$@" 2>"$err")
	status=$?
	stderr=$(<"$err")
	IFS=$'\n' read -d '' -r -a lines <<<"$output"
	IFS=$'\n' read -d '' -r -a stderr_lines <<<"$stderr"
	set "-$flags"
}

# is STATUS OUT ERR COMMAND...: one assertion about all three results.
is() {
	local status_want=$1 out_want=$2 err_want=$3

	shift 3
	run --separate-stderr "$@"
	if [[ $status != "$status_want" || $output != "$out_want" ||
	    $stderr != "$err_want" ]]; then
		printf 'want %s\nout: %s\nerr: %s\n' "$status_want" \
		    "$out_want" "$err_want"
		printf 'got  %s\nout: %s\nerr: %s\n' "$status" \
		    "$output" "$stderr"
		return 1
	fi
}

# fail TEXT...: so that the reason is in the report.
fail() {
	printf '%s\n' "$*"
	return 1
}

# home [LINE...]: make the home, on a clock that the test sets; the lines
# are for its bzn.conf.
home() {
	clock=@1795161600000	# 2026-11-20T08:00:00Z
	printf '%s\n' 'test_clock yes' "$@" >"$BZN_HOME/bzn.conf"
	at bzn-ledger init --no-node --origin ledger.example/test >made.json
}

# at PROGRAM...: run it at the moment that the clock shows.
at() {
	local program=$1

	shift
	"$program" --now "$clock" "$@"
}

# pass SECONDS: set the clock forward.
pass() {
	clock=@$((${clock#@} + $1 * 1000))
}

# mint ACCOUNT AMOUNT [OPTION...]
mint() {
	at bzn-ledger transfer MINT "$1" "$2" TCK --type CREDIT_ISSUE \
	    "${@:3}" >/dev/null
}

# funded: a home where alice has 100.00, by entry m1.
funded() {
	home
	mint alice 100 --id m1
}

# answers: solutions for the challenges on standard input.
answers() {
	jq -c '{node_id, solution: ([.payload[] | select(. as $n |
	    all(range(2; $n); $n % . > 0))] | add / 2 | tostring)}'
}

# member NODE...: register them, at 100.00 each.
member() {
	printf '{"node_id":"%s"}\n' "$@" | at bzn-node challenge | answers |
	    at bzn-node register >/dev/null
}

# early NODE: registered with a token of early access.
early() {
	local token

	token=$(at bzn-node signup --email "$1@example.org" |
	    jq -r .signup_token)
	printf '{"node_id":"%s"}\n' "$1" | at bzn-node challenge | answers |
	    jq -c --arg t "$token" '.signup_token = $t' |
	    at bzn-node register >registered
}

# offer NODE PRICE: publish a skill, and print its id.
offer() {
	at bzn-market publish --provider "$1" --price "$2" --label work |
	    jq -r .skill_id
}

# buy NODE SKILL: lock its price, and print the task's id.
buy() {
	echo '{"text":"a b"}' | at bzn-escrow lock --buyer "$1" --skill "$2" \
	    --input - | jq -r .task_id
}

# trade: a home where alice has bought $skill of bob: $task, $escrow.
trade() {
	home
	member alice bob
	skill=$(offer bob 10)
	task=$(buy alice "$skill")
	escrow=$(bzn-escrow show "$task" | jq -r .escrow_id)
}

# deliver TASK [OUTPUT]
deliver() {
	echo "${2:-{\"words\":2\}}" | at bzn-escrow complete "$1" --output - \
	    >/dev/null
}

# has ACCOUNT AMOUNT [UNIT]
has() {
	local got

	got=$(bzn-ledger balance "$1" --unit "${3:-TCK}" | jq -r .balance)
	[[ $got == "$2" ]] || fail "$1 has '$got', not $2"
}

# sound: every entry is what it was, and the books balance.
sound() {
	is 0 "" "" bzn-ledger verify -q
	run --separate-stderr bzn-ledger reconcile
	[[ $status == 0 && -z $stderr && $output == '{"valid":true,'* ]] ||
	    fail "reconcile: $status, '$output', '$stderr'"
}

# keeps COMMAND...: it leaves no trace in the store.
keeps() {
	local before after

	before=$(sqlite3 node.db .dump)
	"$@" || return 1
	after=$(sqlite3 node.db .dump)
	[[ $before == "$after" ]] || fail "$*: the store has changed"
}

# tamper SQL: behind the ledger's back, guards and all.
tamper() {
	local guards

	guards=$(sqlite3 node.db "SELECT sql || ';' FROM sqlite_schema
	    WHERE type = 'trigger'")
	sqlite3 node.db "$(sqlite3 node.db "SELECT 'DROP TRIGGER ' || name ||
	    ';' FROM sqlite_schema WHERE type = 'trigger'")
	    PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;
	    $1; $guards"
}

# aged STEPS ID: leave of the store what a program with so many steps would
# have made; ID is its application_id.  Sets $now, the steps of this program.
aged() {
	local steps table columns

	steps=("$BZN_SRC"/lib/store/schema/*.sql)
	now=${#steps[@]}
	sqlite3 "$BZN_HOME/node.db" .dump >dump.sql
	sqlite3 new.db <dump.sql
	rm "$BZN_HOME"/node.db*
	awk -v kind=plain -f "$BZN_SRC/lib/store/embed.awk" \
	    "${steps[@]:0:$1}" >steps.sql
	{
		echo "PRAGMA journal_mode = WAL; PRAGMA application_id = $2;"
		cat steps.sql
		echo "ATTACH 'new.db' AS new; DELETE FROM store_meta; BEGIN;"
		sqlite3 new.db .tables | xargs -n1 | while read -r table; do
			grep -q "^CREATE TABLE $table " steps.sql || continue
			columns=$(sqlite3 :memory: '.read steps.sql' \
			    "SELECT group_concat(name)
			    FROM pragma_table_info('$table')")
			echo "INSERT INTO $table ($columns) SELECT $columns
			    FROM new.$table;"
		done
		echo 'COMMIT; PRAGMA wal_checkpoint(TRUNCATE);'
	} >age.sql
	sqlite3 "$BZN_HOME/node.db" <age.sql >out
	is 0 "$1" "" sqlite3 "$BZN_HOME/node.db" 'PRAGMA user_version'
	rm new.db dump.sql steps.sql age.sql
}

# programs: their names, one a line.
programs() {
	find "$BZN_BUILD/bin" -type f -perm -1 -printf '%f\n' | sort
}

# verbs PROGRAM: its verbs, one a line; none for most.
verbs() {
	"$1" --options | cut -f1 | grep -v '^--' || true
}

# commands: a line for every program, and for every verb of it.
commands() {
	local p v

	for p in $(programs); do
		echo "$p"
		for v in $(verbs "$p"); do
			echo "$p $v"
		done
	done
}

# vectors SUITE: set $vectors to its folder; without it the test is skipped.
vectors() {
	vectors=$BZN_VECTORS/$1
	[[ -d $vectors ]] || skip "no $1 in \$BZN_VECTORS"
}

# quick: from here on, keys from passphrases are cheap (preload/kdf.c);
# "make torture" pays.
quick() {
	[[ -n ${BZN_SAN-}${TORTURE-} ]] ||
	    export LD_PRELOAD=$BZN_BUILD/preload/kdf.so
}

# identity HOME SEED: the files of a node whose private key is not encrypted.
identity() {
	local der=302e020100300506032b657004220420$2

	mkdir -p "$1/identity"
	chmod 700 "$1/identity"
	python3 -c 'import sys
sys.stdout.buffer.write(bytes.fromhex(sys.argv[1]))' "$der" |
	    openssl pkey -inform DER -out "$1/identity/node_private.pem"
	chmod 600 "$1/identity/node_private.pem"
	openssl pkey -in "$1/identity/node_private.pem" -pubout \
	    -out "$1/identity/node_public.pem"
	sha256sum "$1/identity/node_public.pem" | cut -c1-64 \
	    >"$1/identity/node_id.txt"
}
