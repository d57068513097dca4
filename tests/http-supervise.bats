# shellcheck shell=bats disable=SC2154
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
