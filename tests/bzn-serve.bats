# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
load common
load http

@test "the table of routes, and the document that is made of it" {
	is 0 "" "" bash -c 'bzn-serve --routes | jq -r "[.method, .path] |
	    @tsv" | sort >routes'
	is 0 "" "" bash -c 'bzn-serve --openapi | jq -r ".paths | to_entries[] |
	    .key as \$p | .value | keys[] | [ascii_upcase, \$p] | @tsv" |
	    sort >paths'
	(($(wc -l <routes) > 5))
	sed -i 's:/\*$:/{path}:' routes
	diff routes paths
}

@test "options that are wrong" {
	grid
	is 2 "" "bzn-serve: --access-log: -, fd:N or off (usage)" \
	    bzn-serve --access-log x
	is 2 "" "bzn-serve: --loops: at most 64 (usage)" bzn-serve --loops 65
	is 9 "" "bzn-serve: --clock is for homes whose bzn.conf says \
'test_clock yes' (test_clock_off)" bzn-serve --home . --clock /dev/null
}

@test "one server a home, and none without a store" {
	grid
	serve
	is 6 "" "bzn-serve: another bzn-serve has '$BZN_HOME/serve.lock' \
(lock_timeout)" bzn-serve --now "$clock" --listen 127.0.0.1:0
	rm -f none/serve.lock
	mkdir none
	run bzn-serve --home none --listen 127.0.0.1:0
	[[ $status == 4 ]]
}

@test "make run: a home is made, and what is printed can be done" {
	local pid lines=()

	export BZN_HOME=$PWD/new
	sh "$BZN_SRC/examples/node.sh" --listen 127.0.0.1:0 3>&- >out 2>err &
	pid=$!
	soon grep -q /v1/node/register out
	grep -q "^URL        http://127.0.0.1:[0-9]*$" out
	[[ $(stat -c %a new/identity/admin_key) == 600 ]]
	mapfile -t lines < <(grep '^  curl' out)
	((${#lines[@]} == 3))
	for line in "${lines[@]}"; do
		is 0 '' '' bash -c "set -o pipefail; $line >said"
	done
	kill "$pid"
	wait "$pid"
	is 0 "" "" bzn-ledger verify -q
}

# signed_all: the newest checkpoint is of the whole log.
signed_all() {
	[[ $(sqlite3 "$BZN_HOME/node.db" "SELECT h.size - max(c.size)
	    FROM ledger_head h, ledger_checkpoint c") == 0 ]]
}

@test "sweeps run inside, and sign what they did" {
	grid
	serve --sweep 1s
	join alice bob
	skill=$(offer bob 10)
	task=$(buy alice "$skill")
	deliver "$task"
	pass 86400
	soon has bob 109.20
	soon signed_all
	at bzn-settle >out
	[[ ! -s out ]]
	sound
}
