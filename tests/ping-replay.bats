# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2119,SC2120,SC2154
# Recorded samples under other rules; what jobs push; what nodes have of
# their own; what this node itself has forgotten.
load common

node=$(printf 'ab%.0s' {1..32})

# samples LETTERS [INTERVAL]: a sweep each: ok, slow, failed, or Offline.
samples() {
	python3 - "$1" "${2:-120}" "$node" <<-'END'
		import json, sys
		from datetime import datetime, timedelta, timezone
		at = datetime(2026, 11, 21, tzinfo=timezone.utc)
		for i, c in enumerate(sys.argv[1]):
		    when = (at + timedelta(seconds=i * int(sys.argv[2])))
		    text = when.strftime("%Y-%m-%dT%H:%M:%S.000Z")
		    ms = int(when.timestamp() * 1000)
		    ok = c in "os"
		    print(json.dumps({
		        "v": 1, "node_id": sys.argv[3],
		        "url": "https://n.example", "family": "any",
		        "started_at": text, "mono_ms": ms, "ok": ok,
		        "slow": c == "s", "class": None if ok else "timeout",
		        "total_ms": 10, "signed": True, "confirm": False,
		        "sweep_id": "s%d" % i}))
		    if c == "O":
		        print(json.dumps({
		            "v": 1, "sweep_id": "s%d" % i, "began_at": text,
		            "ended_at": text, "unasked": 0, "offline": True}))
	END
}

# became [OPTION...]: changes of the samples on stdin: "12:00 down 12:04".
became() {
	bzn-ping replay "$@" - | jq -r 'select(.event == "change") |
	    "\(.effective_at[11:16]) \(.to) \(.decided_at[11:16])"'
}

# news [OPTION...]: alerts of the samples on stdin.
news() {
	bzn-ping replay "$@" - | jq -r 'select(.event == "alert") |
	    "\(.news) \(.kind) \(.at[11:16])"'
}

@test "samples become states by the rules of the home" {
	home
	is 0 $'00:00 up 00:00\n00:04 down 00:08\n00:10 up 00:12' "" \
	    became < <(samples oofffoo)
	is 0 $'kept down 00:08\nkept recovered 00:12' "" \
	    news < <(samples oofffoo)
	# Whoever looked was cut off: that says nothing of the node.
	is 0 $'00:00 up 00:00\n00:04 unknown 00:04\n00:10 up 00:10' "" \
	    became < <(samples ooOOOoo)
	is 0 "kept observer-offline 00:04" "" news < <(samples ooOOOoo)
	# Nobody looked for too long.
	is 0 "" "" cmp <(samples oo 600 | became) - <<-'END'
		00:00 up 00:00
		00:05 unknown 00:10
		00:10 up 00:10
	END
	is 0 "0 0" "" jq -r '"\(.series) \(.samples)"' <(bzn-ping stats)
}

@test "other rules gain and lose alerts" {
	home
	is 0 $'00:00 up 00:00\n00:04 down 00:06\n00:08 up 00:10' "" \
	    became --down-after 2 < <(samples ooffoo)
	is 0 $'gained down 00:06\ngained recovered 00:10' "" \
	    news --down-after 2 < <(samples ooffoo)
	# What is the same incident is told of later or earlier, not anew.
	is 0 $'kept down 00:06\nkept recovered 00:12' "" \
	    news --down-after 2 < <(samples oofffoo)
	is 0 $'lost down 00:08\nlost recovered 00:12' "" \
	    news --down-after 4 < <(samples oofffoo)
	is 0 $'kept down 00:08\nlost recovered 00:12' "" \
	    news --up-after 3 < <(samples oofffoo)
	is 0 "gained degraded 00:02" "" \
	    news --slow-after 2 < <(samples ssoo)
	is 0 "" "" news --slow-after 3 < <(samples ssoo)
	is 0 $'00:00 up 00:00\n00:00 degraded 00:04\n00:06 up 00:06' "" \
	    became --ok-after 1 < <(samples sssoo)
	is 0 "00:00 up 00:00" "" became --interval 10m < <(samples oo 600)
	run --separate-stderr bzn-ping replay --down-after 2 \
	    <(samples oofffoo) --json
	[[ ${lines[-1]} == '{"event":"total","sweeps":7,"samples":7,'* ]]
	[[ ${lines[-1]} == *'"changes":3,"alerts":2,"gained":0,"lost":0}' ]]
}

