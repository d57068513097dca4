# shellcheck shell=bats disable=SC2094,SC2016,SC2030,SC2031,SC2154
# What bzn-ping says of the past: reports, incidents, maintenance.
load common

home() {
	bzn-ledger init --no-node --origin ledger.example/try >made
	echo 'test_clock yes' >bzn.conf
}

# The day of spec/ops.md 3.4, and two others beside it.
golden() {
	home
	bzn-ping maint add --now 2026-11-01T12:00:00Z --reason disks \
	    --from 2026-11-01T20:00:00Z --to 2026-11-01T20:30:00Z >maint
	watched . 2026-11-01T00:00:00Z golden "o300 F f2 o237 .15 o800" \
	    beta "o400 f955" gamma "o5 .1346 o4" >until
	[[ $(<until) == 2026-11-02T21:08:00.000Z ]]
}

now=2026-11-02T21:09:00Z

# figures [OPTION...]: what a report says of one node.
figures() {
	bzn-ping report --now "$now" "$@" | jq -c '[.uptime, .coverage,
	    .worst, .best, .up_ms, .down_ms, .unknown_ms, .maint_ms,
	    .down_s, .incidents]'
}

@test "the golden day, to the millisecond" {
	golden
	is 0 '["99.56","98.08","97.65","99.57",82620000,360000,1620000,
1800000,360,1]' "" bash -c "$(declare -f figures)
	    now=$now figures --day 2026-11-01 golden | sed 's/,1800/,\n1800/'"
	bzn-ping incidents --now "$now" golden >out
	is 0 '["over","2026-11-01T10:00:00.000Z","2026-11-01T10:02:00.000Z",
"2026-11-01T10:06:00.000Z","2026-11-01T10:08:00.000Z",360000]' "" \
	    jq -r '[.state, .began_at, .decided_at, .ended_at,
	    .ended_decided_at, .down_ms] | tojson | sub("02:00.000Z\",";
	    "02:00.000Z\",\n")' out
}

@test "0 all are well, 1 one is down, 6 nothing is known" {
	golden
	is 0 golden "" bash -c "set -o pipefail
	    bzn-ping report --now $now golden | jq -r .name"
	is 1 $'beta\ngamma\ngolden' "bzn-ping: 1 of 3 is down (node_down)" \
	    bash -c "set -o pipefail
	    bzn-ping report --now $now | jq -r .name"
	now=2026-11-02T22:00:00Z
	is 6 golden "bzn-ping: of 1 of 1 nothing is known now (stale_sample)" \
	    bash -c "set -o pipefail
	    bzn-ping report --now $now golden | jq -r .name"
	is 4 "" "bzn-ping: no node 'delta' was ever asked how it is \
(node_missing)" bzn-ping report delta
}

@test "of many the worst is told: nothing known before down" {
	home
	watched . 2026-11-01T00:00:00Z gone "o400 .300" sick "o600 f100" \
	    well o700 >until
	now=2026-11-01T23:20:00Z
	is 6 '["gone",6,"stale_sample"]
["sick",1,"node_down"]
["well",0,null]' "bzn-ping: of 1 of 3 nothing is known now, and 1 of 3 is \
down (stale_sample)" bash -c "set -o pipefail
	    bzn-ping report --now $now | jq -c '[.name, .status, .code]'"
	is 6 '["gone","open",6,"stale_sample"]
["sick","missed",1,"sla_missed"]
["well","met",0,null]' "bzn-ping: of 1 of 3 it depends on what is not known, \
or not yet; 1 of 3 missed 99 % (stale_sample)" bash -c "set -o pipefail
	    bzn-ping sla --window 23h --target 99 --now $now |
	    jq -c '[.name, .verdict, .status, .code]'"
}

@test "an empty store: nothing was ever looked at" {
	home
	is 6 "" "bzn-ping: no node was ever looked at: 'bzn-ping sweep' does \
(stale_sample)" bzn-ping report
	is 0 "" "" bzn-ping incidents
	is 0 "" "" bzn-ping maint list
}

@test "below 95 % known there is a ~, below 50 % no uptime" {
	home
	watched . 2026-11-01T00:00:00Z some "o180 .181 o360" \
	    few "o180 .400 o141" one "f2" >until
	now=2026-11-02T00:01:00Z
	bzn-ping report --now "$now" --day 2026-11-01 >out 2>err || (($? == 6))
	is 0 '["few","n/a","44.65","44.65"]
["one","n/a","0.00","0.00"]
["some","~100.00","75.06","75.06"]' "" \
	    jq -c '[.name, .uptime, .coverage, .worst]' out
}

