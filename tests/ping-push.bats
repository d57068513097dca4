# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2119,SC2120,SC2154
# Jobs that say how they went are nodes to all that looks at nodes.
load common

# pushed NAME STATUS...: a minute each.
pushed() {
	local name=$1 status

	shift
	for status; do
		pass 60
		at bzn-ping push --name "$name" --status "$status"
	done
}

@test "the status with which a job ended is kept, and told" {
	home
	pushed backup 0 3
	is 1 '["push","down","exit",3,null,""]' "bzn-ping: 'backup' is down \
since 2026-11-20T08:02:00.000Z (node_down)" bash -c "set -o pipefail
	    bzn-ping check backup --now $clock | jq -c '[.family, .state,
	    .class, .exit, .latency_ms, .url]'"
	is 0 '[3,"down"]' "" bash -c "sqlite3 node.db \
	    'SELECT data FROM alert_alert' | jq -c '[.exit, .state]'"
	pass 1
	id=$(bzn-ping incidents --now "$clock" | jq -r .incident_id)
	is 0 'the word of a job is enough; unknown after 5m without one
the job ended with 3
down from here on, and no longer up: decided at 2026-11-20T08:02:00.000Z, '\
'by the job'\''s own word' "" bash -c "bzn-ping explain $id --now $clock |
	    jq -r 'select(.at != \"2026-11-20T08:01:00.000Z\") | .text'"
	pushed backup 0
	is 0 '["up",null,0]' "" bash -c "bzn-ping check backup --now $clock |
	    jq -c '[.state, .class, .exit]'"
}

@test "a plugin of Nagios knows jobs, too" {
	local id

	home
	pushed backup 0 3
	is 2 "PING CRITICAL - backup down (exit 3) since 08:02Z, n/a 24h | \
time=U;;;0 uptime=U;;;0;100
down since 2026-11-20T08:02:00.000Z, probed 2026-11-20T08:02:00.000Z, exit 3" \
	    "" at bzn-ping check --nagios -v backup
	# By its id as well.
	id=$(bzn-ping check backup --now "$clock" 2>err | jq -r .node_id)
	is 2 backup "" bash -c "set -o pipefail
	    bzn-ping check --nagios --now $clock $id | cut -d' ' -f4"
	is 1 backup "bzn-ping: 1 of 1 is down (node_down)" bash -c "
	    set -o pipefail
	    bzn-ping report --now $clock $id | jq -r .name"
}

@test "a job that was recorded is replayed as it was" {
	home
	pushed backup 0 7 0
	# All that a sample has, in a file of its own.
	bzn-ping replay >kept
	is 0 $'up\ndown\nup' "" jq -r 'select(.event == "change") | .to' kept
	for each in '.exit = 256' '.exit = -1' '.exit = 1' '.exit = "1"'; do
		jq -nc '{v: 1, node_id: ("ab" * 32), url: "", family: "push",
		    started_at: "2026-11-20T08:00:00Z", mono_ms: 1, ok: true,
		    slow: false, class: null, exit: 0, signed: false,
		    confirm: false, sweep_id: "s"} | '"$each" >bad
		run --separate-stderr bzn-ping replay bad
		[[ $status == 3 && $stderr == *"'/exit' "* ]] ||
		    fail "$each: $status $stderr"
	done
}
