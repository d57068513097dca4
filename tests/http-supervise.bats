# shellcheck shell=bats disable=SC2154
# bzn-serve and who starts it: sockets, notices, limits (spec/http.md 3, 9).
load common
load http

@test "a supervisor's socket is served, and he hears how it goes" {
	grid
	is 0 "" "" python3 "$BZN_SRC/tests/http/supervise.py" sh -c \
	    "exec bzn-serve --now $clock --sweep off --loops 2 2>$PWD/log"
	is 0 "reloaded stopping" "" bash -c "jq -r '.event // empty' log |
	    grep -E 'reloaded|stopping' | paste -sd' '"
}

@test "descriptors that are no sockets, and notices to nobody" {
	grid
	is 2 "" "bzn-serve: descriptor 3 is no socket that listens (usage)" \
	    sh -c "LISTEN_PID=\$\$ LISTEN_FDS=1 exec bzn-serve \
	    --now $clock 3</dev/null"
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