@test "uptime as it would have been, and as it is" {
	home
	samples oofffooooo >some
	# 18 minutes and the 10 ms of the last probe.
	is 0 '["66.66","100.00",360,1080010,1,null]' "" bash -c "
	    bzn-ping replay some | jq -c 'select(.event == \"report\") |
	    [.uptime, .coverage, .down_s, .up_ms + .down_ms, .incidents,
	    .was]'"
	is 0 '["100.00",0,0,"66.66",360,1]' "" bash -c "bzn-ping replay --down-after 4 some |
	    jq -c 'select(.event == \"report\") | [.uptime, .down_s,
	    .incidents, .was.uptime, .was.down_s, .was.incidents]'"
}

@test "what is no sample is complained of with its line" {
	home
	samples oo >some
	echo '{"v":1}' >>some
	is 3 "" "bzn-ping: some:3: '/sweep_id' is missing (bad_json)" \
	    bzn-ping replay some
	sed -i 3d some
	jq -nc '{v: 1, sweep_id: "", began_at: "2026-11-21T00:00:00Z",
	    ended_at: "2026-11-21T00:00:00Z", unasked: 0, offline: false}' \
	    >>some
	is 3 "" "bzn-ping: some:3: '/sweep_id' is too long, or has control \
characters in it (bad_json)" bzn-ping replay some
	sed -i '3s/"",/"s",/; 3s/:0,/:-1,/' some
	is 3 "" "bzn-ping: some:3: '/unasked' is negative (bad_json)" \
	    bzn-ping replay some
	sed 's/,."sweep_id".*/}/; 3d' some >nobody
	is 3 "" "bzn-ping: nobody:1: '/sweep_id' is missing (bad_json)" \
	    bzn-ping replay nobody
	is 3 "" "bzn-ping: long:1: a line of over 1048576 bytes (too_long)" \
	    eval 'head -c 1100000 /dev/zero >long; bzn-ping replay long'
	is 4 "" "bzn-ping: cannot open 'none': No such file or directory \
(no_file)" bzn-ping replay none
	is 2 "" "bzn-ping: how many in a row: from 1 to 100 (usage)" \
	    bzn-ping replay --down-after 0 some
	is 2 "" "bzn-ping: --interval: from 1s to 366d (usage)" \
	    bzn-ping replay --interval 10ms some
	sed -i 3d some
	is 0 "00:00 up 00:00" "" env -u BZN_HOME HOME="$PWD/none" bash -c \
	    'bzn-ping replay some | jq -r "select(.event == \"change\") |
	    \"\\(.effective_at[11:16]) \\(.to) \\(.decided_at[11:16])\""'
}

@test "maintenance and what a node has of its own hold in a replay" {
	home
	sqlite3 node.db "INSERT INTO health_maint VALUES ('m', '$node',
	    unixepoch('2026-11-21') * 1000,
	    unixepoch('2026-11-21 01:00') * 1000, NULL, NULL, NULL, 'UTC',
	    'disks', 1, 1, NULL)"
	is 0 "" "" news < <(samples oofffoo)
	sqlite3 node.db "DELETE FROM health_maint; INSERT INTO health_setting
	    (node_id, interval_ms, signed) VALUES ('$node', 600000, 0)"
	is 0 "00:00 up 00:00" "" became < <(samples oo 600)
}

# push STATUS [OPTION...]
push() {
	is 0 "" "" at bzn-ping push --status "$@"
}

# states: of the series, as they are kept.
states() {
	sqlite3 node.db "SELECT name, state FROM health_node ORDER BY name"
}