@test "slow is degraded, and counts as up unless the parameter says no" {
	home
	watched . 2026-11-01T00:00:00Z slow "o360 s361" >until
	now=2026-11-02T00:01:00Z
	bzn-ping report --now "$now" --day 2026-11-01 >out
	is 0 '["degraded","100.00","100.00",43200000,43200000]' "" jq -c \
	    '[.state, .uptime, .worst, .up_ms, .degraded_ms]' out
	echo 'health_degraded_up no' >>bzn.conf
	bzn-ping report --now "$now" --day 2026-11-01 >out
	is 0 '["degraded","50.00","50.00",43200000,43200000]' "" jq -c \
	    '[.state, .uptime, .worst, .up_ms, .degraded_ms]' out
}

@test "latency: what came too late is above all that came" {
	home
	watched . 2026-11-01T00:00:00Z ok o100 late "o98 t1 o1 t1 o30" >until
	bzn-ping report --now 2026-11-01T05:00:00Z >out || (($? == 6))
	is 0 '["late",129,2,true,true,false,false]
["ok",100,0,true,true,true,true]' "" jq -c '[.name, .ok, .failed,
	    (.p50_ms > 49 and .p50_ms < 52), (.p95_ms < 56), has("p99_ms"),
	    has("max_ms")]' out
	is 0 '["connect","dns","first","tls"]' "" bash -c \
	    'bzn-ping report -v --now 2026-11-01T05:00:00Z ok 2>err |
	    jq -c ".phases | keys"'
}

@test "with samples on stdin those nodes and no others" {
	golden
	id=$(printf beta | sha256sum | cut -c 1-64)
	printf '{"node_id":"%s"}\n{"node_id":"%s"}\n' "$id" "$id" >samples
	is 1 beta "bzn-ping: 1 of 1 is down (node_down)" bash -c "
	    set -o pipefail
	    cat samples | bzn-ping report --now $now | jq -r .name"
	is 1 $'beta\ngolden' "bzn-ping: 1 of 2 is down (node_down)" bash -c "
	    set -o pipefail
	    bzn-ping report --now $now - golden <samples | jq -r .name"
	is 0 golden "" bash -c "set -o pipefail
	    bzn-ping report --now $now golden <samples | jq -r .name"
	is 3 gamma "bzn-ping: stdin:1: '/node_id' is missing (bad_json)" \
	    bash -c "set -o pipefail
	    (echo '{}'; printf '{\"node_id\":\"%s\"}\n' \
	    \$(printf gamma | sha256sum | cut -c 1-64)) |
	    bzn-ping report --now $now | jq -r .name"
}

@test "windows: spans, days of 23 and 25 hours, this and last" {
	golden
	for each in "--day 2026-03-29 82800000" "--day 2026-10-25 90000000" \
	    "--month 2026-02 2419200000" "--week 2026-W13 601200000" \
	    "--quarter 2026-Q1 7772400000"; do
		read -r option value length <<<"$each"
		is 0 "$length" "" bash -c "bzn-ping report --now $now golden \
		    $option $value --tz Europe/Berlin 2>err |
		    jq '.up_ms + .degraded_ms + .down_ms + .unknown_ms +
		    .maint_ms'"
	done
	is 0 '["2026-11-01T00:00:00.000Z","2026-11-02T21:09:00.000Z"]' "" \
	    bash -c "bzn-ping report --now $now golden --month this |
	    jq -c '[.from, .to]'"
	is 0 '["2026-09-30T22:00:00.000Z","2026-10-31T23:00:00.000Z"]' "" \
	    bash -c "bzn-ping report --now $now golden --month last \
	    --tz Europe/Berlin | jq -c '[.from, .to]'"
}

