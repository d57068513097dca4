# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
# Every route of the table: made from the table itself.
load common
load http

setup_file() {
	grid "enable_wallet yes"
	serve
	(cd "$BATS_FILE_TMPDIR" && join alice && bzn-serve --routes >routes)
}

@test "wrong types for each member of each body: 422, and never 5xx" {
	is 0 "" "" /usr/bin/python3 "$BZN_SRC/tests/tools/table.py" types \
	    "$url" "$BZN_HOME" "$BATS_FILE_TMPDIR/routes"
}

@test "wrong values for each member of each query: 422" {
	is 0 "" "" /usr/bin/python3 "$BZN_SRC/tests/tools/table.py" queries \
	    "$url" "$BZN_HOME" "$BATS_FILE_TMPDIR/routes"
}

@test "without credentials 401, and with those of nobody" {
	is 0 "" "" /usr/bin/python3 "$BZN_SRC/tests/tools/table.py" nobody \
	    "$url" "$BZN_HOME" "$BATS_FILE_TMPDIR/routes"
}

@test "ids that nobody has: 404" {
	is 0 "" "" /usr/bin/python3 "$BZN_SRC/tests/tools/table.py" unknown \
	    "$url" "$BZN_HOME" "$BATS_FILE_TMPDIR/routes"
}

@test "what a body names, and is not there: 404" {
	local verb none='{"account":"customer:none","amount":1,"reason":"x"}'

	want 404 .error.code no_account admin \
	    get '/api/admin/dzit/balance?email=nobody@example.org'
	for verb in add deduct; do
		want 404 .error.code no_account admin post \
		    "/api/admin/dzit/$verb" "$none" -H "Idempotency-Key: $verb"
	done
	want 404 .error.code skill_missing as alice post /aeis/v1/hold \
	    '{"buyer_id":"alice","seller_id":"nobody","amount":1,
	    "skill_id":"none","input_data":{}}' -H 'Idempotency-Key: hold'
	want 404 .error.code node_missing admin post /aeis/v1/spending_cap \
	    '{"agent_id":"nobody","max_spend_daily":1}'
}

@test "each route is in the document, answers, and nothing else does" {
	is 0 "" "" /usr/bin/python3 "$BZN_SRC/tests/tools/table.py" document \
	    "$url" "$BZN_HOME" "$BATS_FILE_TMPDIR/routes"
}

@test "whatever fits or does not: no 5xx" {
	is 0 "" "" /usr/bin/python3 "$BZN_SRC/tests/tools/table.py" fuzz \
	    "$url" "$BZN_HOME" "$BATS_FILE_TMPDIR/routes" \
	    "${BZN_FUZZ:-400}" "${BZN_SEED:-1}"
}
