# shellcheck shell=bats disable=SC1010,SC2030,SC2031,SC2094,SC2129,SC2154,SC2238
# The pages and the README against the programs they tell of.
load common

pages() {
	find "$BZN_BUILD/man" -name '*.[1-8]' -exec basename {} \; | sort
}

# What a reader sees, without what makes it bold.
rendered() {
	mandoc -T ascii -O width=300 "$BZN_BUILD/man/$1" | sed $'s/.\b//g'
}

# examples PAGE: the commands of its EXAMPLES, each ended by a NUL.
examples() {
	rendered "$1" | awk '/^[A-Z]/ { on = /^EXAMPLES$/ } on' |
	    "$BZN_SRC/tests/docs/commands.sh"
}

# How many commands the source of a page has, wherever.
count() {
	grep -cE '^(\.Dl )?\$ ' "$BZN_SRC/man/$1" || true
}

# A script of commands: each has to succeed, and is counted.
script() {
	local command

	echo 'set -o pipefail'
	while IFS= read -r -d '' command; do
		cat <<-END
			$command
			rc=\$?
			[ \$rc = 0 ] || { echo "\$rc from: "$(printf %q \
			    "$command"); exit 1; }
			echo >>"$BATS_TEST_TMPDIR/ran"
		END
	done
}

# The home that bzn(7) says the examples run in: up to its first task.
prepared() {
	examples bzn.7 | script | sed '/^T=\$/,/^rc=/{/^rc=/q}'
	echo "[ \$rc = 0 ] || exit 1"
	echo "rm -f $BATS_TEST_TMPDIR/ran"
}

# run_page PAGE [nothing]: its examples, in that home.
run_page() {
	{
		[[ ${2-} == nothing ]] || prepared
		examples "$1" | script
	} >"$1.sh"
	TMPDIR=$PWD run --separate-stderr bash "$1.sh" </dev/null
	[[ $status == 0 && -z $stderr ]] || fail "$1: $status: $output $stderr"
}

@test "every example of every page runs as it is" {
	local page all=0 ran

	for page in $(pages); do
		: >ran
		if [[ $page == bzn.7 ]]; then
			run_page "$page" nothing
		else
			run_page "$page"
		fi
		ran=$(wc -l <ran)
		((ran == $(count "$page") && ran > 0)) ||
		    fail "$page: $ran of $(count "$page") ran"
		all=$((all + ran))
	done
	((all > 30)) || fail "only $all"
}

@test "one example of each program is a pipe" {
	local p

	for p in $(programs); do
		examples "$p.1" | tr '\0\n' '\n ' | grep -q "$p.*|" ||
		    fail "$p(1) has none"
	done
}

# Whatever differs from run to run.
normal() {
	local hex='[0-9a-f]' uuid time
	uuid="$hex{8}-$hex{4}-7$hex{3}-$hex{4}-$hex{12}"
	time='[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9.]+Z'
	sed -E "s/$uuid/UUID/g; s/$time/TIME/g; s/$hex{64}/HASH/g"
}

@test "the tour of the README prints what it says" {
	ln -s "$BZN_BUILD" build
	TMPDIR=$PWD bash "$BZN_SRC/tests/docs/tour.sh" "$BZN_SRC/README.md" |
	    normal >is
	normal <"$BZN_SRC/README.md" >want
	diff want is
	(($(grep -c '^\$ ' is) >= 12))
}

@test "the README knows each program, and each exit status in its words" {
	local p

	for p in $(programs); do
		grep -q "^| .$p. |" "$BZN_SRC/README.md" || fail "no $p"
	done
	grep -oE '\bbzn-[a-z]+\b' "$BZN_SRC/README.md" | sort -u >named
	while read -r p; do
		[[ -e $BZN_BUILD/bin/$p || -e $BZN_SRC/man/$p.5 ||
		    -e $BZN_SRC/man/$p.7 ]] ||
		    fail "there is no $p"
	done <named
	sed -nE 's/^KIND\([A-Z]+,\t*([0-9]+), *"[a-z]+",\t*"(.*)"\)/| \1 | \2 |/p' \
	    "$BZN_SRC/lib/base/err.def" >kinds
	[[ $(wc -l <kinds) == 11 ]]
	while read -r p; do
		grep -qF "$p" "$BZN_SRC/README.md" || fail "lacks '$p'"
	done <kinds
}

@test "bzn(7) has every parameter, with its default" {
	bzn-ledger init --no-node >made
	bzn-node params | jq -r '[.name, .value, .meaning] | @tsv' >list
	[[ -s list ]]
	while IFS=$'\t' read -r name value meaning; do
		grep -q "^\.It Li $name Pq " "$BZN_BUILD/man/bzn.7" ||
		    fail "lacks $name"
		grep -qiF "$meaning" "$BZN_BUILD/man/bzn.7" ||
		    fail "$name: not '$meaning', which is $value"
	done <list
}

@test "bzn(7) has every word that is set, and every word is set" {
	cd "$BZN_SRC" || return 1
	grep -rhoE '\bE_[a-z][a-z_]*' bin lib --include='*.c' | sort -u |
	    sed 's/^E_//' >"$BATS_TEST_TMPDIR/set"
	cd "$BATS_TEST_TMPDIR" || return 1
	sed -nE 's/^CODE\(([a-z_]+),.*/\1/p' "$BZN_SRC/lib/base/err.def" |
	    sort -u >words
	sed -nE 's/^([a-z_]+)\t.*/\1/p' "$BZN_SRC/tests/lint/codes.allow" |
	    sort -u >allowed
	sed -nE 's/^\.It Li ([a-z_]+)$/\1/p' "$BZN_BUILD/man/bzn.7" |
	    sort -u >told
	is 0 "" "" comm -13 words set		# set, but no such word
	is 0 "" "" comm -23 set told		# set, but not told of
	comm -23 words set >idle
	is 0 "" "" diff allowed idle
}

