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
