# shellcheck shell=bats disable=SC2030,SC2031,SC2154
# Idempotency keys: spec/vmp.md 1.9, the matrix of spec/protocols.md 2.3.
load common
load http

setup_file() {
	grid
	serve
	(cd "$BATS_FILE_TMPDIR" && join alice bob)
}

# rotate NODE KEY [BODY]: something that is done once, and is seen.
rotate() {
	local node=$1 key=$2

	as "$node" post /v1/node/key/rotate "${3:-{\}}" \
	    -H "Idempotency-Key: $key"
}

# rotated NODE KEY: the same, and its new key is kept.
rotated() {
	want 200 rotate "$@"
	jq -r .api_key <<<"$body" >"$BZN_HOME/keys/$1"
	[[ $(<"$BZN_HOME/keys/$1") == bn_* ]]
}

@test "the same again is answered as before, and does nothing" {
	rotated alice k1
	[[ -z $(field idempotency-replayed) && $body != *idempotent* ]]
	want 200 .api_key null .idempotent true rotate alice k1
	[[ $(field idempotency-replayed) == true ]]
	want 200 as alice post /v1/node/token
	# Quoted, and with members in another order.
	want 200 .idempotent true rotate alice '"k1"'
	rotated alice k2 '{"a":1,"b":[2,{"x":1,"y":2}]}'
	want 200 .idempotent true rotate alice k2 \
	    '{ "b" : [2.0, {"y":2,"\u0078":1}], "a":1}'
}

@test "other content under a key is a conflict, for ever" {
	rotated alice c1 '{"a":1}'
	want 409 .code id_conflict rotate alice c1 '{"a":2}'
	want 409 .code id_conflict rotate alice c1 '{}'
	want 409 .code id_conflict as alice post \
	    '/v1/node/key/rotate?x=1' '{"a":1}' -H 'Idempotency-Key: c1'
	want 200 .idempotent true rotate alice c1 '{"a":1}'
}

@test "a key in the body, in both, and malformed ones" {
	local long
	long=$(printf 'x%.0s' {1..129})

	want 200 as alice post /v1/node/key/rotate \
	    '{"idempotency_key":"b1","a":1}'
	jq -r .api_key <<<"$body" >"$BZN_HOME/keys/alice"
	want 200 .idempotent true rotate alice b1 '{"a":1}'
	want 200 .idempotent true rotate alice b1 \
	    '{"a":1,"idempotency_key":"b1"}'
	want 400 .code bad_key rotate alice b2 '{"idempotency_key":"b1"}'
	want 400 .code bad_key rotate alice 'a b'
	want 400 .code bad_key rotate alice '""'
	want 400 .code bad_key rotate alice "$long"
	want 400 rotate alice $'\xc3\xa9'
	want 400 .code bad_key as alice post /v1/node/key/rotate \
	    "{\"idempotency_key\":\"${long:0:101}\"}"
	want 400 .code bad_key as alice post /v1/node/key/rotate \
	    '{"idempotency_key":7}'
	want 400 .code bad_key as alice post /v1/node/key/rotate '{}' \
	    -H 'Idempotency-Key;'
	rotated alice "${long:0:128}"
}

@test "another's key is another key" {
	rotated alice shared '{"a":1}'
	rotated bob shared '{"b":2}'
	want 200 .idempotent true rotate alice shared '{"a":1}'
	want 200 .idempotent true rotate bob shared '{"b":2}'
}

@test "sixty-four at once: one acts" {
	local i n

	for i in {1..64}; do
		printf 'url = "%s/v1/node/key/rotate"\noutput = "at.%s"\n' \
		    "$url" "$i"
		printf 'header = "X-API-KEY: %s"\n' "$(<"$BZN_HOME/keys/bob")"
		printf 'header = "Idempotency-Key: at-once"\n'
		printf 'request = POST\nsilent\nnext\n'
	done >conf
	sed -i '$d' conf
	curl --parallel --parallel-max 64 --parallel-immediate -K conf
	n=$(cat at.* | jq -r 'select(.api_key != null) | .api_key' |
	    sort -u | wc -l)
	# Those that came after the commit had a key that had stopped.
	((n == 1))
	jq -r '.api_key // empty' at.* >"$BZN_HOME/keys/bob"
	jq -r '.code // empty' at.* | grep -v auth_failed && return 1
	n=$(sqlite3 "$BZN_HOME/node.db" "SELECT count(*) FROM once_answer
	    WHERE key = 'at-once'")
	((n == 1))
	want 200 .idempotent true rotate bob at-once ''
}

# sell PRICE: a skill of bob.
sell() {
	want 200 as bob post /v1/marketplace/publish \
	    "{\"type\":\"SKILL_OFFER\",\"label\":\"s\",\"price_tck\":$1}"
	skill=$(jq -r .skill_id <<<"$body")
}

# purchase SKILL KEY [OPTION...]
purchase() {
	as alice post /v1/tasks/create \
	    "{\"skill_id\":\"$1\",\"input_data\":{\"a\":1}}" \
	    -H "Idempotency-Key: $2" "${@:3}"
}

@test "sixty-four purchases at once under one key: one lock" {
	local i ids

	sell 1.50
	for i in {1..64}; do
		cat <<-END
		url = "$url/v1/tasks/create"
		output = "buy.$i"
		header = "X-API-KEY: $(<"$BZN_HOME/keys/alice")"
		header = "Content-Type: application/json"
		header = "Idempotency-Key: many"
		data = "{\"skill_id\":\"$skill\",\"input_data\":{\"n\":1}}"
		silent
		next
		END
	done >conf
	sed -i '$d' conf
	curl --parallel --parallel-max 64 --parallel-immediate -K conf
	ids=$(cat buy.* | jq -r .task_id | sort -u)
	[[ $ids =~ ^[0-9a-f-]{36}$ ]] || fail "$ids"
	[[ $(cat buy.* | jq -s 'map(select(.idempotent)) | length') == 63 ]]
	has alice 98.50
	want 409 .code id_conflict purchase "$skill" many
	has alice 98.50
	sound
}

@test "a purchase that is refused does not use up its key" {
	sell 500
	want 402 .code insufficient_funds purchase "$skill" poor
	want 402 .code insufficient_funds purchase "$skill" poor
	mint alice 1000
	want 200 .amount_locked 500.00 purchase "$skill" poor
	has alice 598.50
	want 200 .idempotent true .amount_locked 500.00 purchase "$skill" poor
	has alice 598.50
}

@test "killed between the commit and the reply, then asked again" {
	local pid

	sell 2
	pid=$(<"$BZN_HOME/pid")
	strace -f -qq -p "$pid" -o trace \
	    -e inject=writev,sendmsg,write,sendto:signal=KILL:when=1 \
	    -e trace=writev,sendmsg,write,sendto &
	soon grep -q '^TracerPid:[[:space:]]*[1-9]' "/proc/$pid/status"
	run purchase "$skill" killed
	((status))
	wait
	rm "$BZN_HOME/pid"
	serve
	# What was committed is there, and is told, and is not done again.
	has alice 596.50
	want 200 .idempotent true .amount_locked 2.00 \
	    purchase "$skill" killed
	has alice 596.50
	sound
}

@test "what is kept survives a restart" {
	rotated bob restart
	unserve
	serve
	want 200 .idempotent true rotate bob restart
}