# The table in words of its own: sed, where status.awk has awk.
@test "bzn-ledger(5) has every type of transfer, as types.def has it" {
	grep '^TYPE(' "$BZN_SRC/lib/ledger/types.def" | tr -d '"' | sed -E '
	s/^TYPE\(([A-Z_]+), [A-Z]+, ([A-Z |]+), ([A-Z |]+), /\1 \2 to \3; /
	s/LEAF_LEGS, /2 to 1,024 legs; /
	s/ 2, / 2 legs; /
	s/, ([A-Z]+), ([A-Z]*)\)$/; ref \L\1\E; \2 only/; s/;  only$//
	s/ref node/ref the node/; s/NODE/node/g; s/ \| / or /g
	s/; \*;/; any id;/; s/; R:/; REF:/; s/:R:#;/:REF:NUMBER;/
	s/:N;/:HASH;/; s/:O;/:OPEN;/; s/:X;/:HEX32;/; s/$/./' >want
	awk '/^\.Ss / { on = /^\.Ss Types of transfers$/ }
	on && /^\.It Li / { printf "%s ", $3; getline; print }' \
	    "$BZN_BUILD/man/bzn-ledger.5" >told
	(($(wc -l <want) >= 25))
	diff want told
}

@test "bzn-ledger(5) has the schema as a home has it" {
	awk '/^\.S[sh] / { on = /^\.Ss The schema$/ }
	on && /^\.Ed/ { exit }
	on && /^\.Bd/ { in_it = 1; next }
	in_it' "$BZN_BUILD/man/bzn-ledger.5" >schema.sql
	(($(grep -c '^CREATE TABLE ' schema.sql) > 15))
	sqlite3 told.db <schema.sql
	bzn-ledger init --no-node >made
	for file in told.db node.db; do
		sqlite3 $file "SELECT type, name, replace(replace(sql,
		    char(9), ''), char(10), '') FROM sqlite_schema
		    ORDER BY type, name" | tr -d ' ' >$file.is
	done
	diff told.db.is node.db.is
}

# words: of bzn-ledger(5), each with its exit status.
words() {
	sed -nE 's/^([a-z_]+)\t+([0-9]+)(\t.*)?$/\1 \2/p' \
	    "$BZN_BUILD/man/bzn-ledger.5"
	awk '/^[0-9]+\t[a-z]+(_|$| )/ {
		for (i = 2; i <= NF; i++) print $i, $1 }' \
	    "$BZN_BUILD/man/bzn-ledger.5"
}

