#!/bin/sh
# market.sh - a small market: three trades and the books behind them.
#
# "make demo" runs this.  Bob sells a skill, alice buys it: once to the
# satisfaction of both, once in dispute, once in vain.  Each command is shown
# as it runs, and the balances at the end are compared with what they must
# be; the exit status says whether they are.
#
# BZN_HOME may say where to keep the homes for a look at them afterwards;
# it must not exist yet.
set -eu

case ${BZN_HOME:-} in
'')	place=$(mktemp -d)
	trap 'rm -rf "$place"' EXIT
	trap 'exit 1' HUP INT TERM ;;
*)	place=$BZN_HOME
	if [ -e "$place" ]; then
		echo "market.sh: '$place' exists: say a new BZN_HOME" >&2
		exit 2
	fi
	mkdir -p "$place" ;;
esac

say() {
	printf '\n# %s\n' "$*"
}

# Commands are shown on a stream of their own, so that what is caught in a
# variable or sent down a pipe is only what the command printed.
exec 3>&1
show() {
	printf '$ %s\n' "$1" >&3
}
run() {
	line=
	for word; do
		case $word in
		*[!A-Za-z0-9_./:=-]*) word="'$word'" ;;
		esac
		line="$line${line:+ }$word"
	done
	show "$line"
	"$@"
}

# A home of its own for each story.  There, --now may move the clock.
open_home() {
	BZN_HOME=$place/$1
	export BZN_HOME
	run bzn-ledger init --no-node --origin "ledger.example/$1"
	echo 'test_clock yes' >"$BZN_HOME/bzn.conf"
}

# To be registered a node must show that it can compute: half the sum of the
# primes among some numbers.  jq makes the answer out of the challenge; its
# variables are not the shell's.
# shellcheck disable=SC2016
answer='{node_id, challenge_id, solution: ([.payload[] |
    select(. as $n | all(range(2; $n); $n % . > 0))] | add / 2 | tostring)}'

register() {
	show "bzn-node challenge $1 | jq \"\$answer\" | bzn-node register"
	bzn-node challenge "$1" | jq -c "$answer" | bzn-node register
}

# Both of them, and one thing to buy: its id is in $skill.
open_market() {
	open_home "$1"
	register bob
	register alice
	skill=$(run bzn-market publish --provider bob --label 'word count' \
	    --price 10.00 | jq -r .skill_id)
	run bzn-market list --table
}

# Alice buys it: the task is in $task, and 10.00 are in its escrow.
buy() {
	job='{"text":"to be or not to be"}'
	show "echo '$job' |
    bzn-escrow lock --buyer alice --skill $skill --input -"
	task=$(echo "$job" |
	    bzn-escrow lock --buyer alice --skill "$skill" --input - |
	    jq -r .task_id)
}

# Bob's work is wc(1): what alice sent goes in, what comes out is delivered.
work() {
	run bzn-escrow claim "$task" --as bob >"$place/claimed"
	show "bzn-escrow show $task | jq -r .input.text | wc -w |
    jq '{words: .}' | bzn-escrow complete $task --as bob --output -"
	bzn-escrow show "$task" | jq -r .input.text | wc -w |
	    jq -c '{words: .}' |
	    bzn-escrow complete "$task" --as bob --output - |
	    jq -c '{status, escrow_status, auto_settle_at}'
}

# later HOURS: the moment so many hours from now, and a minute.
later() {
	date -u -d "$1 hours 1 minute" +%Y-%m-%dT%H:%M:%SZ
}

# holds ACCOUNT AMOUNT: complain unless it does; a missing one holds 0.00.
wrong=0
holds() {
	has=$(bzn-ledger balance --unit TCK | jq -r --arg account "$1" \
	    'select(.account == $account) | .balance')
	if [ "${has:-0.00}" = "$2" ]; then
		printf '%-8s %9s  as it must be\n' "$1" "$2"
	else
		printf '%-8s %9s  but must be %s\n' "$1" "${has:-0.00}" "$2"
		wrong=1
	fi
}

# books BOB ALICE VAULT MINT: what is there, and whether it can be proven.
books() {
	run bzn-ledger balance --table
	run bzn-ledger reconcile --table || wrong=1
	run bzn-ledger verify || wrong=1
	holds bob "$1"
	holds alice "$2"
	holds VAULT "$3"
	holds MINT "$4"
}

say 'A trade.  Two nodes register, with 100.00 each; listing costs 0.50.'
open_market trade

say 'Alice buys: the price is locked, neither hers nor his.'
buy
run bzn-escrow list --table

say 'Bob works, and delivers.  Alice now has 24 hours to object.'
work

say 'She does not.  25 hours later bob is paid, less 3 percent.'
run bzn-settle --now "$(later 25)"
run bzn-ledger history bob --table
run bzn-ledger history alice --table
books 109.20 90.00 0.80 -200.00

say 'A receipt proves all that to whoever has it and the key of the log.'
vkey=$(bzn-ledger show genesis | jq -r .data.log_key)
run bzn-escrow receipt "$task" --as bob >"$place/receipt.json"
run bzn-escrow receipt --check "$place/receipt.json" --vkey "$vkey" |
    jq -c '{result, status, amount, final, parts}'

say 'A dispute.  Alice objects in time, and gets everything back.'
open_market dispute
buy
work
run bzn-escrow dispute "$task" --as alice --reason 'it is six' >"$place/said"
run bzn-escrow resolve "$task" --to refund_buyer |
    jq -c '{status, escrow_status, reason}'
books 99.50 100.00 0.50 -200.00

say 'No delivery.  After 72 hours the money goes back by itself.'
open_market timeout
buy
run bzn-settle --now "$(later 72)"
books 99.50 100.00 0.50 -200.00

if [ "$wrong" != 0 ]; then
	printf '\nThe books are not what they must be.\n' >&2
	exit 1
fi
say 'All books are what they must be.'
