# shellcheck shell=bats disable=SC2030,SC2031,SC2034,SC2119,SC2154
# bzn-serve and who starts it: sockets, notices, limits (spec/http.md 3, 9).
load common
load http

@test "a supervisor's socket is served, and he hears how it goes" {
	grid
	: >log
	# Its stderr is what the journal reads: lines have a priority.
	is 0 "" "" env JOURNAL_STREAM="$(stat -c %d:%i log)" python3 \
	    "$BZN_SRC/tests/http/supervise.py" sh -c \
	    "exec bzn-serve --now $clock --sweep off --loops 2 2>>$PWD/log"
	is 0 "reloaded stopping reloaded stopping" "" bash -c "sed 's/^<6>//' log |
	    jq -r '.event // empty' | grep -E 'reloaded|stopping' |
	    paste -sd' '"
	is 1 "" "" grep -v '^<6>{"log":"' log
	is 0 "" "" grep -q '"event":"listening","url":"http://127' log
}

@test "descriptors that are no sockets, and notices to nobody" {
	grid
	is 2 "" "bzn-serve: descriptor 3 is no socket that listens (usage)" \
	    sh -c "LISTEN_PID=\$\$ LISTEN_FDS=1 exec bzn-serve \
	    --now $clock 3</dev/null"
	is 2 "" "bzn-serve: --ready-fd: descriptor 77 is not open (usage)" \
	    bzn-serve --now "$clock" --ready-fd 77
	is 2 "" "bzn-serve: --access-log: descriptor 77 is not open (usage)" \
	    bzn-serve --now "$clock" --access-log fd:77
	is 4 "" "bzn-serve: cannot notify '$PWD/none': No such file or \
directory (no_file)" env NOTIFY_SOCKET="$PWD/none" bzn-serve --now "$clock"
}

@test "limits are parameters, and a refusal is in the form of the API" {
	local one two

	grid 'http_per_address 2' 'http_idle_timeout 50ms'
	serve
	exec {one}<>"/dev/tcp/127.0.0.1/${url##*:}"
	exec {two}<>"/dev/tcp/127.0.0.1/${url##*:}"
	printf 'GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n' >&"$one"
	read -r line <&"$one"
	[[ $line == "HTTP/1.1 200"* ]]
	get /health
	[[ $code == 503 ]]
	grep -i '^retry-after: 1' fields
	grep -iE '^x-request-id: [0-9a-f-]{36}' fields
	is 0 overloaded "" jq -r .code <<<"$body"
	cat <&"$one" >rest		# idle, and so it ends
	exec {one}>&- {two}>&-
}

@test "what is no address, no span, no URL and no home is said so" {
	grid
	is 2 "" "bzn-serve: --listen: no address (usage)" \
	    bzn-serve --now "$clock" --listen ''
	is 2 "" "bzn-serve: --sweep: '30x' is neither a span like 15s nor \
off (usage)" bzn-serve --now "$clock" --sweep 30x
	is 2 "" "bzn-serve: either --routes or --openapi (usage)" \
	    bzn-serve --routes --openapi
	is 4 "" "bzn-serve: no directory '$PWD/none': make a home with \
'bzn-ledger init' (no_ledger)" bzn-serve --home "$PWD/none"
	sed -i 's|^base_url .*|base_url grid.example|' "$BZN_HOME/bzn.conf"
	is 3 "" "bzn-serve: base_url: 'grid.example' is not the URL of a \
grid: scheme and host, no path (bad_conf)" bzn-serve --now "$clock" \
	    --listen 127.0.0.1:0
	sed -i '/^base_url/d' "$BZN_HOME/bzn.conf"
	echo 'trusted_proxies 10.0.0.0/33' >>"$BZN_HOME/bzn.conf"
	is 3 "" "bzn-serve: trusted proxies: '10.0.0.0/33' is not a list of \
networks, such as 10.0.0.0/8, ::1 (bad_conf)" bzn-serve --now "$clock" \
	    --listen 127.0.0.1:0
}

@test "a server that does not end is not left behind" {
	local pid

	grid
	serve
	pid=$(<"$BZN_HOME/pid")
	kill -STOP "$pid"
	patience=1 run unserve
	[[ $status == 1 && $output == *'not in 1 s' ]] || fail "$output"
	[[ ! -e /proc/$pid && ! -e $BZN_HOME/pid ]]
}

# market: alice can buy of bob: $skill.
market() {
	join alice bob
	want 200 as bob post /v1/marketplace/publish \
	    '{"type":"SKILL_OFFER","label":"s","price_tck":0.05}'
	skill=$(jq -r .skill_id <<<"$body")
}

purchase() {
	as alice post /v1/tasks/create \
	    "{\"skill_id\":\"$skill\",\"input_data\":{\"a\":\"$1\"}}"
}

@test "a limit on the size of files is a full disk, and not the end" {
	local n

	grid
	serve
	market
	unserve
	n=$(($(stat -c %s "$BZN_HOME/node.db") / 1024 + 200))
	serve_limited() {
		ulimit -S -f "$n"
		serve
	}
	serve_limited
	expected_in_log=.
	for ((n = 0; n < 200; n++)); do
		purchase "$(printf '%02000d' 0)"
		[[ $code == 200 ]] || break
	done
	[[ $code == 500 ]] || fail "$code: $body"
	jq -e '.code | IN("disk_full", "io_error",
	    "commit_unknown")' <<<"$body" >out
	want 200 get /v1/marketplace
	unserve
	[[ $(sqlite3 "$BZN_HOME/node.db" 'SELECT count(*) FROM escrow_task') \
	    == "$n" ]]
	sound
}

@test "a flood of connections leaves descriptors for the work" {
	local task

	grid
	serve
	market
	want 200 purchase 1
	task=$(jq -r .task_id <<<"$body")
	unserve
	(
		ulimit -n 96
		serve
	)
	url=$(<"$BZN_HOME/url")
	# The first to come may do all that there is to do, for all others.
	is 0 "200 200 200 200" "" python3 "$BZN_SRC/tests/http/crowd.py" "$url" \
	    "$(<"$BZN_HOME/keys/bob")" "$task"
	soon want 200 get /health
	sound
}

# is_ready CODE: what a balancer is told.
is_ready() {
	get /readyz
	[[ $code == "$1" ]]
}

@test "who spreads requests hears of a stop before it comes" {
	grid 'drain_delay_ms 2s'
	serve
	want 200 .ready true .reasons '[]' get /readyz
	kill -TERM "$(<"$BZN_HOME/pid")"
	soon is_ready 503
	want 503 .ready false .reasons '["draining"]' get /readyz
	[[ $(field retry-after) == 1 ]]
	want 200 .status ok get /health		# others are still served
	soon test -e "$BZN_HOME/status"		# all by itself
}
