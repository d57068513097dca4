# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
load common

# challenge NODE: a challenge is asked for; $answer is its solution.
challenge() {
	at bzn-node challenge "$1" >asked.json
	answer=$(answers <asked.json | jq -r .solution)
}

@test "a node proves that it computes, and is credited" {
	home
	run --separate-stderr at bzn-node challenge alice
	[[ $status == 0 && -z $stderr && $output =~ ^'{"node_id":"alice",'\
'"challenge_id":"'[0-9a-f-]{36}'","type":"PRIME_SUM_HASH","payload":['\
[0-9,]+'],"instruction":"the sum of the primes in payload, times 0.5",'\
'"timeout_ms":30000,"expires_at":"2026-11-20T08:00:30.000Z"}'$ ]]
	answer=$(answers <<<"$output" | jq -r .solution)
	is 0 '{"node_id":"alice","realm":"production","active":true,'\
'"member_since":"2026-11-20T08:00:00.000Z","strikes":0,'\
'"reputation":1.0,"balance":"100.00","status":"NODE_ACTIVE"}' "" at bzn-node register alice --solution "$answer"
	has alice 100.00
	has MINT -100.00
	bzn-ledger export ndjson | jq -r .entry.type >types
	is 0 "log.genesis
node.registered
REGISTRATION_CREDIT" "" cat types
	sound
}

# sum X...: exact
sum() {
	python3 -c 'import sys; from decimal import Decimal
print(sum(map(Decimal, sys.argv[1:])))' "$@"
}

@test "an answer is right within 0.01" {
	home
	challenge alice
	at bzn-node register alice -s "$(sum "$answer" 0.01)" >out
	challenge carol
	keeps is 3 "" "bzn-node: '1.0000000001' has more than 9 decimals \
(amount_scale)" at bzn-node register carol -s 1.0000000001
	is 9 "" "bzn-node: the answer is wrong: 2 tries left \
(challenge_wrong)" at bzn-node register carol \
	    -s "$(sum "$answer" -0.010000001)"
	at bzn-node register carol -s "$answer.0" >out ||
	    at bzn-node register carol -s "${answer}00" >out
}

@test "vmp 13.25: the third wrong answer ends the challenge" {
	home
	challenge alice
	is 9 "" "bzn-node: the answer is wrong: 2 tries left \
(challenge_wrong)" at bzn-node register alice --solution 1
	keeps is 9 "" "bzn-node: the answer is wrong: 1 try left \
(challenge_wrong)" at bzn-node register alice --solution 1 --dry-run
	is 9 "" "bzn-node: the answer is wrong: 1 try left \
(challenge_wrong)" at bzn-node register alice --solution 1
	is 9 "" "bzn-node: the answer is wrong, and was the last: ask for a \
new challenge (challenge_wrong)" at bzn-node register alice --solution 1
	is 9 "" "bzn-node: 'alice' has no pending challenge: ask for one \
first (no_challenge)" at bzn-node register alice --solution "$answer"
	is 4 "" "bzn-node: no node 'alice' (node_missing)" bzn-node show alice
	challenge alice
	at bzn-node register alice --solution "$answer" >out
	has alice 100.00
}

@test "challenge_tries and challenge_ttl are parameters" {
	home 'challenge_tries 1' 'challenge_ttl 1s'
	challenge alice
	is 9 "" "bzn-node: the answer is wrong, and was the last: ask for a \
new challenge (challenge_wrong)" at bzn-node register alice --solution 1
	challenge alice
	pass 1
	is 9 "" "bzn-node: the challenge is too old: ask for a new one \
(challenge_expired)" at bzn-node register alice --solution "$answer"
}