@test "windows that are none" {
	home
	is 2 "" "bzn-ping: --window: '30x' is not a span such as 24h or 30d, \
of at most ten years (usage)" bzn-ping report --window 30x
	is 2 "" "bzn-ping: --window, --day, --week, --month and --quarter \
exclude each other (usage)" bzn-ping report --window 30d --day last
	is 2 "" "bzn-ping: --tz is for --day, --week, --month and --quarter \
(usage)" bzn-ping report --window 30d --tz UTC
	is 2 "" "bzn-ping: --month: '2026-03-01' is not one, such as 2026-03, \
nor 'this' or 'last' (usage)" bzn-ping report --month 2026-03-01
	is 3 "" "bzn-ping: 'Mars/Base' is not the name of a time zone, such as \
Europe/Berlin (bad_zone)" bash -c "bzn-ping report --day last --tz Mars/Base \
	    2>&1 >&2 | sed 's/there is no time zone .*/X/' >&2; exit 3" ||
	    is 3 "" "bzn-ping: there is no time zone 'Mars/Base' in \
/usr/share/zoneinfo (bad_zone)" bzn-ping report --day last --tz Mars/Base
	is 3 "" "bzn-ping: that has not begun yet (bad_time)" \
	    bzn-ping report --day 2999-01-01
}

@test "a table for people has the same" {
	golden
	bzn-ping report --now "$now" --day 2026-11-01 --table >out || (($? == 1))
	is 0 "golden up 99.56 98.08 97.65 99.57 120 360 1" "" awk \
	    '/^golden/ { print $1, $2, $4, $5, $6, $7, $8, $9, $10 }' out
}

@test "incidents: those of a time, and those that go on" {
	golden
	is 0 $'golden over\nbeta open' "" bash -c "bzn-ping incidents \
	    --now $now | jq -r '.name + \" \" + .state'"
	is 0 'beta' "" bash -c "bzn-ping incidents --open --now $now |
	    jq -r .name"
	is 0 'beta 3600000' "" bash -c "bzn-ping incidents --window 1h \
	    --now $now | jq -r '.name + \" \" + (.down_ms | tostring)'"
	is 0 "" "" bzn-ping incidents gamma --now "$now"
	is 4 "" "bzn-ping: no node 'delta' was ever asked how it is \
(node_missing)" bzn-ping incidents delta
}

@test "maintenance: once, weekly, ended" {
	golden
	now=2026-10-24T00:00:00Z
	bzn-ping maint add --node beta --weekly 'Sun 02:30' --for 90m \
	    --tz Europe/Berlin --reason restart --now "$now" >out
	id=$(jq -r .maintenance_id out)
	# The clock shows half past two twice on that day: it is the first.
	is 0 '["planned","2026-10-25T00:30:00.000Z",
"2026-10-25T02:00:00.000Z"]' "" bash -c "jq -c '[.state, .next_from,
	    .next_to]' out | sed 's/,\"2026-10-25T02/,\n\"2026-10-25T02/'"
	is 0 '["running","2026-10-25T00:30:00.000Z"]' "" bash -c "
	    bzn-ping maint list --node beta --now 2026-10-25T01:00:00Z |
	    jq -c 'select(.weekly) | [.state, .next_from]'"
	is 0 '["planned","2026-11-01T01:30:00.000Z"]' "" bash -c "
	    bzn-ping maint list --node beta --now 2026-10-25T02:00:00Z |
	    jq -c 'select(.weekly) | [.state, .next_from]'"
	bzn-ping maint end "${id:0:20}" --now 2026-11-02T00:00:00Z >out
	is 0 over "" jq -r .state out
	is 4 "" "bzn-ping: there is no maintenance '$id' that could be ended \
(no_maintenance)" bzn-ping maint end "$id" --now 2026-11-02T00:00:01Z
	# What was before it is still cut out: one Sunday of the report.
	is 0 5400000 "" bash -c "bzn-ping report beta --day 2026-11-01 \
	    --now 2026-11-02T21:09:00Z 2>err | jq '.maint_ms - 1800000'"
	is 0 2 "" bash -c "bzn-ping maint list --all --now \
	    2026-12-01T00:00:00Z | grep -c '\"over\"'"
	# Who counts from the log has to know of it: three entries.
	beta=$(printf beta | sha256sum | cut -c 1-64)
	bzn-ledger export ndjson >log
	is 0 "[\"health.maintenance\",\"all\",\"$(printf disks | sha256sum |
	    cut -c 1-64)\",1793563200000,1793565000000]
[\"health.maintenance\",\"$beta\",\"$(printf restart | sha256sum |
	    cut -c 1-64)\",0,150,5400000,\"Europe/Berlin\"]
