# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
load common
load health

# The golden day of spec/ops.md 3.4, which ends now.
golden() {
	local day=$((now - 86400000))
	local ten=$((day + 36000000))

	ok() {
		printf "%$((($2 - $1) / 120000))s" "" | tr ' ' o
	}
	printf '{"maint":"disks","from":%s,"to":%s}\n' \
	    $((day + 72000000)) $((day + 73800000))
	printf '{"node":"a","name":"node-b","from":%s,"found":"%s"}\n' \
	    $day "$(ok $day $ten)fff$(ok $((ten + 360000)) \
	    $((day + 50400000)))"
	printf '{"node":"a","name":"node-b","from":%s,"found":"%s"}\n' \
	    $((day + 52200000)) "$(ok $((day + 52200000)) "$now")o"
}

check() {
	ping_now check "$@"
}

# plugin STATUS TEXT OPTIONS...: what a plugin says of node-b.
plugin() {
	local status=$1 text=$2

	shift 2
	is "$status" "$text" "" ping_now check --nagios "$@"
}

@test "the golden day, word for word" {
	sickbay
	golden | health .
	plugin 0 "PING OK - node-b 142 ms, 99.56 % 24h | time=0.142s;1;5;0 \
uptime=99.56%;99.5:;99:;0;100" node-b -w 1,99.5: -c 5,99:
	plugin 1 "PING WARNING - node-b 142 ms, 99.56 % 24h | \
time=0.142s;1;5;0 uptime=99.56%;99.6:;99:;0;100" -H node-b \
	    -w 1,99.6: -c 5,99: -t 5
	plugin 2 "PING CRITICAL - node-b 142 ms, 99.56 % 24h | \
time=0.142s;;;0 uptime=99.56%;;99.9:;0;100" aaaa -c ,99.9:
	plugin 0 "PING OK - node-b 142 ms, 100.00 % 1h | time=0.142s;;;0 \
uptime=100.00%;;;0;100" node-b --window 1h
	is 0 '{"node_id":"'"$(printf '%064d' 0 | tr 0 a)"'","name":"node-b",'\
'"family":"any","url":"https://node.example","state":"up",'\
'"since":"2026-11-27T02:30:00.000Z","suspect":false,"flapping":false,'\
'"maintenance":false,"class":null,"probed_at":"2026-11-27T12:00:00.000Z",'\
'"good_at":"2026-11-27T12:00:00.000Z","age_s":0,"latency_ms":142,'\
'"shifted":false,"last10_ms":142,"day_ms":142.336,'\
'"window":"24h","uptime":"99.56","coverage":"98.08","ok":true,'\
'"status":0,"code":null}' \
	    "" check node-b
}

