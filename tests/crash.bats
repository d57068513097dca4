# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
# Killed at any moment, out of space at any size: what was answered is there,
# and nothing is there twice.
#
# BZN_KILLS	how many kills of each kind: 60
load common

most=${BZN_KILLS:-60}

# doom NAME COMMAND...: in the background; killed after up to $reach ms, which
# is what statuses.txt then says.  Answers are in NAME.out.
doom() {
	local name=$1 span

	shift
	printf -v span 0.%03d $((RANDOM % reach + 1))
	{
		timeout -s KILL "$span" "$@" >"$name.out" && echo 0 || echo $?
	} <&0 >"$name.status" 2>>killed.err 3>&- &
}

# toll: once all are done, count the kills, and aim: neither all nor none.
toll() {
	local all killed

	wait
	all=$(cat ./*.status | wc -l)
	killed=$(cat ./*.status | grep -c 137) || true
	kills=$((kills + killed))
	if ((killed * 4 > all * 3)); then
		((reach < 900)) && reach=$((reach + reach / 2 + 1))
	elif ((killed * 4 < all)); then
		reach=$((reach > 2 ? reach * 2 / 3 : 2))
	fi
	cat ./*.status >>statuses.txt
	rm ./*.status
}

# answered PATTERN: the whole lines on standard output of what was doomed.
answered() {
	find . -name "$1.out" -exec cat {} + | grep '}$' || true
}

@test "killed at any moment, no acknowledged transfer is lost or twice" {
	local round=0 k

	home
	at bzn-ledger transfer MINT alice 100 TCK --type CREDIT_ISSUE >made
	reach=8 kills=0
	while ((kills < most && ++round <= 3 * most)); do
		for k in {1..6}; do
			doom "t$round.$k" bzn-ledger --now "$clock" transfer \
			    alice bob 0.01 TCK --id "t$round.$k"
		done
		toll
		((round % 5)) || sound
	done
	((kills >= most)) || fail "only $kills kills"
	is 0 "0
137" "" sort -un statuses.txt
	answered 't*' | jq -r .id | sort >acknowledged
	[[ -s acknowledged ]]
	bzn-ledger export ndjson | jq -r .entry.id | sort >logged
	is 0 "" "" comm -23 acknowledged logged
	is 0 "" "" uniq -d logged
	# What was not answered is asked for again, and then is there once.
	for k in $(seq "$round" | sed 's/.*/t&.1 t&.2 t&.3 t&.4 t&.5 t&.6/'); do
		grep -qxF "$k" acknowledged || at bzn-ledger transfer alice \
		    bob 0.01 TCK --id "$k" >again
	done
	has bob "$(printf '%d.%02d' $((round * 6 / 100)) $((round * 6 % 100)))"
	sound
	is 0 ok "" sqlite3 node.db 'PRAGMA integrity_check'
}

# orders ROUND: five, each with an id of its own.
orders() {
	jq -nc --arg s "$skill" --arg r "$1" 'range(5) | {id: "o\($r).\(.)",
	    buyer_id: "alice", skill_id: $s, input: {n: .}}'
}

@test "killed at any moment, trades end once, and as they were answered" {
	local round=0

	home 'canary_exposure_pct 0' 'settle_batch 4'
	member alice bob
	at bzn-ledger transfer MINT alice 1000 TCK --type CREDIT_ISSUE >made
	skill=$(offer bob 1)
	reach=8 kills=0
	while ((kills < most && ++round <= 3 * most)); do
		pass 90000
		orders "$round" >"orders.$round"
		bzn-escrow list --status OPEN --limit 10 |
		    jq -c '{task_id, output: {ok: true}}' >deliveries
		doom "l$round.1" bzn-escrow --now "$clock" lock \
		    <"orders.$round"
		doom "l$round.2" bzn-escrow --now "$clock" lock \
		    <"orders.$round"
		doom "d$round" bzn-escrow --now "$clock" complete <deliveries
		doom "s$round.1" bzn-settle --now "$clock"
		doom "s$round.2" bzn-settle --now "$clock"
		toll
		((round % 5)) || sound
	done
	((kills >= most)) || fail "only $kills kills"
	# A delivery may come after the refund of the same round.
	is 0 "" "" bash -c 'sort -un statuses.txt | grep -vx "0\|9\|137" ||
	    true'
	grep -v "Killed\|(wrong_state)\|(window_closed)" killed.err && fail "?"
	# Every order that was answered is there, under the id that it got.
	answered 'l*' | jq -r .task_id | sort -u >acknowledged
	[[ -s acknowledged ]]
	bzn-escrow list | jq -r .task_id | sort >stored
	is 0 "" "" comm -23 acknowledged stored
	find . -name 'orders.*' | sort -V | xargs cat |
	    at bzn-escrow lock | jq -r .task_id | sort >again
	is 0 "" "" comm -23 acknowledged again
	is 0 $((round * 5)) "" bash -c 'bzn-escrow list | wc -l'
	# Every delivery that was answered is kept.
	answered 'd*' | jq -r .task_id | sort -u >delivered
	bzn-escrow list --full | jq -r 'select(.output) | .task_id' |
	    sort >stored
	is 0 "" "" comm -23 delivered stored
	# Every escrow that was said to be closed is, that way, and once.
	answered 's*' | jq -r '.escrow_id + " " + .status' | sort >closed
	is 0 "" "" uniq -d closed
	bzn-escrow list | jq -r '.escrow_id + " " + .escrow_status' |
	    sort >stored
	is 0 "" "" comm -23 closed stored
	pass 300000
	at bzn-settle >out
	is 0 "" "" bash -c 'bzn-ledger balance | grep ESCROW || true'
	sound
	is 0 ok "" sqlite3 node.db 'PRAGMA integrity_check'
}