@test "bzn-ledger(5) has every word of the ledger, with its status" {
	local word status

	cd "$BZN_SRC" || return 1
	words | sort -u >"$BATS_TEST_TMPDIR/words"
	awk '/^KIND\(/ { gsub(/[(),]/, " "); kind[$2] = $3 }
	/^CODE\(/ { gsub(/[(),]/, " "); print $2, kind[$3] }' \
	    lib/base/err.def | sort >"$BATS_TEST_TMPDIR/codes"
	grep -hoE '\bE_[a-z][a-z_]*' \
	    lib/{ledger,tlog,verify,evidence,journal,batch,store,clerk}/*.c |
	    sed 's/^E_//' |
	    sort -u >"$BATS_TEST_TMPDIR/set"
	cd "$BATS_TEST_TMPDIR" || return 1
	(($(wc -l <words) > 80))
	is 0 "" "" sh -c "cut -d' ' -f1 words | sort -u | comm -13 - set"
	while read -r word status; do
		grep -qx "$word $status" codes && continue
		grep -q "^$word " codes && fail "$word is not $status"
		echo "$word"
	done <words >others
	# No more of them than there are, and no fewer.
	diff others <(grep -v '^#' "$BZN_SRC/tests/lint/words.allow" |
	    grep -v ^untested)
}

@test "every word of bzn-ledger(5) that is set comes up in a test" {
	local word status

	cat "$BZN_SRC"/tests/*.bats "$BZN_SRC"/tests/*/*.bats \
	    "$BZN_SRC"/tests/tamper.tsv "$BZN_SRC"/tests/unit/*.[ch] >tests
	words | sort -u >all
	while read -r word status; do
		grep -rqw "E_$word" "$BZN_SRC/lib" --include='*.c' || continue
		grep -qE "(\b|E_)$word\b" tests || echo "untested $word"
	done <all >none
	diff none <(grep ^untested "$BZN_SRC/tests/lint/words.allow")
}

@test "what pages quote as a complaint ends in a word that exists" {
	local word n=0

	sed -nE 's/^\.It .*\(([a-z_]+)\)$/\1/p' "$BZN_SRC"/man/*.1 >quoted
	while read -r word; do
		grep -q "^CODE($word," "$BZN_SRC/lib/base/err.def" ||
		    fail "$word"
		n=$((n + 1))
	done <quoted
	((n >= 8))
}

@test "the market of make demo ends with the books it must have" {
	unset BZN_HOME
	TMPDIR=$PWD run --separate-stderr sh "$BZN_SRC/examples/market.sh"
	[[ $status == 0 && -z $stderr ]] || fail "$status: $stderr"
	[[ ${lines[-1]} == '# All books are what they must be.' ]]
	is 0 $'bob         109.20  as it must be\nbob          99.50  as it '\
$'must be\nbob          99.50  as it must be' "" \
	    grep '^bob .* must be' <<<"$output"
	is 0 "" "" find . -mindepth 1 -type d
}

@test "the market is not opened in a home, and notices wrong books" {
	is 2 "" "market.sh: '$BZN_HOME' exists: say a new BZN_HOME" \
	    sh "$BZN_SRC/examples/market.sh"
	mkdir fake
	printf '#!/bin/sh\n' >fake/bzn-settle
	chmod +x fake/bzn-settle
	PATH=$PWD/fake:$PATH BZN_HOME=$PWD/new run --separate-stderr \
	    sh "$BZN_SRC/examples/market.sh"
	[[ $status == 1 && $stderr == *"are not what they must be." ]]
	grep -q '^bob .* but must be 109.20$' <<<"$output"
	[[ -d new/trade ]]
}

# cron_lines FILE: the commands in it.
cron_lines() {
	sed -nE 's/^([0-9*]+ ){4}[0-9*]+\t//p' "$1"
}

@test "lines for cron are silent in a home where all is well" {
	local line n=0

	prepared >home.sh
	echo "echo \"\$BZN_HOME\" >$PWD/where" >>home.sh
	TMPDIR=$PWD bash home.sh >made
	BZN_HOME=$(<where)
	cron_lines "$BZN_SRC/examples/crontab" >lines
	cron_lines "$BZN_BUILD/man/bzn.7" >>lines
	while IFS= read -r line; do
		is 0 "" "" sh -c "$line"
		n=$((n + 1))
	done <lines
	((n == 10))
	[[ -s $BZN_HOME/roots ]]
}

# --- bzn-json(5) ------------------------------------------------------------

# members SECTION: the members that it lists.
members() {
	awk -v want=".Ss $1" '
	/^\.S[sh] / { on = $0 == want }
	on && /^\.It Va / {
		for (i = 3; i <= NF && $i != "Pq"; i++)
			if ($i != ",")
				print $i
	}' "$BZN_BUILD/man/bzn-json.5" | sort -u
}

# keys: of the records on stdin, at any depth, but not of what others wrote.
keys() {
	jq -r 'with_entries(if .key | IN("input", "output", "metadata",
	    "card", "proof", "old", "new", "custom_validators", "details",
	    "rule_details", "verification_evidence", "phases") then .value = 0 else . end) |
	    (.entry.data? // empty) = 0 | (.rules.details? // empty) = 0 |
	    paths | .[-1] | strings' | sort -u
}

register() {
	bzn-node challenge "$1" | tee -a challenge |
	    jq -c '{node_id, challenge_id, solution: ([.payload[] |
		select(. as $n | all(range(2; $n); $n % . > 0))] |
		add / 2 | tostring)}' | bzn-node register >>node
}

buy() {
	bzn-escrow lock --buyer alice --skill "$skill" --input job.json "$@" |
	    tee -a task | jq -r .task_id
}

deliver() {
	echo "$2" | bzn-escrow complete "$1" --output - >>task
}

# Everything that can be printed, a file for each kind of record.
scenario() {
	local t1 t2 t3 later

	(umask 077; echo pw >pw)
	bzn-keygen identity -q --passphrase-file pw >>names
	bzn-ledger init --passphrase-file pw >>log
	printf 'test_clock yes\nlisting_fee 0.50\n' >bzn.conf
	register alice
	register bob
	bzn-node show alice >>node
	bzn-node params >>parameter
	echo '{"validators":[{"type":"non_empty","fields":["n"]}],
	    "recommended_verifiers":["x"]}' >meta.json
	skill=$(bzn-market publish --provider bob --label count --price 10 \
	    --category text -m meta.json | tee skill | jq -r .skill_id)
	bzn-market update "$skill" --label counts >>skill
	bzn-market list >>skill
	bzn-market list --total --limit 5 >>pages
	bzn-market stats >>prices
	bzn-market quote --buyer alice count |
	    jq -c '.acceptance_criteria = []' >>quote
	bzn-market capabilities >>capabilities
	echo '{"pattern":"x"}' | bzn-market validator add --as alice \
	    --name v --type regex --config - >>validator
	bzn-market validator list --as alice | jq -c '.config = {}' >>validator
	bzn-market validator remove "$(jq -r .validator_id validator |
	    head -1)" >>validator
	echo '{"n":[]}' >bad.json
	! bzn-market verify --skill "$skill" bad.json >bad 2>/dev/null ||
	    fail "it passed"
	echo '{"n":1}' | bzn-market verify --skill "$skill" |
	    cat - bad | jq -c 'if .details then .details = {} else . end' \
	    >>judgement
	bzn-market languages >>languages
	bzn-market seed --provider bob | jq -c '.skills = []' >>seeds
	sqlite3 node.db "INSERT INTO market_verified VALUES ('$skill', 's', 1)"
	bzn-market show "$skill" >>skill
	bzn-market publish --provider bob --label x --price 1 >gone
	bzn-market retire "$(jq -r .skill_id gone)" >>skill
	echo '{"text":"a b"}' >job.json
	t1=$(buy --id one)
	buy --id one >again
	bzn-escrow claim "$t1" >>task
	deliver "$t1" '{"n":2}'
	t2=$(buy)
	deliver "$t2" '{"n":3}'
	bzn-escrow dispute "$t2" --reason two >>task
	bzn-escrow resolve "$t2" --to refund_buyer --reason so >>task
	t3=$(buy)
	deliver "$t3" '{}'
	buy >again
	bzn-escrow show "$t1" >>task
	bzn-escrow list --full >>task
	later=$(date -u -d '4 days' +%FT%TZ)
	bzn-settle "$t1" --as bob --proof-hash x --now "$later" >>settlement
	bzn-settle -n --now "$later" >>settlement
	bzn-settle --now "$later" >>settlement
	bzn-escrow list >>task
	bzn-escrow rules >>rule
	bzn-escrow disputes >>dispute
	bzn-cri explain alice --entries >>score
	bzn-cri history alice bob >>change
	bzn-cri score alice >>score
	bzn-cri level alice >>level
	bzn-cri levels >>rung
	bzn-cri leaderboard >>place
	bzn-cri refresh --now "$(date -u -d '40 days' +%FT%TZ)" >>rescored
	bzn-cri snapshots bob >>scored
	bzn-ledger balance >>account
	bzn-ledger balance --subtree alice >>account
	bzn-ledger tail | jq -c '.entry = 0' >>tail
	bzn-ledger transfer alice bob 1 TCK --ref a >>posting
	bzn-ledger transfer alice bob 1 TCK -n >>posting
	bzn-ledger transfer MINT payer 5 TCK -t FIAT_PURCHASE -r p >>posting
	bzn-ledger transfer payer VAULT 6 TCK -t REFUND_CLAWBACK -r p >>posting
	echo '{"id": "m", "from": "alice", "to": "bob", "amount": "0.01",
	    "unit": "TCK", "memo": "m", "effective_ms": 1}' >m.json
	bzn-ledger post m.json >>posting
	bzn-ledger history alice >>line
	printf '%s\n' date,amount,reference,description 2026-01-01,7,x,y \
	    "$(date -u +%F),-1.00,a," "$(date -u +%F),100"{,}",," >s.csv
	! bzn-ledger reconcile s.csv -a alice -u TCK --days 9 >>statement \
	    2>/dev/null || fail "no difference"
	bzn-ledger verify >>verdict
	watched
	bzn-ledger doctor >>health
	bzn-ledger migrate >>migration
	bzn-ledger backup copy >>copied
	mkdir new
	cp -r pins new
	bzn-ledger restore copy --home "$PWD/new" >>copied
	bzn-ledger export ndjson >>entry
	sqlite3 node.db "UPDATE cri_node SET volume_minor = 7;
	    UPDATE cri_pair SET minor = 1"
	bzn-cri audit >wrong 2>&1 || grep '"counter":' wrong >>counter
	grep '"valid"' wrong >>counted
	sqlite3 node.db "UPDATE ledger_posting SET amount = amount + 1
	    WHERE seq = 2; UPDATE ledger_account SET cr = cr + 1
	    WHERE name = 'alice'"
	bzn-ledger verify >wrong 2>&1 || grep '^{"layer":' wrong >>finding
	sqlite3 node.db "UPDATE ledger_head SET root = zeroblob(32)"
	bzn-ledger verify --layers 6 >wrong 2>&1 ||
	    grep '^{"layer":' wrong >>finding
	sqlite3 node.db "DELETE FROM ledger_head"
	bzn-ledger verify --layers 6 >wrong 2>&1 ||
	    grep '"skipped":..' wrong >>verdict
	sqlite3 node.db "UPDATE node_purse SET open_minor = 7"
	bzn-ledger reconcile >wrong 2>&1 ||
	    grep '"valid"' wrong >>reconciliation
}

# The same of trades of all kinds; t1 to t3 are not enough.
trades() {
	mkdir trades
	BZN_HOME=$PWD/trades bash <<-'END'
		bzn-ledger init --no-node >/dev/null
		for node in alice bob; do
			bzn-node challenge "$node" | jq -c '{node_id,
			    solution: ([.payload[] | select(. as $n |
			    all(range(2; $n); $n % . > 0))] | add / 2 |
			    tostring)}' | bzn-node register >/dev/null
		done
		id=$(bzn-escrow lock --buyer alice --seller bob --amount 1 |
		    tee -a task | jq -r .escrow_id)
		bzn-escrow complete "$id" --proof-hash x >>task
		echo '{"score": 1}' >evidence
		bzn-escrow dispute "$id" --reason x --evidence evidence >>task
		bzn-escrow disputes >>dispute
		bzn-escrow resolve "$id" --to refund_buyer --reason y >>task
		bzn-escrow disputes >>dispute
		skill=$(echo '{"validators": [{"type": "contains",
		    "patterns": ["a"]}]}' | bzn-market publish --provider bob \
		    --label verify --category verification --price 1 \
		    --metadata - | jq -r .skill_id)
		echo '{"verified_task_id": "x"}' >input
		id=$(bzn-escrow shadow --buyer alice --skill "$skill" \
		    --input input --protocol sdk | tee -a task |
		    jq -r .task_id)
		bzn-escrow complete "$id" --proof-hash x --llm-provider x \
		    --output input >>task
		bzn-escrow validations "$id" >>validation
		bzn-escrow simulate "$id" >>simulation
		bzn-market publish --provider bob --label scheduler \
		    --price 0.50 >/dev/null
		echo '{}' | bzn-escrow hire --buyer alice --input - \
		    --capability scheduler --integration x >>task
		sqlite3 "$BZN_HOME/node.db" "INSERT INTO market_custom (id, node_id, name,
		    type, config, made_ms) VALUES ('c', 'alice', 'c',
		    'regex', '{\"pattern\":\"a\"}', 0)"
		id=$(bzn-escrow lock --buyer alice --skill "$skill" \
		    --input input --validator c | tee -a task |
		    jq -r .task_id)
		bzn-escrow complete "$id" --output input >>task
		bzn-escrow show "$id" >>task
		bzn-escrow list | jq -r '.escrow_id // empty' |
		    xargs -n 1 bzn-escrow simulate >>simulation
		bzn-ledger export ndjson >>entry
		bzn-escrow rules >>rule
	END
}

# The same of bounties, in a home of their own.
bounties() {
	mkdir bounties
	BZN_HOME=$PWD/bounties bash <<-'END'
		bzn-ledger init --no-node >/dev/null
		for node in alice bob; do
			bzn-node challenge "$node" | jq -c '{node_id,
			    solution: ([.payload[] | select(. as $n |
			    all(range(2; $n); $n % . > 0))] | add / 2 |
			    tostring)}' | bzn-node register >/dev/null
		done
		set -- --as alice --reward 10 --title 'Write it' \
		    --description 'whatever it may be'
		bzn-escrow bounty create "$@" >>bounty
		id=$(bzn-escrow bounty create "$@" --days 7 --tags a |
		    tee -a bounty | jq -r .bounty_id)
		bzn-escrow bounty cancel "$(jq -r .bounty_id bounty |
		    head -n 1)" >>bounty
		echo 'solution' | bzn-escrow bounty submit "$id" --as bob \
		    --content - --proof-url x --skill x >>submission
		bzn-escrow bounty award "$id" \
		    "$(jq -r .submission_id submission)" >>bounty
		bzn-escrow bounty list --status all >>bounty
		bzn-escrow bounty list --total --limit 1 >>total
		bzn-escrow bounty show "$id" | tee -a bounty |
		    jq -c '.submissions[]' >>submission
	END
}

# The same of benchmarks: one that passes, one that fails, one begun.
benchmarks() {
	mkdir benchmarks
	BZN_HOME=$PWD/benchmarks bash <<-'END'
		bzn-ledger init --no-node >/dev/null
		for node in alice bob; do
			bzn-node challenge "$node" | jq -c '{node_id,
			    solution: ([.payload[] | select(. as $n |
			    all(range(2; $n); $n % . > 0))] | add / 2 |
			    tostring)}' | bzn-node register >/dev/null
		done
		bzn-market bench list >>suite
		bzn-market bench show sentiment_basic >>suite
		skill=$(bzn-market publish --provider bob --label x \
		    --price 1 | jq -r .skill_id)
		for s in sentiment_basic deterministic_echo; do
			bzn-market bench run "$s" "$skill" --as alice >run
			cat run >>bench
			jq -r '.cases[] | .task_id, .repeat_task_id // empty' \
			    run | while read -r task; do
				echo '{"sentiment":"x"}' | bzn-escrow \
				    complete "$task" --output - >>done
			done
			bzn-market bench result "$(jq -r .benchmark_id run)" \
			    >>bench
		done
		echo 'test_clock yes' >"$BZN_HOME/bzn.conf"
		bzn-market bench run schema_compliance "$skill" --as alice \
		    >>bench
		bzn-settle --now "$(date -u -d '4 days' +%FT%TZ)" |
		    jq -c 'select(.benchmark_id)' >over
	END
}

# The same of the home's keys.
keys_of_home() {
	set -- -q --passphrase-file pw
	bzn-keygen token | jq -c '.keys = []' >>keyset
	bzn-keygen wallet "$@" >>purse
	bzn-keygen log "$@" >>certificate
	bzn-keygen api-key alice >>api
	bzn-keygen rotate "$@" >>rotation
	bzn-keygen inspect >>names
	bzn-keygen revoke "$@" >>revocation
	bzn-keygen check --chain rotation >>chain
	mv identity/node_public.pem away
	! bzn-keygen check >>file 2>/dev/null || fail "nothing is missing"
}

# The same for cards: this node's, and a peer with all that may happen to one.
cards() {
	local a b

	a=01$(printf '%062d' 0) b=02$(printf '%062d' 0)
	identity . "$a"
	identity other "$b"
	bzn-card show --name a --endpoint http://a.example --class edge \
	    --dns a.1bz --capabilities x >>card
	bzn-card show --state >>own
	bzn-card export >>announcement
	bzn-card show --home other >b
	bzn-card import b >>peer
	bzn-card pin "$(jq -r .node_id b)" >>peer
	bzn-card verify b >>judged
	bzn-card diff card b >>difference || true
	jq -nc '{v: 1, old_node_id: "%ID", at: "2026-01-01T00:00:00Z",
	    reason: "", new_node_id: $id, new_public_key_pem: $pem}' \
	    --arg id "$(jq -r .node_id card)" \
	    --arg pem "$(jq -r .public_key_pem card)"$'\n' |
	    seal bzn-rotate-v1 "$b" signature_old |
	    seal bzn-rotate-v1 "$a" signature_new | bzn-card import >>peer
	jq -nc '{v: 1, node_id: "%ID", at: "2026-01-01T00:00:00Z",
	    reason: "lost"}' | seal bzn-revoke-v1 "$b" | bzn-card import >>peer
}

# The same of signatures; before the key is taken away.
signatures_of_home() {
	local pw=(--passphrase-file pw)

	echo hello >text
	(umask 077; printf '%064d\n' 7 >seven)
	bzn-sign sign "${pw[@]}" -c note --seq 1 text >>signature
	bzn-sign sign "${pw[@]}" --ssh -o text.ssh text >>signature
	bzn-sign verify -e text | tee verdicts | grep path >>checked
	grep summary verdicts | jq -c '.counts = 0' >>sums
	bzn-sign verify --quorum 1/1 text text.sig >verdicts
	grep summary verdicts | jq -c '.counts = 0' >>sums
	! bzn-sign verify -t /dev/null text >verdicts 2>&1
	grep path verdicts >>checked
	bzn-sign verify-request "${pw[@]}" >>asked
	echo '{}' | bzn-sign jwt "${pw[@]}" >token
	bzn-sign jwt --verify <token | grep path >>checked
	{
		printf 'GET /x HTTP/1.1\nHost: a\n'
		bzn-sign http "${pw[@]}" https://a/x
		echo
	} >request
	bzn-sign http --verify --base-url https://a <request >>checked
	bzn-sign eth -w seven <text >>purse_said
	bzn-sign eth --verify -s "$(jq -r .signature purse_said)" <text >>checked
	bzn-sign bind "${pw[@]}" -w seven >>binding
	bzn-sign bind --verify <binding | grep path >>checked
	bzn-sign inspect text.sig text.ssh asked token request |
	    jq -c 'if .inputs then .inputs = 0 else . end' >>inspection
}

# What is said of records that are read, and of limits; in a home of its own.
records_of_ledger() {
	mkdir records
	BZN_HOME=$PWD/records bash <<-'END'
		bzn-ledger init --no-node >/dev/null
		bzn-ledger transfer MINT alice 5 TCK --type CREDIT_ISSUE \
		    --id m --memo text >/dev/null
		pay='"from":"alice","to":"bob","amount":"9","unit":"TCK"'
		bzn-ledger import >results <<-LINES || true
			{"id":"m",$pay}
			{"id":"n",$pay}
			{"id":"o",$pay,"if":[{"account":"bob","unit":"TCK","op":"eq","amount":"1"}]}
			{"id":"p","event":"note.made","data":{}}
		LINES
		bzn-ledger account list >limits
		bzn-ledger unit list >units
		bzn-ledger memo show m >memos
		bzn-ledger post >out <<-LINES
			{"id":"g","memo":"x",${pay/9/1}}
			{"id":"h",${pay/9/1}}
		LINES
		bzn-ledger reverse g --id i >out
		bzn-ledger checkpoint >out
		bzn-ledger show --explain g i | jq -c '.entry = 0' >explained
		bzn-ledger assert alice eq 1 TCK >claims 2>/dev/null ||
		    true
	END
}

# Nodes that are not registered by a challenge, and what they say.
records_of_nodes() {
	mkdir nodes
	BZN_HOME=$PWD/nodes bzn-ledger init --no-node >out
	{
		BZN_HOME=$PWD/nodes bzn-node sandbox --alias box
		BZN_HOME=$PWD/nodes bzn-node add house \
		    --created-at 2026-01-01
	} >>node
	BZN_HOME=$PWD/nodes bzn-node caps house >>caps
	BZN_HOME=$PWD/nodes bzn-node signup --email a@b.c >>signup
	BZN_HOME=$PWD/nodes bzn-node challenge ann \
	    --signup-token "$(jq -r .signup_token signup)" | jq -c '{node_id,
		solution: ([.payload[] | select(. as $n |
		all(range(2; $n); $n % . > 0))] | add / 2 | tostring)}' |
	    BZN_HOME=$PWD/nodes bzn-node register >>node
	BZN_HOME=$PWD/nodes bash <<-'END'
		echo 'strike_policy open' >"$BZN_HOME/bzn.conf"
		bzn-node policy ann --action CREATE_TASK --amount 1000 \
		    >>answer 2>/dev/null || true
		bzn-node report house --as ann --reason why --task t >>struck
		bzn-node strike house >>struck
		bzn-node strike house >>struck
		bzn-node reports >>reported
		bzn-node show house >>node
		bzn-ledger export ndjson >>entry
		echo 'gate_publish 4' >>"$BZN_HOME/bzn.conf"
		bzn-market publish --provider ann --price 1 --label x >out
		bzn-node show ann >>node
	END
}

# told FILE SECTION: that it lists the members seen, and no others.
told() {
	keys <"$1" | grep -vx -e dry_run -e idempotent >seen
	members "$2" >listed
	[[ -s seen ]] || fail "$2: nothing seen"
	diff listed seen || fail "$2: listed < > seen"
}

# watched_past: samples of a node that failed three times.
watched_past() {
	local i ok class

	for i in 10 12 14 16 18; do
		ok=true class=null
		[[ $i == 1[246] ]] && ok=false class='"connect"'
		printf '{"v":1,"node_id":"%064d","url":"http://n.example",
		    "family":"any","started_at":"2026-11-20T10:%s:00Z",
		    "mono_ms":%s,"ok":%s,"slow":false,"class":%s,
		    "signed":true,"confirm":false,"sweep_id":"%s"}' 7 "$i" \
		    "$((i * 60000))" "$ok" "$class" "$i" | tr -d '\n\t'
		echo
	done
}

# watched: what bzn-ping has to say.
watched() {
	local status

	for status in 0 0 1 0; do
		bzn-ping push --name backup --status "$status"
	done
	# Loopback is not for everybody: nobody is called there.
	(identity far "$(printf '05%.0s' {1..32})")
	bzn-card show --home far --name far --endpoint http://127.0.0.1:1 |
	    bzn-ping sweep --record taken - >sampled
	grep '"began_at"' taken >recorded
	bzn-ping set backup --interval 1d >own
	watched_past >samples
	bzn-ping replay >past
	bzn-ping replay --down-after 2 samples >>past
	odd_self >things
}

# odd_self: all that a home can have forgotten, but for what settle finds.
odd_self() {
	sqlite3 node.db "INSERT INTO alert_alert (id, ref, kind, n, data,
	    made_ms, due_ms, state, attempts) VALUES
	    ('a', 'a', 0, 0, '{}', 1, 1, 'failed', 9),
	    ('b', 'b', 0, 0, '{}', 1, 1, 'pending', 0)"
	bzn-ledger transfer MINT payer 1 TCK -t FIAT_PURCHASE -r q >out
	# A log that nobody can sign, since its key is gone.
	mv identity/log_private.pem gone.pem
	bzn-ping self --now "$(date -u -d '90 days' +%FT%TZ)" >found 2>self ||
	    grep -q needs_a_person self
	mv gone.pem identity/log_private.pem
	jq -c 'select(.task_id or .escrow_id or .id | not)' found
}

records_of_health() {
	local -x BZN_HOME=$PWD/watched.home
	local id

	bzn-ledger init --no-node >made || return
	"$BZN_BUILD/tools/watched" "$BZN_HOME" "$(date -u -d '2 hours ago' +%FT%TZ)" up o30 \
	    down "o10 f20" was "o10 f5 o9" >swept || return
	bzn-ping report -v --window 365d >reported_on || (($? == 6)) || return
	bzn-ping incidents --window 365d >incident || return
	bzn-ledger checkpoint >note || return
	sqlite3 "$BZN_HOME/node.db" "INSERT INTO health_witness SELECT node,
	    decided_ms, '$(printf '%064d' 5)', decided_ms, 1, 0, 200, '{}'
	    FROM health_incident" || return
	for id in $(jq -r .incident_id incident); do
		bzn-ping explain "$id" >>explained_why || return
	done
	echo correct horse >watched.pw && chmod 600 watched.pw
	bzn-keygen identity -q --passphrase-file watched.pw >out || return
	bzn-ping bundle --passphrase-file watched.pw "$id" |
	    jq -c '.samples = []' >bundled || return
	# What a job has, and it only.
	bzn-ping push --name job --status 3 || return
	id=$(bzn-ping incidents --open job | jq -r .incident_id)
	bzn-ping explain "$id" >>explained_why || return
	bzn-ping bundle --passphrase-file watched.pw "$id" |
	    jq -c '.samples[]' >pushed || return
	bzn-ping alert --dry-run >delivered || return
	bzn-ping maint add --for 90m --reason disks >maintained || return
	bzn-ping maint end "$(jq -r .maintenance_id maintained)" \
	    >>maintained || return
	bzn-ping bundle --passphrase-file watched.pw "$id" |
	    jq -c '.samples = []' >>bundled || return
	bzn-ledger checkpoint >note || return
	bzn-ping sla --target 99 --window 3h >promised || (($? == 6)) ||
	    return
	bzn-ping maint add --weekly 'Sun 02:30' --for 90m --reason restart \
	    >>maintained || return
	bzn-ledger export ndjson >entries
}

@test "bzn-json(5) lists every member of every record, and no other" {
	scenario
	told challenge "Record: challenge"
	records_of_nodes
	told node "Record: node"
	told caps "Record: caps"
	told signup "Record: signup"
	told answer "Record: answer of the gate"
	told struck "Record: strike"
	told reported "Record: report"
	told parameter "Record: parameter"
	told skill "Record: skill"
	told prices "Record: prices"
	told quote "Record: quote"
	told capabilities "Record: capability"
	told validator "Record: validator"
	told judgement "Record: verdict on an output"
	told languages "Record: language"
	told seeds "Record: seeded skills"
	told pages "Record: total"
	records_of_health
	told reported_on "Record: health report"
	told incident "Record: incident"
	told delivered "Record: delivery of alerts"
	told maintained "Record: maintenance"
	told explained_why "Record: line of an explanation"
	told bundled "Record: bundle"
	told promised "Record: promise of uptime"
	bzn-ping stats >watched
	told watched "Record: health stats"
	bzn-ledger init --no-node --home "$PWD/sick" >made
	echo '{"node":"a","name":"b","found":"o","from":1795780800000}' |
	    health sick
	bzn-ping check b --home sick >judged 2>/dev/null || true
	bzn-ping check job --home watched.home >>judged 2>/dev/null || true
	bzn-ping check up --home watched.home >>judged 2>/dev/null || true
	told judged "Record: check of a node"
	bzn-ping check --home sick >judged 2>/dev/null || true
	told judged "Record: check of the sweeps"
	cat pushed >>sampled
	told sampled "Record: sample"
	told recorded "Record: sweep in a file"
	told own "Record: settings of a node"
	told past "Record: replay"
	told things "Record: thing of this node"
	bzn-ping status --home sick --out www >judged
	told judged "Record: status page"
	told settlement "Record: settlement"
	told score "Record: score"
	told level "Record: level"
	told rung "Record: least of a level"
	told place "Record: place"
	told counter "Record: counter that differs"
	told counted "Record: verdict on counters"
	told rescored "Record: changed score"
	told change "Record: change of a score"
	told scored "Record: stored score"
	told log "Record: log"
	told account "Record: account"
	told line "Record: line of history"
	told tail "Record: line of the tail"
	told statement "Record: line of a statement"
	told posting "Record: posting"
	trades
	told task "Record: task"
	told rule "Record: rule"
	told validation "Record: validation"
	told dispute "Record: dispute"
	told simulation "Record: simulation"
	benchmarks
	jq -c '(.cases[]?.input? // empty) = 0' suite >run
	told run "Record: suite"
	jq -c '(.cases[]?.input? // empty) = 0' bench >run
	told run "Record: benchmark run"
	told over "Record: benchmark that is over"
	bounties
	told bounty "Record: bounty"
	told submission "Record: submission"
	told total "Record: total"
	records_of_ledger
	told results "Record: result of a record"
	told limits "Record: account with limits"
	told units "Record: unit"
	told memos "Record: memo"
	told explained "Record: explained entry"
	told claims "Record: assertion"
	told reconciliation "Record: reconciliation"
	told finding "Record: finding"
	told verdict "Record: verdict"
	told entry "Record: exported entry"
	told copied "Record: copy of the store"
	told health "Record: check of a home"
	told migration "Record: migration"
	jq -r '.entry.data // {} | paths | .[-1] | strings' entry entries |
	    sort -u >seen
	members "Data of entries" >listed
	diff listed seen
	signatures_of_home
	keys_of_home
	told names "Record: identity"
	told purse "Record: wallet"
	told keyset "Record: key set"
	told certificate "Record: log certificate"
	told api "Record: API key"
	told rotation "Record: rotation"
	told revocation "Record: revocation"
	told chain "Record: chain"
	told signature "Record: signature"
	told checked "Record: verdict on a signature"
	told sums "Record: summary"
	told purse_said "Record: signature of a wallet"
	told binding "Record: binding"
	told asked "Record: request for verification"
	told inspection "Record: inspection"
	told file "Record: key file"
	# Each section of the page is told of somewhere in this file.
	is 0 "" "" comm -23 \
	    <(sed -n 's/^\.Ss //p' "$BZN_BUILD/man/bzn-json.5" |
		grep '^Record: ' | sort) \
	    <(grep -o 'told [a-z_]* "Record: [^"]*' \
		"$BATS_TEST_FILENAME" | sed 's/.*"//' | sort)
	is 0 $'dry_run\nidempotent' "" members "Answers of all actions"
	for key in dry_run idempotent; do
		grep -q "\"$key\":true" again task settlement posting ||
		    fail "no $key"
	done
}

@test "bzn-json(5) does so for shares of trust" {
	echo '{"from":"a","to":"b","value":-1}' | bzn-cri eigentrust - >shares
	told shares "Record: share of trust"
}

@test "bzn-json(5) does so for the trust of nodes" {
	local own bob e

	home 'trust_verified_points 70'
	(umask 077; echo pw >pw)
	bzn-keygen identity -q --passphrase-file pw >names
	bzn-keygen wallet -q --passphrase-file pw >purse
	own=$(<identity/node_id.txt)
	bob=$(sha256sum <pw | cut -d' ' -f1)
	member "$own" "$bob"
	task=$(echo '{}' | at bzn-escrow lock --buyer "$own" --input - \
	    --skill "$(offer "$bob" 1)" | jq -r .task_id)
	echo '{"a":1}' | at bzn-escrow complete "$task" --output - >out
	pass 90000
	at bzn-settle --no-checkpoint >out
	for e in "endorse --order $task" "quality --order $task --weight 1" \
	    "complain --order $task --evidence pw" "stake --stake-wei 7" \
	    "uptime --since 2026-11-01 --until 2026-11-02 --ok 1 --fail 0" \
	    "verify"; do
		# shellcheck disable=SC2086
		at bzn-cri event $e "$bob" --passphrase-file pw >>event
	done
	bzn-sign bind --passphrase-file pw >binding
	cat event binding event | at bzn-cri update >taken
	at bzn-cri rescore >rescored
	pass 86400
	at bzn-cri rescore >>rescored
	at bzn-cri explain --model biznode "$bob" >trust
	at bzn-cri badge "$own" "$bob" >badge
	at bzn-cri status "$bob" >status
	at bzn-cri tier "$bob" --passphrase-file pw | tee tier |
	    at bzn-cri tier --verify >proven
	pass 86400
	at bzn-cri tier --verify tier >>proven 2>/dev/null || :
	bzn-ledger export ndjson | jq -r 'select(.entry.type |
	    startswith("trust.")) | .entry.data | keys[]' | sort -u >seen
	members "Data of entries of trust" >listed
	diff listed seen
	sqlite3 node.db "DELETE FROM trust_wallet"
	at bzn-cri audit --model biznode >audit 2>/dev/null || :
	told audit "Record: audit of trust"
	told trust "Record: trust score"
	told event "Record: event of trust"
	told taken "Record: taken event"
	told rescored "Record: changed trust score"
	told badge "Record: badge of trust"
	told status "Record: status"
	told tier "Record: certificate of a tier"
	told proven "Record: verdict on a tier"
}

@test "bzn-json(5) does so for certificates of scores" {
	bzn-ledger init --no-node >log
	echo 'base_url https://a.example' >bzn.conf
	register alice
	bzn-keygen token >keys
	bzn-cri certificate alice >certified
	told certified "Record: certificate of a score"
}

@test "bzn-json(5) does so for played attacks" {
	bzn-cri simulate ring flood --days 30 --keys 9 --target 60 >attack
	told attack "Record: played attack"
}

@test "bzn-json(5) does so for sweeps" {
	home 'settle_max_failures 1'
	member alice bob
	mint alice 1000
	bzn-node caps alice --exposure-pct 0 --now "$clock" >out
	skill=$(offer bob 1)
	for task in open done bad; do
		jq -nc --arg skill "$skill" '{buyer_id: "alice", input: {},
		    skill_id: $skill}' | at bzn-escrow lock >$task.json
	done
	for task in done bad; do
		jq -c '{task_id, output: {a: 1}}' $task.json |
		    at bzn-escrow complete >out
	done
	jq -c '{task_id, reason: "bad"}' bad.json | at bzn-escrow dispute >out
	at bzn-escrow bounty create --as alice --title 'Write it' \
	    --description 'whatever it may be' --reward 20 --days 1 >out
	pass 10000
	at bzn-settle --check >waits || :
	sqlite3 node.db "UPDATE ledger_account SET closed = 1
	    WHERE name = 'bob'"
	pass 90000
	at bzn-settle --check >>waits || :
	at bzn-settle 2>err >swept || :
	pass 864000
	at bzn-settle --check >>waits || :
	clock=@1900000000000
	for task in a b; do
		at bzn-node sandbox --alias $task --accept-clock >$task.json
	done
	skill=$(bzn-market publish --provider "$(jq -r .node_id a.json)" \
	    --price 1 --label x --now "$clock" | jq -r .skill_id)
	pass 500000
	jq -nc --arg skill "$skill" --slurpfile b b.json '{input: {},
	    buyer_id: $b[0].node_id, skill_id: $skill}' |
	    at bzn-escrow lock >out
	pass 200000
	at bzn-settle --only sandbox >over
	pass 864000
	at bzn-settle >out
	jq -c 'select(.burnt)' out >>over
	told over "Record: node whose days are over"
	jq -c 'select(.bounty_id)' swept >expired
	jq -c 'select(.status == "PARKED")' swept >parked
	told expired "Record: bounty that has expired"
	told parked "Record: parked"
	told waits "Record: what waits for a person"
}

# job BUYER SKILL INPUT: bought, delivered and settled: $task.
job() {
	task=$(at bzn-escrow lock --buyer "$1" --skill "$2" --input - <<<"$3" |
	    jq -r .task_id)
	at bzn-escrow complete "$task" --output - <<<'{"n":1}' >made
	pass 86400
	at bzn-settle --no-checkpoint >made
}

@test "bzn-json(5) does so for badges, and for what is certified of one" {
	local token work judge task

	home "pioneer_threshold 1" "pioneer_bonus 0" "dispute_window 1s"
	member alice
	token=$(at bzn-node signup --email a@example.org | jq -r .signup_token)
	printf '{"node_id":"bob"}' | at bzn-node challenge | answers |
	    jq -c --arg t "$token" '.signup_token = $t' |
	    at bzn-node register >made
	member carol
	work=$(at bzn-market publish --provider bob --price 1 --label work |
	    jq -r .skill_id)
	judge=$(at bzn-market publish --provider carol --price 1 \
	    --label judge --category verification | jq -r .skill_id)
	job alice "$work" '{}'
	job alice "$judge" "{\"verified_task_id\":\"$task\"}"
	bzn-cri genesis >badge
	told badge "Record: badge"
	bzn-cri pioneers >pioneer
	told pioneer "Record: pioneer"
	bzn-keygen token >keys
	for task in 1 2 3; do
		at bzn-node strike bob >out
	done
	at bzn-cri certificate --facts bob | at bzn-cri verify >proven
	! at bzn-cri verify x >>proven 2>/dev/null || fail "x is a certificate"
	told proven "Record: verdict on a certificate"
}

@test "bzn-json(5) does so for checkpoints and receipts" {
	local vkey

	vkey=$(bzn-ledger init --no-node | jq -r .vkey)
	bzn-ledger checkpoint list >checkpoint
	told checkpoint "Record: checkpoint"
	bzn-ledger checkpoint --print 1 >note
	bzn-ledger checkpoint add note --vkey "$vkey" >cosignatures
	told cosignatures "Record: cosignatures"
	bzn-ledger checkpoint rotate --reason scheduled >key
	told key "Record: new key of a log"
	bzn-ledger receipt 0 --json >receipt
	told receipt "Record: receipt"
	jq -j .tlog_proof receipt >proof
	run --separate-stderr bzn-ledger receipt --check proof none \
	    --vkey "$vkey"
	jq -c 'del(.entry[]?)' <<<"$output" >checks
	told checks "Record: verdict on a receipt"
}

@test "bzn-json(5) does so for receipts of trades" {
	local vkey

	(umask 077; echo pw >pw)
	bzn-keygen identity -q --passphrase-file pw >names
	bzn-keygen token >jwks
	vkey=$(bzn-ledger init --passphrase-file pw | jq -r .vkey)
	register alice
	register bob
	echo '{"validators":[{"type":"non_empty","fields":["x"]}]}' >m.json
	skill=$(bzn-market publish --provider bob --label x --price 10 \
	    --metadata m.json | jq -r .skill_id)
	echo '{}' >job.json
	sqlite3 "$BZN_HOME/node.db" "INSERT INTO hook_hook (id, node_id, url,
	    events, sealed, made_ms) VALUES ('h', 'alice', 'u', 127, x'00', 1)"
	buy >task_id
	deliver "$(cat task_id)" '{"x":[]}'
	bzn-escrow receipt "$(cat task_id)" --as alice --sign both \
	    --passphrase-file pw | jq -c '.dispute_engine[].details = 0 |
	    .validator_results[].details = 0' >paper
	told paper "Record: receipt of a trade"
	jq '.receipt_hash = "0"' paper >bad
	run --separate-stderr bzn-escrow receipt --check paper bad \
	    --vkey "$vkey"
	echo "$output" >checks
	told checks "Record: verdict on a receipt of a trade"
}

@test "bzn-json(5) does so for cards" {
	cards
	told card "Record: card"
	told own "Record: own names"
	told peer "Record: peer"
	told judged "Record: card verdict"
	told difference "Record: difference"
	told announcement "Record: announcement"
}

# accepted COMMAND...: the members that it does not call unknown.  What is
# tried is every name in the page.
accepted() {
	local names name

	mapfile -t names < <(sed -n 's/^\.It Va //p' \
	    "$BZN_BUILD/man/bzn-json.5" | tr -s ' ,' '\n' |
	    grep -x '[a-z_0-9]*' | sort -u)
	for name in "${names[@]}" qqqqq; do
		printf '{"%s":"x"}\n' "$name"
	done | "$@" 2>&1 >out | tee complaints |
	    sed -nE 's/.* stdin:([0-9]+): .*\(unknown_member\)$/\1/p' >unknown
	printf '%s\n' "${names[@]}" qqqqq |
	    awk 'FILENAME != "-" { unknown[$1]; next }
	    !(FNR in unknown)' unknown -
}

@test "bzn-json(5) lists every member of every request, and no other" {
	local verb

	bzn-ledger init --no-node >made
	for verb in "bzn-node challenge" "bzn-node register" \
	    "bzn-market publish" "bzn-market update" "bzn-market retire" \
	    "bzn-market quote" "bzn-market validator add" \
	    "bzn-market validator remove" \
	    "bzn-escrow lock" "bzn-escrow claim" \
	    "bzn-escrow complete" "bzn-escrow dispute" \
	    "bzn-escrow shadow" "bzn-escrow hire" "bzn-escrow refund" "bzn-escrow resolve" "bzn-escrow bounty create" \
	    "bzn-escrow bounty submit" "bzn-escrow bounty award" \
	    "bzn-escrow bounty cancel" "bzn-market bench run"; do
		members "Request: $verb" >listed
		members "All requests" >>listed
		# shellcheck disable=SC2086
		accepted $verb | sort >taken
		sort listed | diff - taken || fail "$verb: listed < > taken"
	done
}