[\"health.maintenance_end\",1793577600000]" "" jq -c '.entry |
	    select(.type | startswith("health.maintenance")) |
	    [.type, .data.node, .data.reason_sha256] + (.data |
	    if .weekday then [.weekday, .minute, .length_ms, .zone]
	    else [.from_ms, .to_ms, .ended_ms] end) | map(select(. != null))' \
	    log
	is 0 "" "" bzn-ledger verify -q
	is 0 '[[12,13],[1,null]]' "" bash -c "bzn-ping sla --target 1 \
	    beta --day 2026-11-01 --now 2026-11-03 2>err |
	    jq -c '.exclusions | map([.seq, .end_seq])'"
}

@test "maintenance that cannot be" {
	home
	is 2 "" "bzn-ping: say why, with --reason: reports do (usage)" \
	    bzn-ping maint add --for 1h
	is 2 "" "bzn-ping: give --to or --for (usage)" bzn-ping maint add \
	    --reason x
	is 2 "" "bzn-ping: --weekly needs --for, and --to is when there will \
be no more (usage)" bzn-ping maint add --reason x --weekly 'Sun 02:30'
	is 2 "" "bzn-ping: --weekly: there is no such time: 'Sun 24:00' \
(usage)" bzn-ping maint add --reason x --weekly 'Sun 24:00' --for 1h
	is 2 "" "bzn-ping: --weekly: 'Sunday' is not a day and a time, such as \
'Sun 02:30' (usage)" bzn-ping maint add --reason x --weekly Sunday --for 1h
	is 3 "" "bzn-ping: maintenance would end before it begins (bad_time)" \
	    bzn-ping maint add --reason x --to 2020-01-01
	is 4 "" "bzn-ping: no node 'zeta' was ever asked how it is \
(node_missing)" bzn-ping maint add --reason x --for 1h --node zeta
	for each in 0 99999999d 367d 10ms; do
		is 2 "" "bzn-ping: --for: from 1s to 366d (usage)" \
		    bzn-ping maint add --reason x --for "$each"
	done
	local long=(--for 1h)
	for each in from to; do
		is 3 "" "bzn-ping: --$each: 'soon' is not a time like \
2026-11-20T06:52:52Z (bad_time)" bzn-ping maint add --reason x \
		    "--$each=soon" "${long[@]}"
		long=()
	done
	is 2 "" "bzn-ping: list takes --node and --all only (usage)" \
	    bzn-ping maint list --reason x
	is 2 "" "bzn-ping: end takes an id only (usage)" \
	    bzn-ping maint end 00 --for 1h
	is 2 "" "bzn-ping: --all is for list (usage)" \
	    bzn-ping maint add --all --for 1h --reason x
	is 2 "" "bzn-ping: add, list or end? (usage)" bzn-ping maint cancel
	is 0 "" "" bzn-ping maint list --all
}

@test "maint: --id makes it once, --dry-run not at all" {
	home
	is 0 true "" bash -c "bzn-ping maint add --dry-run --reason x \
	    --for 1h | jq .dry_run"
	is 0 "" "" bzn-ping maint list
	bzn-ping maint add --id m1 --reason x --for 1h >one
	is 0 true "" bash -c "bzn-ping maint add --id m1 --reason x --for 1h |
	    jq .idempotent"
	is 0 1 "" bash -c "bzn-ping maint list | wc -l"
}

# sla [OPTION...]: what it says of one node, for people.
sla() {
	bzn-ping sla --now 2026-11-03T00:00:00Z "$@" 2>err >out
	printf '%s ' "$?"
	jq -c '[.verdict, .allowed_s, .used_s, .left_s, .incidents,
	    .longest_s, .mttr_s, .mtbf_s]' out
	cat err
}