@test "a job says how it went, and its own word is enough" {
	home
	push 0 --name backup
	pass 60
	push 3 --name backup
	push 0
	is 0 $'backup|3\njob|1' "" states
	pass 60
	push 0 --name backup
	is 0 $'backup|1\njob|1' "" states
	is 0 $'down\nrecovered' "" jq -r .kind <(bzn-ping replay |
	    jq 'select(.event == "alert")')
	is 0 $'0|backup\n4|backup' "" sqlite3 node.db "SELECT kind,
	    json_extract(data, '\$.name') FROM alert_alert ORDER BY made_ms"
	# It is no sweep: who watches the watcher is not to be deceived.
	is 0 0 "" sqlite3 node.db "SELECT count(*) FROM health_sweep"
	keeps is 0 "" "" at bzn-ping push -s 1 -n
	is 0 "" "" at bzn-ping push -s 1 --id x
	keeps is 0 "" "" at bzn-ping push -s 1 --id x
	is 10 "" "bzn-ping: 'x' was used for another request (id_conflict)" \
	    at bzn-ping push -s 0 --id x
	is 2 "" "bzn-ping: --status is missing: how did it go? (usage)" \
	    bzn-ping push
	is 2 "" "bzn-ping: --status: at most 255 (usage)" bzn-ping push -s 256
	run --separate-stderr bzn-ping push -s 1 --name ' x'
	[[ $status == 2 && $stderr == *"--name: is not text of"* ]]
	is 0 "" "" bzn-ledger verify -q
}

@test "replay of what is kept is what was decided" {
	local s

	home 'health_check_interval 60s'
	for s in 0 0 3 3 0 1 0 0; do
		push "$s" --name a
		push "$((s ? 0 : 9))" --name b
		pass 60
	done
	pass 600
	push 0 --name a
	bzn-ping replay | jq -r 'select(.event == "change") | [.node_id,
	    .from, .to, .effective_at, .decided_at, .cause] | @tsv' >replayed
	sqlite3 -tabs node.db "SELECT n.node_id,
	    substr('unknown up      degradeddown    ', c.from_state * 8 + 1, 8),
	    substr('unknown up      degradeddown    ', c.to_state * 8 + 1, 8),
	    strftime('%Y-%m-%dT%H:%M:%fZ', c.effective_ms / 1000.0, 'unixepoch'),
	    strftime('%Y-%m-%dT%H:%M:%fZ', c.decided_ms / 1000.0, 'unixepoch'),
	    CASE c.cause WHEN 0 THEN 'probe' WHEN 1 THEN 'gap' END
	    FROM health_change c JOIN health_node n ON n.id = c.node
	    ORDER BY n.name, n.node_id, c.n" | sed 's/ *\t/\t/g' >kept
	(($(wc -l <kept) > 9))
	diff <(sort kept) <(sort replayed)
}

@test "what a node has of its own is set, shown and taken away" {
	local own a b

	home
	push 0 --name a
	push 0 --name b
	a=$(sqlite3 node.db "SELECT node_id FROM health_node WHERE name = 'a'")
	b=$(sqlite3 node.db "SELECT node_id FROM health_node WHERE name = 'b'")
	own="{\"node_id\":\"$a\",\"interval_ms\":null,\"owner\":null,"
	own+='"depends":null,"require_signed":false}'
	keeps is 0 "${own%\}},\"dry_run\":true}" "" at bzn-ping set a -n
	is 0 "{\"node_id\":\"$a\",\"interval_ms\":300000,\
\"owner\":\"ops@n.example\",\"depends\":\"$b\",\"require_signed\":true}" "" \
	    at bzn-ping set a --interval 5m --owner ops@n.example \
	    --depends b --require-signed yes
	is 0 "300000|ops@n.example|$b|1" "" sqlite3 node.db "SELECT
	    interval_ms, owner, depends, signed FROM health_setting
	    WHERE node_id = '$a'"
	is 10 "" "bzn-ping: a node cannot depend on itself, by way of others \
(id_conflict)" at bzn-ping set b --depends "${a:0:12}"
	is 10 "" "bzn-ping: a node cannot depend on itself (id_conflict)" \
	    at bzn-ping set b --depends b
	is 0 "$own" "" at bzn-ping set a --interval 0 --owner '' --depends '' \
	    --require-signed no
	is 2 "" "bzn-ping: --interval: from 1s to 366d (usage)" \
	    at bzn-ping set a --interval 999ms
	is 2 "" "bzn-ping: --require-signed: 'maybe' is not yes or no (usage)" \
	    at bzn-ping set a --require-signed maybe
	is 4 "" "bzn-ping: no node 'none' was ever asked how it is \
(node_missing)" at bzn-ping set none
	run --separate-stderr at bzn-ping set a --owner 'a b@c'
	[[ $status == 3 && $stderr == *'(bad_email)' ]]
}