@test "killed while the home is made, it can be made again" {
	local round

	for round in {1..20}; do
		timeout -s KILL "0.$(printf %03d "$round")" bzn-ledger init \
		    --no-node --origin one.example/log --home "h$round" \
		    >out 2>>killed.err || true
		bzn-ledger init --no-node --origin one.example/log \
		    --home "h$round" >out
		is 0 "" "" bzn-ledger verify -q --home "h$round"
		is 0 600 "" stat -c %a "h$round/identity/log_private.pem"
	done
}

# tight KIB COMMAND...: run it where no file may grow beyond that.
tight() {
	local kib=$1

	shift
	bash -c 'trap "" XFSZ; ulimit -f "$1"; exec "${@:2}"' - "$kib" "$@"
}

@test "commit failures are told apart from success" {
	local n count=0 told=

	home
	at bzn-ledger transfer MINT alice 5 TCK --type CREDIT_ISSUE >made
	for n in $(seq 0 8 400); do
		run --separate-stderr tight "$n" bzn-ledger --now "$clock" \
		    transfer alice bob 0.01 TCK --id "n$n"
		[[ $status =~ ^[0678]$ ]] || fail "$n: $status, $stderr"
		told+=$status
		[[ $status == 0 || -z $output ]] || fail "$n: '$output'"
		run --separate-stderr at bzn-ledger transfer alice bob 0.01 \
		    TCK --id "n$n"
		[[ $status == 0 && -z $stderr ]] || fail "$n: $stderr"
		count=$((count + 1))
	done
	[[ $told == *7* && $told == *0 ]] || fail "$told"
	has bob 0.$count
	sound
	is 0 ok "" sqlite3 node.db 'PRAGMA integrity_check'
}

@test "a status of 7 means that nothing was committed" {
	local n before

	home 'canary_exposure_pct 0'
	member alice bob
	skill=$(offer bob 0.01)
	for n in $(seq 0 8 400); do
		orders "$n" >in
		before=$(bzn-escrow list | wc -l)
		run --separate-stderr tight "$n" bzn-escrow --now "$clock" \
		    lock <in
		case $status in
		0)	before=$((before + 5)) ;;
		6 | 7)	[[ -z $output ]] || fail "$n: '$output'" ;;
		8)	before= ;;
		*)	fail "$n: $status, $stderr" ;;
		esac
		[[ -z $before ]] || is 0 "$before" "" \
		    bash -c 'bzn-escrow list | wc -l'
		at bzn-escrow lock <in >again
		is 0 5 "" bash -c 'wc -l <again'
	done
	is 0 255 "" bash -c 'bzn-escrow list | wc -l'
	has alice 97.45
	sound
}

@test "out of space while the home is made, it can be made later" {
	local n

	for n in $(seq 0 12 400); do
		run --separate-stderr tight "$n" bzn-ledger init --no-node \
		    --origin one.example/log --home "h$n"
		[[ $status =~ ^[078]$ ]] || fail "$n: $status, $stderr"
		bzn-ledger init --no-node --origin one.example/log \
		    --home "h$n" >out
		is 0 "" "" bzn-ledger verify -q --home "h$n"
	done
}

@test "a sweep out of space pays what it says, and the rest later" {
	local n

	home 'canary_exposure_pct 0' 'settle_batch 2'
	member alice bob
	skill=$(offer bob 1)
	for n in 1 2 3 4; do
		orders $n | at bzn-escrow lock |
		    jq -c '{task_id, output: {ok: true}}' |
		    at bzn-escrow complete >out
	done
	pass 86400
	for n in $(seq 0 40 400); do
		run tight "$n" bzn-settle --now "$clock"
		[[ $status =~ ^[0678]$ ]] || fail "$n: $status, $output"
		grep '}$' <<<"$output" >>told || true
	done
	at bzn-settle >>told
	is 0 "" "" bash -c 'jq -r .escrow_id told | sort | uniq -d'
	has bob 118.90
	has VAULT 1.10
	sound
}