@test "sla: 360 s of a day with 1,620 unknown: met, missed, or open" {
	golden
	# 84,600 s are no maintenance.
	is 0 '0 ["met",2115,360,1755,1,360,360,82620]' "" bash -c \
	    "$(declare -f sla); sla --day 2026-11-01 --target 97.5 golden"
	is 0 '6 ["open",846,360,486,1,360,360,82620]
bzn-ping: of 1 of 1 it depends on what is not known, or not yet (stale_sample)' \
	    "" bash -c \
	    "$(declare -f sla); sla --day 2026-11-01 --target 99 golden"
	is 0 '1 ["missed",84,360,-276,1,360,360,82620]
bzn-ping: 1 of 1 missed 99.9 % (sla_missed)' "" bash -c \
	    "$(declare -f sla); sla --day 2026-11-01 --target 99.9 golden"
	# 2,340 s = 1,980 / 84,600 is 2.3404 %: the edge, to the step.
	is 0 '["met","97.65"]' "" bash -c "bzn-ping sla --day 2026-11-01 \
	    --target 97.6595 --now 2026-11-03 golden |
	    jq -c '[.verdict, .worst]'"
	is 6 open "" bash -c "set -o pipefail; bzn-ping sla --day 2026-11-01 \
	    --target 97.6596 --now 2026-11-03 golden 2>err | jq -r .verdict"
	is 0 '[["disks","2026-11-01T20:00:00.000Z"]]' "" bash -c "bzn-ping \
	    sla --day 2026-11-01 --target 90 --now 2026-11-03 golden |
	    jq -c '.exclusions | map([.reason, .from])'"
}

@test "sla: the checkpoint that holds the transitions" {
	golden
	bzn-ping sla --day 2026-11-01 --target 90 --now 2026-11-03 golden >out
	is 0 '[5,false]' "" jq -c '[.changes, has("checkpoint")]' out
	bzn-ledger checkpoint >note
	bzn-ping sla --day 2026-11-01 --target 90 --now 2026-11-03 golden >out
	is 0 true "" jq '.checkpoint.size > .last_seq' out
	is 0 "$(sed -n 3p note | base64 -d | xxd -p -c 64)" "" \
	    jq -r .checkpoint.root out
}

@test "sla: a month that is not over, and what is no target" {
	golden
	# 2,590,200 s of November are no maintenance.
	is 6 '["open",2590,360,2230]' "" bash -c "set -o pipefail
	    bzn-ping sla --month 2026-11 --target 99.9 golden \
	    --now 2026-11-03 2>err |
	    jq -c '[.verdict, .allowed_s, .used_s, .left_s]'"
	is 1 '["missed",25]' "" bash -c "set -o pipefail
	    bzn-ping sla --month 2026-11 --target 99.999 golden \
	    --now 2026-11-03 2>err | jq -c '[.verdict, .allowed_s]'"
	is 2 "" "bzn-ping: what was promised?  Say --target 99.9 (usage)" \
	    bzn-ping sla --month last
	for bad in 100.1 x 99. .9 99.99999 -1; do
		is 2 "" "bzn-ping: --target: '$bad' is not a percentage such \
as 99.9, with up to four decimals (usage)" bzn-ping sla --target "$bad"
	done
	is 3 "" "bzn-ping: that has not begun yet (bad_time)" \
	    bzn-ping sla --target 99 --month 2999-01
}

@test "explain: which probes, which rule, and what else could have been" {
	golden
	id=$(bzn-ping incidents golden --now "$now" | jq -r .incident_id)
	bzn-ping explain "${id:0:20}" --now "$now" >out
	is 0 'sample 10:00:00 up connect
sample 10:00:03 up connect
sample 10:02:00 down connect
change 10:00:00 down connect
sample 10:04:00 down connect
sample 10:06:00 down -
sample 10:08:00 up -
change 10:06:00 up -' "" bash -c 'jq -r "select(.what == \"sample\" or
	    .what == \"change\") | \"\(.what) \(.at[11:19]) \(.state) \(
	    .class // \"-\")\"" out | tail -n +2'
	is 0 'had the probe that decided been answered: no incident
had no failure been repeated at once: down from 2026-11-01T10:00:00.000Z, '\
'decided at 2026-11-01T10:04:00.000Z, until 2026-11-01T10:06:00.000Z
with health_down_after 2: down from 2026-11-01T10:00:00.000Z, decided at '\
'2026-11-01T10:00:03.000Z, until 2026-11-01T10:06:00.000Z
with health_down_after 4: down from 2026-11-01T10:00:00.000Z, decided at '\
'2026-11-01T10:04:00.000Z, until 2026-11-01T10:06:00.000Z' "" jq -r \
	    'select(.what == "otherwise") | .text' out
	is 0 "failed (connect): 3 in a row, of 3" "" jq -r \
	    'select(.at == "2026-11-01T10:02:00.000Z") | .text' out
	# Each change is a leaf of the log.
	seq=$(jq 'select(.what == "change" and .state == "down") | .seq' out)
	is 0 health.state "" bash -c "bzn-ledger show $seq |
	    jq -r 'first(.. | .type? // empty)'"
	is 4 "" "bzn-ping: no incident begins with '0000' (no_incident)" \
	    bzn-ping explain 0000
}

