# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
# Many processes at once, in one home.
load common

# go NAME COMMAND...: in the background; what becomes of it is in NAME.out,
# NAME.err and NAME.status.
go() {
	local name=$1

	shift
	{
		if "$@"; then echo 0 >&4; else echo $? >&4; fi
	} 3>&- >"$name.out" 2>"$name.err" 4>"$name.status" &
}

# ended NAME WANT: once all are done, the statuses of NAME*, counted.
ended() {
	wait
	is 0 "$2" "" bash -c "cat $1*.status | sort -n | uniq -c |
	    awk '{ print \$2 \"x\" \$1 }' | paste -sd' '"
}

@test "32 locks at once, with money for 20: 20 succeed" {
	local i

	home 'canary_exposure_pct 0'
	member alice bob
	skill=$(offer bob 5)
	echo '{}' >job.json
	for i in {1..32}; do
		go "$i" at bzn-escrow lock -b alice -s "$skill" -i job.json
	done
	ended '' "0x20 9x12"
	is 0 "12 bzn-escrow: 'alice' cannot cover it (insufficient_funds)" "" \
	    bash -c "cat *.err | sort | uniq -c | sed 's/^ *//'"
	is 0 20 "" bash -c 'cat *.out | jq -r .task_id | sort -u | wc -l'
	has alice 0.00
	sound
}

@test "two that lock the last money: one has it" {
	local who

	home 'canary_exposure_pct 0'
	mapfile -t buyers < <(printf 'buyer-%d\n' {1..12})
	member bob "${buyers[@]}"
	skill=$(offer bob 100)
	echo '{}' >job.json
	for who in "${buyers[@]}"; do
		go "a$who" at bzn-escrow lock -b "$who" -s "$skill" -i job.json
		go "b$who" at bzn-escrow lock -b "$who" -s "$skill" -i job.json
		ended "[ab]$who" "0x1 9x1"
		has "$who" 0.00
	done
	sound
}

@test "half of what one has is at stake, however many lock at once" {
	local i

	home
	member alice bob
	skill=$(offer bob 10)
	echo '{}' >job.json
	for i in {1..12}; do
		go "$i" at bzn-escrow lock -b alice -s "$skill" -i job.json
	done
	ended '' "0x5 9x7"
	is 0 7 "" bash -c 'cat *.err | grep -c "(cap_exposure)$"'
	has alice 50.00
	sound
}

@test "twenty make the home at once: one did, all know" {
	local i

	for i in {1..20}; do
		go "made$i" bzn-ledger init --no-node --origin one.example/log
		go "read$i" bzn-ledger verify -q
	done
	ended made 0x20
	is 0 "" "" cat made*.err
	is 0 '     19 "exists"
      1 "made"' "" bash -c 'cat made*.out | jq .result | sort | uniq -c'
	is 0 1 "" bash -c 'cat made*.out | jq .vkey | sort -u | wc -l'
	# A reader finds no ledger, one without a leaf, or the whole.
	run bash -c "cat read*.err | grep -v '(no_ledger)\$'"
	[[ -z $output ]] || fail "$output"
	is 0 "" "" bzn-ledger verify -q
	is 0 log_private.pem "" ls -A identity
}

@test "twenty at once, the first leaf of each unit's accounts included" {
	local i

	home
	for i in {1..20}; do
		go "$i" at bzn-ledger transfer MINT bob 0.01 TCK \
		    --type CREDIT_ISSUE
	done
	ended '' 0x20
	has bob 0.20
	sound
}

@test "one id from ten processes acts once" {
	local i

	home
	member alice bob
	skill=$(offer bob 10)
	echo '{}' >job.json
	for i in {0..9}; do
		go "$i" at bzn-escrow lock -b alice -s "$skill" -i job.json \
		    --id same
		go "t$i" at bzn-ledger transfer alice bob 1 TCK --id same
	done
	ended '' 0x20
	is 0 1 "" bash -c 'cat ?.out | jq -r .task_id | sort -u | wc -l'
	is 0 9 "" bash -c 'cat ?.out | grep -c "\"idempotent\":true"'
	is 0 9 "" bash -c 'cat t?.out | grep -c "\"result\":\"exists\""'
	has alice 89.00
	sound
}

@test "one id from ten processes that mean two things" {
	local i

	home
	member alice bob
	for i in {0..9}; do
		go "$i" at bzn-ledger transfer alice bob $((i % 2 + 1)) TCK \
		    --id same
	done
	ended '' "0x5 10x5"
	sound
}

