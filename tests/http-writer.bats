# shellcheck shell=bats disable=SC2016,SC2034,SC2119,SC2120,SC2030,SC2031,SC2154
# The thread that writes: spec/http.md 7 and 9.
load common
load http

# market: a home where alice can buy of bob: $skill.
market() {
	grid "$@"
	serve
	join alice bob
	mint alice 10000
	want 200 as bob post /v1/marketplace/publish \
	    '{"type":"SKILL_OFFER","label":"s","price_tck":1}'
	skill=$(jq -r .skill_id <<<"$body")
}

# purchase KEY [OPTION...]
purchase() {
	as alice post /v1/tasks/create \
	    "{\"skill_id\":\"$skill\",\"input_data\":{}}" \
	    -H "Idempotency-Key: $1" "${@:2}"
}

# buyers N OF: N clients, each of which buys OF times; what was acknowledged
# is in the files got.*, a key a line.
buyers() {
	local n

	shoppers=()
	for ((n = 0; n < $1; n++)); do
		for ((i = 0; i < $2; i++)); do
			printf 'next\nurl = "%s/v1/tasks/create"\n' "$url"
			printf 'output = "one.%d.%d"\n' "$n" "$i"
			printf 'header = "X-API-KEY: %s"\n' \
			    "$(<"$BZN_HOME/keys/alice")"
			printf 'header = "Content-Type: application/json"\n'
			printf 'header = "Idempotency-Key: b-%d-%d"\n' "$n" "$i"
			printf 'data = "{\\"skill_id\\":\\"%s\\",' "$skill"
			printf '\\"input_data\\":{}}"\n'
			printf 'write-out = "%%{http_code} b-%d-%d\\n"\n' \
			    "$n" "$i"
			printf 'silent\n'
		done | sed 1d >"conf.$n"
		curl -K "conf.$n" >"got.$n" 2>/dev/null &
		shoppers+=($!)
	done
}

# clients: until all buyers are done; the server is another child.
clients() {
	wait "${shoppers[@]}"
}

# bought: how many tasks there are, by their locks.
bought() {
	sqlite3 "$BZN_HOME/node.db" 'SELECT count(*) FROM escrow_task'
}

@test "a refusal in a batch is one refusal" {
	market
	buyers 16 4
	want 402 .code insufficient_funds as bob post /v1/trade/escrow/init \
	    '{"seller_id":"alice","amount":1000}'
	clients
	[[ $(cat got.* | grep -c '^200') == 64 ]]
	[[ $(bought) == 64 ]]
	sound
}

@test "another program has the lock: reads go on, writes are told 503" {
	market
	exec 7>>"$BZN_HOME/node.lock"
	flock 7
	want 200 get /v1/marketplace
	want 200 as alice get /v1/tasks/mine
	want 503 .code overloaded .detail 'Server busy' purchase waits
	[[ $(field retry-after) == 1 ]]
	exec 7>&-
	[[ $(bought) == 0 ]]
	want 200 purchase waits
	[[ -z $(jq -r '.idempotent // empty' <<<"$body") ]]
	sound
}

@test "a commit that fails is told, and may be asked for again" {
	local n tries codes=()

	[[ -z $BZN_SAN ]] || skip "the sanitizers want to be loaded first"
	market
	unserve
	expected_in_log=.
	for n in {1..5}; do
		FAULT_DIR=$BZN_HOME FAULT=sync:$n:EIO FAULT_HIT=$PWD/hit.$n \
		    LD_PRELOAD=$BZN_BUILD/preload/fault.so \
		    serve || serve
		for tries in 1 2 3; do
			purchase "fault-$n"
			codes+=("$code")
			[[ $code == 200 ]] && break
			[[ $code == 500 ]]
			jq -e '.code | IN("io_error", "disk_full",
			    "commit_unknown")' <<<"$body" >out
			want 200 get /v1/marketplace
		done
		want 200 .amount_locked 1.00 purchase "fault-$n"
		unserve
		[[ $(bought) == "$n" ]]
	done
	[[ " ${codes[*]} " == *' 500 '* ]] || fail "${codes[*]}: no failure"
	sound
}

@test "TERM under load: whatever was begun is answered, and is there" {
	market
	buyers 8 40
	soon eval '(($(cat got.* | wc -l) > 20))'
	unserve
	wait
	# A reply, or no connection; never a connection without a reply.
	cat got.* | grep -vE '^(200|000) ' && return 1
	[[ $(cat got.* | grep -c '^200') == "$(bought)" ]]
	sound
}