@test "explain: what was decided stays so, whatever the parameters are now" {
	golden
	id=$(bzn-ping incidents golden --now "$now" | jq -r .incident_id)
	bzn-ping explain "$id" --now "$now" |
	    jq -c 'select(.what == "change")' >before
	echo 'health_down_after 5' >>bzn.conf
	bzn-ping explain "$id" --now "$now" >out
	is 0 "$(<before)" "" jq -c 'select(.what == "change")' out
	is 0 "failed (connect): 3 in a row, of 5" "" jq -r \
	    'select(.at == "2026-11-01T10:02:00.000Z") | .text' out
}

@test "explain: who looked was cut off in the midst of it" {
	home
	watched . 2026-11-01T00:00:00Z cut "o9 f4 x2 o3" >until
	id=$(bzn-ping incidents --now 2026-11-01T01:00:00Z |
	    jq -r .incident_id)
	bzn-ping explain "$id" --now 2026-11-01T01:00:00Z >out
	is 0 'sample 00:16 up
sample 00:18 up
sample 00:20 up
sample 00:22 down
change 00:18 down
sample 00:24 down
sample 00:26 unknown
change 00:26 unknown
sample 00:28 unknown
sample 00:30 unknown
sample 00:32 up
change 00:30 up' "" jq -r 'select(.what == "sample" or .what == "change") |
	    "\(.what) \(.at[11:16]) \(.state)"' out
	is 0 "who looked was cut off: it counts for nothing" "" jq -r \
	    'select(.at[11:16] == "00:26" and .what == "sample") | .text' out
}

@test "explain: what maintenance hid is an incident by its end" {
	home
	bzn-ping maint add --now 2026-11-01T00:00:00Z --reason disks \
	    --from 2026-11-01T00:30:00Z --to 2026-11-01T01:00:00Z >maint
	watched . 2026-11-01T00:00:00Z a "o5 f5 o10 f20 o5" >until
	bzn-ping incidents --now 2026-11-01T01:31:00Z >incidents
	is 0 '["00:10:00","00:20:00"]
["01:00:00","01:20:00"]' "" jq -c '[.began_at[11:19], .ended_at[11:19]]' \
	    incidents
	id=$(tail -n 1 incidents | jq -r .incident_id)
	bzn-ping explain "$id" --now 2026-11-01T01:31:00Z >out
	is 0 $'01:00 down\n01:00 down\n01:00 down\n01:00 down' "" jq -r \
	    'select(.what == "otherwise") | "\(.at[11:16]) \(.state)"' out
	is 0 'had the probe that decided been answered: down from '\
'2026-11-01T01:00:00.000Z, decided at 2026-11-01T00:44:00.000Z, until '\
'2026-11-01T01:20:00.000Z' "" jq -rn \
	    'first(inputs | select(.what == "otherwise")) | .text' out
	# And of the one before it nothing but that.
	id=$(head -n 1 incidents | jq -r .incident_id)
	is 0 $'no\n00:10\n00:10\n00:10' "" bash -c "bzn-ping explain $id \
	    --now 2026-11-01T01:31:00Z | jq -r 'select(.what == \"otherwise\") |
	    .at[11:16] // \"no\"'"
}