@test "an answer comes within 30 seconds, or the challenge is gone" {
	home
	challenge alice
	clock=@$((${clock#@} + 29999))
	challenge bob
	clock=@$((${clock#@} + 29999))
	at bzn-node register bob --solution "$answer" >out
	is 9 "" "bzn-node: the challenge is too old: ask for a new one \
(challenge_expired)" at bzn-node register alice --solution 1
	is 9 "" "bzn-node: 'alice' has no pending challenge: ask for one \
first (no_challenge)" at bzn-node register alice --solution 1
}

@test "--challenge names the one that is answered" {
	local old

	home
	challenge alice
	old=$(jq -r .challenge_id asked.json)
	challenge alice
	is 9 "" "bzn-node: 'alice' has no pending challenge: ask for one \
first (no_challenge)" at bzn-node register alice --solution "$answer" \
	    --challenge "$old"
	at bzn-node register alice --solution "$answer" \
	    --challenge "$(jq -r .challenge_id asked.json)" >out
}

@test "a node is registered once" {
	home
	member alice
	is 9 "" "bzn-node: 'alice' is registered (node_exists)" \
	    at bzn-node challenge alice
	is 9 "" "bzn-node: 'alice' is registered (node_exists)" \
	    at bzn-node register alice --solution 1
	has alice 100.00
}

@test "vmp 13.24: a node's name is well formed, and not the system's" {
	local bad

	home
	for bad in ab "a b" a.b é "" "$(printf 'x%.0s' {1..101})"; do
		is 3 "" "bzn-node: '${bad:0:80}' is not a node id of 3 to 100 \
letters, digits, _ and - (bad_id)" at bzn-node challenge "$bad"
	done
	for bad in VAULT mint me Mine botnode-official ESCROW escrow-x \
	    house house1 sandbox-1; do
		is 9 "" "bzn-node: '$bad' is reserved (reserved_id)" \
		    at bzn-node challenge "$bad"
		is 9 "" "bzn-node: '$bad' is reserved (reserved_id)" \
		    at bzn-node register "$bad" --solution 1
	done
	at bzn-node challenge "$(printf 'x%.0s' {1..100})" >out
	at bzn-node challenge a_- >out
}

@test "a solution is a decimal number" {
	local bad

	home
	challenge alice
	for bad in 1e3 NaN -1 "" 0x1 40,0; do
		keeps is 3 "" "bzn-node: '$bad' is not an amount \
(bad_amount)" at bzn-node register alice "--solution=$bad"
	done
	keeps is 3 "" "bzn-node: '9223372036854775808' is too large \
(amount_range)" at bzn-node register alice -s 9223372036854775808
	at bzn-node register alice -s "$answer" >out
}

@test "vmp 13.26: answers at once register once" {
	local i

	home
	challenge alice
	for i in 1 2 3 4 5 6; do
		at bzn-node register alice -s "$answer" >"$i.out" 2>"$i.err" &
	done
	wait
	is 0 1 "" bash -c 'cat *.out | grep -c NODE_ACTIVE'
	is 0 5 "" bash -c 'cat *.err | grep -c "(node_exists)$"'
	has alice 100.00
	has MINT -100.00
	sound
}

@test "vmp 13.14: two nodes use the same key, each for itself" {
	home
	member alice bob
	at bzn-node caps alice --daily 5 --id k1 >a
	at bzn-node caps bob --daily 5 --id k1 >b
	is 0 '"alice" null
"bob" null' "" jq -r '"\(.node_id | tojson) \(.idempotent)"' a b
	is 10 "" "bzn-node: 'k1' was used for another request (id_conflict)" \
	    at bzn-node caps alice --daily 6 --id k1
	# The same key at another verb is another request.
	is 0 null "" bash -c "bzn-node --now $clock policy alice \
	    --action CREATE_TASK --id k1 | jq .idempotent"
}

@test "options that belong to a node need one" {
	home
	is 2 "" "bzn-node: --solution is missing (usage)" \
	    at bzn-node register alice
	is 2 "" "bzn-node: --solution, --challenge and --signup-token need a \
node; without one requests come from stdin (usage)" at bzn-node register --solution 1
	is 2 "" "bzn-node: --solution, --challenge and --signup-token need a \
node; without one requests come from stdin (usage)" at bzn-node register --challenge 1
	is 2 "" "bzn-node: usage: bzn-node register [options] [node] (usage)" \
	    at bzn-node register a b
	is 2 "" "bzn-node: usage: bzn-node show [options] node ... (usage)" \
	    bzn-node show
	is 2 "" "bzn-node: which verb? see bzn-node --help (usage)" bzn-node
}

@test "many at once, from lines of JSON" {
	home
	printf '{"node_id":"%s"}\n' alice VAULT bob x >in
	run --separate-stderr at bzn-node challenge <in
	[[ $status == 3 && ${#lines[@]} == 2 ]]
	[[ $stderr == "bzn-node: stdin:2: 'VAULT' is reserved (reserved_id)
bzn-node: stdin:4: 'x' is not a node id of 3 to 100 letters, digits, _ and - \
(bad_id)" ]]
	answers <<<"$output" >good
	{ echo '{"node_id":"alice","solution":"1"}'; cat good; } >in
	run --separate-stderr at bzn-node register <in
	[[ $status == 9 && ${#lines[@]} == 2 && $stderr == "bzn-node: \
stdin:1: the answer is wrong: 2 tries left (challenge_wrong)" ]]
	has alice 100.00
	has bob 100.00
	sound
}

@test "what is wrong with a line is said with its number" {
	home
	cat >in <<-'END'
		{"node_id":"alice"}
		{"node_id":1}
		{"node":"alice"}
		[]

		{"node_id":"alice"
		{"node_id":"bob","id":"a b"}
		{"node_id":"carol","id":"k"}
		{"node_id":"carol","id":"k"}
		{"node_id":"dave","id":"k"}
	END
	run --separate-stderr at bzn-node challenge <in
	[[ $status == 3 && ${#lines[@]} == 4 ]]
	[[ ${lines[2]} == "${lines[1]%\}}"',"idempotent":true}' ]]
	[[ $stderr == "bzn-node: stdin:2: '/node_id' is not a string (bad_json)
bzn-node: stdin:3: '/node' is not known here (unknown_member)
bzn-node: stdin:4: the document is not an object (bad_json)
bzn-node: stdin:6: byte 18: the text ends too soon (bad_json)
bzn-node: stdin:7: 'a b' is not a key of 1 to 128 visible characters (bad_id)" ]] ||
	    fail "$stderr"
	echo '{"node_id":"alice","solution":40}' >in
	is 3 "" "bzn-node: stdin:1: '/solution' is a number: amounts are \
strings, such as \"1.50\" (bad_json)" at bzn-node register <in
}

@test "--all-or-nothing" {
	home
	printf '{"node_id":"%s"}\n' alice VAULT bob >in
	keeps is 9 "" "bzn-node: stdin:2: 'VAULT' is reserved (reserved_id)" \
	    at bzn-node challenge --all-or-nothing <in
	printf '{"node_id":"%s"}\n' alice bob | at bzn-node challenge |
	    answers >good
	{ cat good; echo '{}'; } >in
	keeps is 3 "" "bzn-node: stdin:3: '/node_id' is missing (bad_json)" \
	    at bzn-node register --all-or-nothing <in
	run --separate-stderr at bzn-node register --all-or-nothing <good
	[[ $status == 0 && ${#lines[@]} == 2 ]]
}

@test "--id: the same request again has the same answer" {
	local first

	home
	first=$(at bzn-node challenge alice --id c1)
	is 0 "${first%\}}"',"idempotent":true}' "" \
	    at bzn-node challenge alice --id c1
	at bzn-node challenge bob --id c1 >other	# a key of his own
	is 0 '"bob"
null' "" jq '.node_id, .idempotent' other
	answer=$(answers <<<"$first" | jq -r .solution)
	is 9 "" "bzn-node: the answer is wrong: 2 tries left \
(challenge_wrong)" at bzn-node register alice --solution 1 --id r1
	first=$(at bzn-node register alice --solution "$answer" --id r1)
	pass 100
	is 0 "${first%\}}"',"idempotent":true}' "" \
	    at bzn-node register alice --solution "$answer" --id r1
	keeps is 0 "${first%\}}"',"idempotent":true,"dry_run":true}' "" \
	    at bzn-node register alice --solution "$answer" --id r1 -n
	is 10 "" "bzn-node: 'r1' was used for another request (id_conflict)" \
	    at bzn-node register alice --solution 1 --id r1
	is 2 "" "bzn-node: --id is for one request: give each line an \"id\" \
(usage)" at bzn-node register --id r1
	has alice 100.00
}

@test "a dry run registers nobody" {
	home
	keeps at bzn-node challenge alice --dry-run >out
	[[ $(jq .dry_run out) == true ]]
	challenge alice
	keeps at bzn-node register alice --solution "$answer" -n >out
	is 0 '"100.00"
true' "" jq '.balance, .dry_run' out
	is 4 "" "bzn-node: no node 'alice' (node_missing)" bzn-node show alice
}

@test "show and list" {
	home
	is 0 "" "" bzn-node list
	is 0 "" "" bzn-node list --table
	member bob alice
	is 0 '{"node_id":"bob","realm":"production","active":true,'\
'"member_since":"2026-11-20T08:00:00.000Z","strikes":0,'\
'"reputation":1.0,"balance":"100.00",'\
'"caps":{"max_spend_daily":null,"max_escrow_per_task":null,'\
'"max_active_exposure_pct":null},"level_warnings":[]}' "" \
	    bzn-node show bob
	run --separate-stderr bzn-node show bob carol alice
	[[ $status == 4 && ${#lines[@]} == 1 &&
	    $stderr == "bzn-node: no node 'carol' (node_missing)" ]]
	is 0 'NODE ID  REALM       ACTIVE  MEMBER SINCE              STRIKES  REPUTATION  BALANCE
alice    production  yes     2026-11-20T08:00:00.000Z        0         1.0   100.00
bob      production  yes     2026-11-20T08:00:00.000Z        0         1.0   100.00' "" \
	    bzn-node list --table
	is 0 "alice bob" "" bash -c 'bzn-node list | jq -r .node_id |
	    paste -sd" "'
}

@test "params: every tunable, and where it comes from" {
	home 'listing_fee 1' '# listing_fee 2' 'dispute_window 90m'
	run --separate-stderr bzn-node params
	printf '%s\n' "${lines[@]}" >all
	[[ $status == 0 && -z $stderr && ${#lines[@]} == \
	    $(grep -c '^PARAM(' "$BZN_SRC/lib/base/param.def") ]]
	is 0 '{"name":"listing_fee","value":"1.00","default":"0.50",'\
'"origin":"bzn.conf","line":2,"meaning":"what publishing a skill costs"}' "" \
	    grep listing_fee all
	is 0 "90m 1d" "" jq -r 'select(.name == "dispute_window") |
	    .value + " " + .default' all
	is 0 "built-in" "" jq -r 'select(.name == "settle_batch") | .origin' \
	    all
	bzn-node params --table | grep -q '^listing_fee  *1.00  *0.50  *bzn.conf'
	run bash -c 'bzn-node params --home /nonexistent | grep -v built-in'
	[[ -z $output ]]
}

@test "a new node may get nothing, or more" {
	home 'initial_node_balance 0'
	member alice
	is 0 '{"node_id":"alice","realm":"production","active":true,'\
'"member_since":"2026-11-20T08:00:00.000Z","strikes":0,'\
'"reputation":1.0,"balance":"0.00",'\
'"caps":{"max_spend_daily":null,"max_escrow_per_task":null,'\
'"max_active_exposure_pct":null},"level_warnings":[]}' "" \
	    bzn-node show alice
	is 0 "" "" bzn-ledger verify -q
}

@test "node: no home, a lock that stays, a full output" {
	is 4 "" "bzn-node: no ledger in '$BZN_HOME': make one with \
'bzn-ledger init' (no_ledger)" bzn-node challenge alice
	is 4 "" "bzn-node: no ledger in '$BZN_HOME': make one with \
'bzn-ledger init' (no_ledger)" bzn-node list
	home
	member alice
	is 7 "" "bzn-node: cannot write standard output (output_failed)" \
	    sh -c 'bzn-node list >/dev/full'
	exec 9>>node.lock
	flock 9
	run --separate-stderr bash -c "exec 9>&-
	    exec bzn-node --now $clock challenge bob --timeout 0"
	exec 9>&-
	[[ $status == 6 && $stderr == "bzn-node: waited 0 ms for the lock, \
held by bzn-node register["*"] since "*" (lock_timeout)" ]]
}