@test "a resolution, both ways at once: one wins" {
	local i

	home 'canary_exposure_pct 0'
	member alice bob
	skill=$(offer bob 1)
	for i in {1..8}; do
		task=$(buy alice "$skill")
		deliver "$task"
		at bzn-escrow dispute "$task" -r bad >out
		go "a$i" at bzn-escrow resolve "$task" --to refund_buyer
		go "b$i" at bzn-escrow resolve "$task" --to release_to_seller
		ended "[ab]$i" "0x1 9x1"
	done
	sound
}

@test "a dispute in the last moment, a settlement in the first" {
	local i late

	home 'canary_exposure_pct 0'
	member alice bob
	skill=$(offer bob 1)
	for i in {1..8}; do
		task=$(buy alice "$skill")
		deliver "$task"
		late=@$((${clock#@} + 86400000))
		clock=@$((${late#@} - 1))
		go "a$i" at bzn-escrow dispute "$task" -r bad
		go "b$i" bzn-settle --now "$late" "$task"
		ended "[ab]$i" "0x1 9x1"
		clock=$late
	done
	sound
}

@test "a delivery in the last moment, a refund in the first" {
	local i late

	home 'canary_exposure_pct 0'
	member alice bob
	skill=$(offer bob 1)
	echo '{"a":1}' >out.json
	for i in {1..8}; do
		task=$(buy alice "$skill")
		late=@$((${clock#@} + 72 * 3600000))
		clock=@$((${late#@} - 1))
		go "a$i" at bzn-escrow complete "$task" -o out.json
		go "b$i" bzn-settle --now "$late" "$task"
		ended "[ab]$i" "0x1 9x1"
		clock=$late
	done
	sound
}

# matured NUMBER PRICE: so many delivered escrows whose window has passed.
matured() {
	at bzn-ledger transfer MINT alice $(($1 * $2)) TCK \
	    --type CREDIT_ISSUE >out
	skill=$(offer bob "$2")
	jq -nc --arg s "$skill" "range($1) | {buyer_id: \"alice\",
	    skill_id: \$s, input: {n: .}}" | at bzn-escrow lock |
	    jq -c '{task_id, output: {ok: true}}' |
	    at bzn-escrow complete >out
	pass 86400
}

@test "S12: four settlers, one killed and restarted, pay each escrow once" {
	local n round=1

	home 'canary_exposure_pct 0' 'settle_batch 3'
	member alice bob
	matured 60 10
	for n in 1 2 3; do
		go "settler$n" at bzn-settle
	done
	# Later and later, until one has lived.
	{
		until timeout -s KILL "$(printf 0.%03d "$round")" \
		    bzn-settle --now "$clock" >>killed.out; do
			round=$((round + 5))
		done
	} 3>&- 2>killed.err &
	ended settler 0x3
	is 0 "" "" bash -c 'grep -v Killed killed.err settler*.err || true'
	has bob 681.50
	has alice 100.00
	has VAULT 18.50
	is 0 60 "" bash -c 'bzn-ledger export ndjson |
	    grep -c "\"type\":\"ESCROW_SETTLE\""'
	is 0 60 "" bash -c 'bzn-escrow list | jq -r .escrow_status |
	    grep -c SETTLED'
	is 0 "" "" bash -c 'cat settler*.out | jq -r .escrow_id | sort |
	    uniq -d'
	sound
}

@test "a lock file taken away or replaced under writers" {
	local i

	home
	for i in {1..30}; do
		go "$i" at bzn-ledger transfer MINT bob 0.01 TCK \
		    --type CREDIT_ISSUE
		((i % 3)) || rm -f node.lock
	done
	ended '' 0x30
	has bob 0.30
	sound
	is 0 ok "" sqlite3 node.db 'PRAGMA integrity_check'
	ln -sf elsewhere node.lock
	run --separate-stderr at bzn-ledger transfer MINT bob 1 TCK \
	    --type CREDIT_ISSUE
	[[ $status == 4 && $stderr == "bzn-ledger: cannot open \
'$BZN_HOME/node.lock': "*"(no_file)" && ! -e elsewhere ]] || fail "$stderr"
}

@test "readers and verify see whole states while others write" {
	local i

	home
	member alice bob
	for i in {1..15}; do
		go "w$i" at bzn-ledger transfer alice bob 1 TCK
		go "v$i" bzn-ledger verify -q
		go "r$i" bzn-ledger reconcile
	done
	ended '' 0x45
	is 0 "" "" cat v*.out ./*.err
	has bob 115.00
}