@test "what this node has forgotten is found" {
	home
	is 0 "" "" at bzn-ping self
	member alice bob
	mint alice 100
	skill=$(offer bob 10)
	deliver "$(buy alice "$skill")"
	at bzn-settle >out
	is 0 "" "" at bzn-ping self
	pass $((2 * 86400))
	run --separate-stderr at bzn-ping self
	[[ $status == 1 && $stderr == *'need a person (needs_a_person)' ]]
	is 0 $'settle_overdue\ncheckpoint_late' "" jq -r .finding <<<"$output"
	at bzn-settle >out
	is 0 "" "" at bzn-ping self
	sqlite3 node.db "INSERT INTO health_sweep (id, began_ms, ended_ms,
	    targets, ok, failed, unasked, offline) VALUES ('s',
	    ${clock#@} - 7200000, ${clock#@} - 7200000, 0, 0, 0, 0, 0)"
	is 1 sweep_late "bzn-ping: 1 thing of this node needs a person \
(needs_a_person)" eval 'at bzn-ping self >found; status=$?
	    jq -r .finding found; (exit $status)'
	sqlite3 node.db "DELETE FROM health_sweep"
	sqlite3 node.db "INSERT INTO alert_alert (id, ref, kind, n, data,
	    made_ms, due_ms, state, attempts) VALUES
	    ('a', 'a', 0, 0, '{}', 1, 1, 'failed', 9),
	    ('b', 'b', 0, 0, '{}', 1, 1, 'pending', 0)"
	run --separate-stderr at bzn-ping self
	is 0 $'alerts_failed 1\nalerts_late null' "" \
	    jq -r '"\(.finding) \(.count)"' <<<"$output"
	[[ $status == 0 && ${#output} -gt 0 ]]
}

@test "what this node depends on is looked at" {
	home
	# Of the clock: the log is ahead of it.
	pass 3600
	mint alice 1
	pass -1800
	is 1 clock "bzn-ping: 1 thing of this node needs a person \
(needs_a_person)" bash -c "set -o pipefail
	    bzn-ping self --now $clock | jq -r .finding"
	pass 1800
	at bzn-ledger checkpoint >note
	is 0 "" "" at bzn-ping self
	# Of the lock: somebody has it and does not let go.
	exec 5>>node.lock
	flock 5
	echo "bzn-serve[42] since 2026-11-20T09:00:00.000Z" 1<>node.lock >&1
	pass 59
	is 0 "" "" at bzn-ping self
	pass 1
	is 1 'lock_held 2026-11-20T09:00:00.000Z bzn-serve[42] since '\
'2026-11-20T09:00:00.000Z' "bzn-ping: 1 thing of this node needs a person \
(needs_a_person)" bash -c "set -o pipefail; bzn-ping self --now $clock |
	    jq -r '\"\(.finding) \(.since) \(.detail)\"'"
	exec 5>&-
	is 0 "" "" at bzn-ping self
	# Of the lock, too: it is nobody's to write to.
	chmod 666 node.lock
	is 1 lock "bzn-ping: 1 thing of this node needs a person \
(needs_a_person)" bash -c "set -o pipefail
	    bzn-ping self --now $clock | jq -r .finding"
	chmod 600 node.lock
	# Of the keys.
	chmod 755 identity
	run --separate-stderr at bzn-ping self
	[[ $status == 1 && $output == '{"finding":"keys",'* ]]
}