@test "each range alerts where it says" {
	local range want

	sickbay
	probed a b oooo | health .
	# The value is 0.142 s.
	while read -r want range; do
		is "$want" "PING $([[ $want == 2 ]] && echo CRITICAL || echo \
OK) - b 142 ms, n/a 24h | time=0.142s;;$range;0 uptime=U;;99:;0;100" "" \
		    ping_now check b --nagios -c "$range,99:"
	done <<-'END'
		0 0.142
		2 0.141999
		0 10
		0 0.142:
		2 0.142001:
		2 10:
		0 ~:0.142
		2 ~:0.1
		2 ~:-1
		0 0.1:0.2
		0 0.142:0.142
		2 0.2:0.3
		2 @0.1:0.2
		2 @0.142
		0 @0.2:0.3
		0 @~:0.1
		2 @0:
		0 -5:5
	END
	for range in 20:10 1:2:3 @ : x 1x 1.1234567 ~ 1e3 10,x \
	    99999999999999999999 9982022939020: +1 " 1"; do
		run check b --nagios -w "$range"
		[[ $status == 3 && ${output} == "PING UNKNOWN - "* ]] ||
		    fail "$range: $status $output"
		((${#output} <= 80)) || fail "$range: $output"
	done
}

@test "a plugin says what a node is, and has no other status than 0 to 3" {
	sickbay
	{
		probed a down ooofff
		probed b slow oooosss
		probed c fresh f
		probed d noname oood
		probed e late t
		probed f6 both ooo
		probed f6 both ooofff '"family":"v6"'
		probed 12 tester oooo
		printf '{"maint":"m","from":%s,"to":%s,"node":"a"}\n' \
		    "$(ago 60)" "$(ago -60)"
	} | health .
	local none="uptime=U;;;0;100"

	plugin 2 "PING CRITICAL - down down (connect) since 11:56Z, n/a 24h, \
maintenance | time=U;;;0 $none" down
	plugin 1 "PING WARNING - slow 142 ms degraded, n/a 24h | \
time=0.142s;;;0 $none" slow
	plugin 2 "PING CRITICAL - fresh fails (connect), not decided yet | \
time=U;;;0 $none" fresh
	plugin 0 "PING OK - noname (fails), n/a 24h | time=U;;;0 $none" noname
	plugin 2 "PING CRITICAL - late fails (timeout), not decided yet | \
time=U;;;0 $none" late
	plugin 2 "PING CRITICAL - both v6 down (connect) since 11:56Z, n/a \
24h | time=0.142s;;;0 $none time_v6=U;;;0 uptime_v6=U;;;0;100" both
	plugin 3 "PING UNKNOWN - no node 'nobody' was ever asked how it is" \
	    nobody
	plugin 1 "PING WARNING - slow 142 ms degraded, n/a 24h | \
time=0.142s;;;0 $none
degraded since 2026-11-27T11:56:00.000Z, probed 2026-11-27T12:00:00.000Z, \
HTTP 200, https://node.example" slow -v
	now=$((now + 3600000))
	plugin 3 "PING UNKNOWN - tester not probed for 60 min | time=U;;;0 \
$none" tester
	now=$((now - 3540000))
	plugin 3 "PING UNKNOWN - tester was up 60 s ago, not probed since | \
time=U;;;0 $none" tester --max-age 59s
}

@test "answers that take three times as long as those of the day" {
	sickbay
	# 300 of 50 ms, and then ten of 151: above three times the middle.
	{
		probed a b "$(printf 'o%.0s' {1..300})" '"ms":50'
		probed b c "$(printf 'o%.0s' {1..300})" '"ms":50'
		now=$((now + 1200000))
		probed a b oooooooooo '"ms":151'
		probed b c oooooooooo '"ms":149'
	} >lines
	health . <lines
	plugin 1 "PING WARNING - b 151 ms (day 49 ms), 100.00 % 10h | \
time=0.151s;;;0 uptime=100.00%;;;0;100" b --window 10h
	plugin 0 "PING OK - c 149 ms, 100.00 % 10h | \
time=0.149s;;;0 uptime=100.00%;;;0;100" c --window 10h
	is 0 '["up",true,151,true]' "" bash -c "bzn-ping check b --now @$now |
	    jq -c '[.state, .shifted, .last10_ms, .day_ms < 51]'"
	is 0 '[false,149]' "" bash -c "bzn-ping check c --now @$now |
	    jq -c '[.shifted, .last10_ms]'"
	# Ten are needed.
	probed d e oooooooo | health .
	is 0 '[false,null,null]' "" bash -c "bzn-ping check e --now @$now |
	    jq -c '[.shifted, .last10_ms, .day_ms]'"
}

@test "80 columns, whatever there is to say" {
	sickbay
	{
		probed a nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn \
		    ooottt '"family":"v6"'
		printf '{"maint":"m","from":%s,"to":%s,"node":"a"}\n' \
		    "$(ago 60)" "$(ago -259200)"
	} | health .
	run check aaaa --nagios --window 31536000000ms
	[[ $status == 2 && ${output%%|*} == *", 100.00 % 31536000000m"* ]] ||
	    [[ ${output%%|*} == *", maintenance " ]]
	now=$((now + 86400000))
	run check aaaa --nagios --max-age 9d --window 31536000000ms
	((status == 2)) || fail "$status $output"
	output=${output%%|*}
	((${#output} <= 80)) || fail "${#output}: $output"
	[[ $output == "PING CRITICAL - nnnnn"*"... v6 "* ]] || fail "$output"
}

@test "what a plugin says has to arrive" {
	sickbay
	probed a b oooo | health .
	run --separate-stderr bash -c "bzn-ping check --nagios b --now @$now \
	    >/dev/full"
	[[ $status == 3 && $stderr == *"(output_failed)" ]] ||
	    fail "$status $stderr"
	run --separate-stderr bash -c "bzn-ping check --nagios b --now @$now \
	    >&-"
	[[ $status == 3 && $stderr == *"(output_failed)" ]] ||
	    fail "$status $stderr"
}

@test "a plugin fails as plugins do" {
	local opt

	for opt in --help --version -h -V; do
		run bzn-ping check --nagios $opt
		[[ $status == 3 && -n $output ]] || fail "$opt: $status"
	done
	is 3 "PING UNKNOWN - unknown option '--bogus'" "" \
	    bzn-ping check --bogus --nagios
	is 3 "PING UNKNOWN - --timeout: at most 3600 seconds" "" \
	    bzn-ping check b -t 9999 --nagios
	run bzn-ping check b --nagios --home "$PWD/none"
	[[ $status == 3 && $output == "PING UNKNOWN - no directory "* ]]
	((${#output} <= 80))
	sickbay
	plugin 3 "PING UNKNOWN - a node was named twice" b -H b
	plugin 3 "PING UNKNOWN - --window: '1x' is no time such as 90s, 24h \
or 7d" b --window 1x
}

@test "it ends in time, and that is critical" {
	mkfifo node.db
	is 2 "PING CRITICAL - timed out" "" timeout 20 bzn-ping check b \
	    --nagios -t 1
}

@test "names are foreign: one line, one bar, 80 columns" {
	sickbay
	python3 - "$now" >lines <<-'END'
		import json, sys
		now = int(sys.argv[1])
		names = ["a|b|c", "x\ny\r\u0000z".replace("\0", ""),
		    "\x1b[31mred\x1b[0m", "\u202egnp.exe", "n" * 128,
		    "\u4e2d" * 42, "\U0001f600" * 30, "<script>alert(1)</script>",
		    "a;b=c 'q' \"r\"", "| rm -rf /"]
		for i, name in enumerate(names):
		    print(json.dumps({"node": "%02x" % i, "name": name,
			"from": now - 360000, "found": "oooo"}))
	END
	health . <lines
	python3 - <<-'END'
		import json, os, subprocess, unicodedata
		for line in open("lines"):
		    o = json.loads(line)
		    r = subprocess.run(["bzn-ping", "check", "--nagios", "--now",
			"@" + os.environ["now"], (o["node"] * 32)],
			capture_output=True)
		    text = r.stdout.decode()
		    assert r.returncode == 0 and not r.stderr, r
		    assert text.count("\n") == 1 and text.count("|") == 1, text
		    head = text.split("|")[0]
		    wide = sum(2 if unicodedata.east_asian_width(c) in "WF"
			else 1 for c in head)
		    assert wide <= 80, (wide, head)
		    assert all(c.isprintable() or c == "\n" for c in text), text
		    assert text.split("|")[1] == \
			" time=0.142s;;;0 uptime=U;;;0;100\n", text
	END
}

@test "the status says whether a node is up" {
	sickbay
	{
		probed a good oooo
		probed b bad ooofff
		probed c slow ooosss
		probed d fresh f
	} | health .
	run --separate-stderr check bad
	[[ $status == 1 && $stderr == "bzn-ping: 'bad' is down since \
2026-11-27T11:56:00.000Z (node_down)" ]]
	[[ $(jq -c '[.state, .ok, .code]' <<<"$output") == \
	    '["down",false,"node_down"]' ]]
	run --separate-stderr check slow
	[[ $status == 0 && -z $stderr ]]
	run --separate-stderr check fresh
	[[ $status == 6 && $stderr == "bzn-ping: what 'fresh' is has not been \
decided yet (stale_sample)" ]]
	now=$((now + 300000))
	check good | jq -e '.ok and .state == "up"'
	now=$((now + 1))
	run --separate-stderr check good
	[[ $status == 6 && $stderr == "bzn-ping: 'good' was last probed 300 s \
ago (stale_sample)" ]]
	check good 2>/dev/null | jq -e '.state == "unknown" and
	    .since == "2026-11-27T12:05:00.000Z"'
	run check good --max-age 1h
	[[ $status == 6 ]]
	is 2 "" "bzn-ping: thresholds are for --nagios (usage)" check good -w 1
	is 4 "" "bzn-ping: no node 'x' was ever asked how it is \
(node_missing)" check x
}

@test "of two families the worst is told, which is to know nothing" {
	sickbay
	{
		probed a b ooofff
		printf '{"node":"a","name":"b","found":"ooo","family":"v6",%s}' \
		    "\"from\":$(ago 7200)"
	} | health .
	is 6 '["any","down",1,"node_down"]
["v6","unknown",6,"stale_sample"]' "bzn-ping: 'b' was last probed 6960 s ago \
(stale_sample)" bash -c "set -o pipefail; bzn-ping check b --now @$now |
	    jq -c '[.family, .state, .status, .code]'"
}

@test "without a node it watches the watcher" {
	sickbay
	is 6 '{"swept_at":null,"age_s":null,"targets":0,"answered":0,'\
'"failed":0,"unasked":0,"offline":false,"ok":false,'\
'"status":6,"code":"stale_sample"}' \
	    "bzn-ping: there was no sweep yet (stale_sample)" check
	plugin 2 "PING CRITICAL - there was no sweep yet | age=U targets=U \
failed=U"
	probed a b ooo | health .
	now=$((now + 90250))
	is 0 '{"swept_at":"2026-11-27T12:00:00.250Z","age_s":90,"targets":1,'\
'"answered":1,"failed":0,"unasked":0,"offline":false,"ok":true,'\
'"status":0,"code":null}' "" check
	plugin 0 "PING OK - last sweep 90 s ago, 1 targets | age=90s \
targets=1 failed=0"
	run --separate-stderr check --max-age 1m
	[[ $status == 6 && $stderr == "bzn-ping: the last sweep ended 90 s \
ago (stale_sample)" ]]
	plugin 2 "PING CRITICAL - last sweep 90 s ago, 1 targets | age=90s \
targets=1 failed=0" --max-age 1m
}

@test "what is ahead of the clock is as far off as what is behind" {
	sickbay
	probed a b ooo | health .
	# It came in while we looked.
	now=$((now - 5))
	check b | jq -e '.ok and .age_s == 0 and .state == "up"'
	check b --max-age 1m | jq -e .ok
	check --max-age 1m | jq -e .ok
	# The clock was set back: nobody knows whether anybody looks.
	now=$((now - 86400000))
	run --separate-stderr check b --max-age 10m
	[[ $status == 6 && $stderr == *'(stale_sample)' ]]
	run --separate-stderr check --max-age 10m
	[[ $status == 6 && $stderr == *'(stale_sample)' ]]
}

@test "metrics of a check are all that were promised, whole or not there" {
	local name

	sickbay
	{
		probed a b ooofff
		probed b c "$(printf 'o%.0s' {1..400})"
	} | health .
	check c --prom bzn.prom >out
	for name in bzn_node_up bzn_node_state bzn_probe_seconds \
	    bzn_uptime_ratio bzn_coverage_ratio bzn_probe_failures_total \
	    bzn_incident_open bzn_alert_pending bzn_sweep_end_seconds \
	    bzn_sweep_duration_seconds; do
		grep -q "^# TYPE $name " bzn.prom || fail "no type of $name"
		grep -qE "^$name(\{[^}]*\})? [0-9]" bzn.prom || fail "no $name"
	done
	is 0 3 "" eval 'grep -E "^bzn_probe_failures_total.*class=\"connect\"" \
	    bzn.prom | grep -o "[0-9]*$"'
	# Put in its place by a rename, or what was there stays.
	ln bzn.prom before
	check c --prom bzn.prom >out
	[[ ! bzn.prom -ef before ]] || cmp bzn.prom before
	mkdir not
	is 4 "" "bzn-ping: cannot create 'not': Is a directory (no_file)" \
	    check c --prom not
	is 0 bzn.prom "" eval 'ls | grep prom'
}