@test "explain: from the changes, when the samples are gone" {
	home
	watched . 2026-11-01T00:00:00Z old "o30 f9 o1600" >until
	id=$(bzn-ping incidents --now 2026-11-05 | jq -r .incident_id)
	is 0 'change down 01:00:00
change up 01:18:00' "" bash -c "bzn-ping explain $id | jq -r '
	    select(.what != \"rule\") | \"\(.what) \(.state) \(
	    .at[11:19])\"'"
	is 0 'true true' "" bash -c "bzn-ping explain $id | jq -r '
	    select(.what == \"change\") | .seq > 0' | xargs"
}

@test "bundle: a signed file, which others verify, and no other" {
	golden
	echo 'correct horse' >pw && chmod 600 pw
	export BZN_PASSPHRASE_FILE=$PWD/pw
	bzn-keygen identity -q >names
	id=$(bzn-ping incidents golden --now "$now" | jq -r .incident_id)
	is 0 "" "" bzn-ping bundle "$id" -o b.json --now "$now"
	is 0 '[360,7,3,2,1,0]' "" jq -c '[.down_s, (.samples | length),
	    (.changes | length), (.addresses | length),
	    (.certificates | length), .samples_left_out]' b.json
	verify=(bzn-sign verify -n bzn-incident-v1 --key
	    identity/node_public.pem --at "$now")
	is 0 true "" bash -c "${verify[*]} <b.json |
	    jq -s '.[0].code == \"ok\"'"
	for each in '.down_ms = 0' '.samples |= .[1:]' '.name = "beta"' \
	    '.changes[0].effective_at = .issued_at' '.checkpoint = ""'; do
		jq -c "$each" b.json >bad
		run "${verify[@]}" <bad
		((status == 1))
	done
	# Each change has a receipt, which the log's own key vouches for.
	vkey=$(jq -r 'select(.vkey) | .vkey' made)
	n=$(jq '.changes | length' b.json)
	((n > 0))
	for ((i = 0; i < n; i++)); do
		jq -rj ".changes[$i].receipt" b.json >receipt
		bzn-ledger receipt --check receipt --vkey "$vkey" >checked
	done
	is 10 "" "bzn-ping: 'b.json' exists already (id_conflict)" \
	    bzn-ping bundle "$id" -o b.json --now "$now"
	is 0 "" "" bzn-ping bundle "$id" -o b.json --force --now "$now"
}

@test "bundle: what does not count is shown, with its entries of the log" {
	golden
	echo 'correct horse' >pw && chmod 600 pw
	export BZN_PASSPHRASE_FILE=$PWD/pw
	bzn-keygen identity -q >names
	id=$(bzn-ping incidents golden --now "$now" | jq -r .incident_id)
	bzn-ping maint add --node golden --from 2026-11-01T10:04:00Z \
	    --to 2026-12-01 --reason 'said afterwards' --now "$now" >late
	bzn-ping maint end "$(jq -r .maintenance_id late)" --now "$now" >ended
	bzn-ping bundle "$id" -o b.json --now "$now"
	is 0 '[240,[["said afterwards","2026-11-01T10:04:00.000Z",true]]]' "" \
	    jq -c '[.down_s, (.maintenance | map([.reason, .from,
	    .announced_at > .from]))]' b.json
	vkey=$(jq -r 'select(.vkey) | .vkey' made)
	for each in "" end_; do
		jq -rj ".maintenance[0].${each}receipt" b.json >receipt
		is 0 "$(jq -r ".maintenance[0].${each}id" b.json)" "" bash -c "
		    bzn-ledger receipt --check receipt --vkey $vkey | jq -r .entry.id"
	done
}

@test "maintenance: who has the log alone comes to the same figures" {
	local from to
	golden
	bzn-ping maint add --node beta --weekly 'Sun 02:30' --for 90m \
	    --tz Europe/Berlin --reason weekly --now 2026-10-20 >weekly
	bzn-ping maint add --node gamma --from 2026-11-01T00:03:00Z \
	    --to 2026-12-01 --reason 'for long' --now 2026-11-01 >long
	bzn-ping maint end "$(jq -r .maintenance_id long)" \
	    --now 2026-11-01T00:07:00Z >ended
	bzn-ping maint add --node beta --from 2026-11-01T19:50:00Z \
	    --to 2026-11-01T20:10:00Z --reason before --now 2026-11-01 >both
	bzn-ledger export ndjson >books
	for to in 2026-11-02T00:00:00Z 2026-11-01T20:15:00Z \
	    2026-11-01T02:00:00Z; do
		from=$(date -ud "$to - 24 hours" +%s)000
		python3 "$BZN_SRC/tests/tools/uptime.py" "$from" \
		    "$(date -ud "$to" +%s)000" <books >want
		bzn-ping report --window 24h --now "$to" 2>err >figures ||
		    (($? == 1 || $? == 6))
		jq -r '"\(.node_id) \(.family) \(.up_ms) \(.degraded_ms) " +
		    "\(.down_ms) \(.unknown_ms)"' figures | sort >got
		cmp want got || fail "$to: $(diff want got)"
		is 0 3 "" eval 'grep -c "" got'
	done
	is 0 golden "" jq -r 'select(.maint_ms == 0) | .name' figures
}
