# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2034,SC2119,SC2120,SC2154,SC2094,SC2129,SC2238
# Sweeps over nodes that say what they are told to: tests/tools/turns.py.
load common

# One server for all, told of what to say by a pipe.
setup_file() {
	local name port seed

	export PATH="$BZN_BUILD/bin:$BZN_BUILD/tools:$PATH" LC_ALL=C
	cd "$BATS_FILE_TMPDIR" || return 1
	mkfifo told said
	python3 "$BZN_SRC/tests/tools/turns.py" a b c d ref1 ref2 beat \
	    <told >said 3>&- &
	echo $! >pid
	exec 8>told 9<said
	while read -r name port seed <&9 && [[ $name != ready ]]; do
		echo "http://127.0.0.1:$port" >"$name.url"
		identity "$name" "$seed"
		echo 'test_clock yes' >"$name/bzn.conf"
		bzn-card show --home "$name" --now @1795161600000 \
		    --name "$name" --endpoint "$(<"$name.url")" >"$name.card"
	done
}

teardown_file() {
	exec 8>&- 9<&-
	wait "$(<"$BATS_FILE_TMPDIR/pid")" || true
}

# says NODE LETTERS: what it answers from now on.
says() {
	local ignored

	echo "$1 $2" >&8
	read -r ignored <&9
}

# asked NODE: the paths that it was asked for since the last time.
asked() {
	local paths

	echo "$1" >&8
	read -r paths <&9
	echo "$paths"
}

# peers NODE...: a home that has pinned them, on a clock of its own.
peers() {
	local n

	home 'health_confirm_least 1ms' 'health_confirm_most 1ms' "${lines[@]}"
	for n in "$@"; do
		says "$n" g
		asked "$n" >asked
		at bzn-card import --pin "$BATS_FILE_TMPDIR/$n.card" >imported
	done
}

# sweep [OPTION...]: of this machine's nodes, without anything on stdin.
sweep() {
	at bzn-ping sweep --allow-private "$@" </dev/null
}

# found: of the samples in $output: name by id, and what was found.
found() {
	jq -r '"\(.node_id[:4]) \(if .ok then if .slow then "slow" else "ok"
	    end else .class end)\(if .confirm then " again" else "" end)"' |
	    sort
}

id() {
	cut -c1-4 "$BATS_FILE_TMPDIR/$1/identity/node_id.txt"
}

# states: of the nodes, as they are kept: name and number.
states() {
	sqlite3 node.db "SELECT group_concat(name || state, ' ')
	    FROM (SELECT * FROM health_node ORDER BY name, family)"
}

lines=()

@test "all known peers are asked, and are what they say" {
	peers a b
	run --separate-stderr sweep
	[[ $status == 0 && -z $stderr ]] || fail "$status $stderr"
	echo "$output" >out
	is 0 "$(printf '%s\n' "$(id a) ok" "$(id b) ok" | sort)" "" found <out
	is 0 "true true 1.0" "" jq -rs '.[0] |
	    "\(.signed) \(.ok) \(.version)"' out
	is 0 "a1 b1" "" states
	is 0 "/api/health" "" asked a
	is 0 "2 2 2 0" "" jq -r '"\(.series) \(.samples) \(.changes)
	    \(.incidents)" | gsub("\\s+"; " ")' <(bzn-ping stats)
	# What was found out is signed at once.
	is 0 "$(bzn-ledger verify | jq .size)" "" sqlite3 node.db \
	    "SELECT max(size) FROM ledger_checkpoint"
}

@test "three failures make it down, the repetition in a sweep is one" {
	peers a b
	sweep >out
	pass 120
	says a f
	run --separate-stderr sweep
	[[ $status == 0 ]]
	is 0 "$(printf '%s\n' "$(id a) http" "$(id a) http again" \
	    "$(id b) ok" | sort)" "" found <<<"$output"
	is 0 "a1 b1" "" states
	pass 120
	run --separate-stderr sweep
	[[ $status == 1 && $stderr == *': 1 of 2 is down (node_down)' ]]
	is 0 "a3 b1" "" states
	is 0 "0|a" "" sqlite3 node.db "SELECT kind,
	    json_extract(data, '\$.name') FROM alert_alert"
	# It is decided: no repetition, and nobody is told twice.
	pass 120
	run --separate-stderr sweep
	[[ $status == 1 ]]
	is 0 "$(printf '%s\n' "$(id a) http" "$(id b) ok" | sort)" "" \
	    found <<<"$output"
	says a g
	pass 120
	is 1 "" "bzn-ping: 1 of 2 is down (node_down)" eval 'sweep >out'
	pass 120
	is 0 "" "" eval 'sweep >out'
	is 0 $'0\n4' "" sqlite3 node.db "SELECT kind FROM alert_alert
	    ORDER BY made_ms"
	is 0 "" "" bzn-ledger verify -q
}

@test "up means the right node, and a signature if that is asked for" {
	peers a b c
	says a w
	says b u
	run --separate-stderr sweep
	[[ $status == 0 ]]
	is 0 "$(printf '%s\n' "$(id a) badsig" "$(id a) badsig again" \
	    "$(id b) slow" "$(id c) ok" | sort)" "" found <<<"$output"
	pass 120
	is 0 "$(printf '%s\n' "$(id b) badsig" "$(id b) badsig again")" "" \
	    found < <(sweep --require-signed b)
	pass 120
	at bzn-ping set b --require-signed yes >set
	run --separate-stderr sweep b c
	[[ $status == 1 && $stderr == *'1 of 2 is down (node_down)' ]]
	is 0 "$(printf '%s\n' "$(id b) badsig" "$(id c) ok" | sort)" "" \
	    found <<<"$output"
}

@test "a node of ours, whose key is pinned, is up" {
	local url

	peers a
	mkdir served
	cp -r "$BATS_FILE_TMPDIR/d/identity" served
	echo 'test_clock yes' >served/bzn.conf
	bzn-ledger init --home served --now "$clock" --origin d.example/log \
	    >made
	mkfifo ready
	bzn-serve --home served --listen 127.0.0.1:0 --now "$clock" \
	    --sweep off --ready-fd 4 4>ready 3>&- >log 2>&1 &
	url=$(jq -r .url ready)
	bzn-card show --home served --now "$clock" --name d \
	    --endpoint "$url" >d.card
	at bzn-card import --pin d.card >imported
	run --separate-stderr sweep d
	kill %%
	wait %% || true
	[[ $status == 0 ]] || fail "$output $stderr"
	# It lacks what is optional, and says so.
	is 0 "true 200 true" "" jq -r '"\(.ok) \(.http) \(.signed)"' \
	    <<<"$output"
}

@test "cards on standard input, of whomever, one pipe" {
	peers a
	run --separate-stderr bash -c 'bzn-card list |
	    bzn-ping sweep --allow-private --now "$1"' - "$clock"
	[[ $status == 0 && -z $stderr && $(wc -l <<<"$output") == 1 ]] ||
	    fail "$status $output $stderr"
	is 0 "a1" "" states
	pass 120
	bzn-card list | at bzn-ping sweep --allow-private |
	    at bzn-ping report --window 30d >out
	is 0 "a up" "" jq -r '"\(.name) \(.state)"' out
	# Cards of nodes that nobody knows here; each once.
	pass 120
	says b g
	cat "$BATS_FILE_TMPDIR"/{a,b,b}.card >cards
	is 0 "$(printf '%s\n' "$(id a) ok" "$(id b) ok" | sort)" "" \
	    found < <(at bzn-ping sweep --allow-private - <cards)
	is 0 "a1 b1" "" states
	# The name of a peer that is pinned is that of its key.
	cp -r "$BATS_FILE_TMPDIR/c" other
	bzn-card show --home other --now "$clock" --name a \
	    --endpoint "$(<"$BATS_FILE_TMPDIR/c.url")" >>cards
	echo '{"node_id":"x"' >>cards
	head -c 1100000 /dev/zero | tr '\0' x >>cards
	echo >>cards
	sed 's/"name":"b"/"name":"B"/' "$BATS_FILE_TMPDIR/b.card" >>cards
	pass 120
	run --separate-stderr at bzn-ping sweep --allow-private \
	    --targets cards
	[[ $status == 10 && ${#lines[@]} == 2 ]] || fail "$status $stderr"
	[[ ${stderr_lines[0]} == *"cards:4: 'a' is pinned with the key "* ]]
	[[ ${stderr_lines[0]} == *'(key_changed)' ]]
	[[ ${stderr_lines[1]} == *'cards:5: '*'(bad_json)' ]]
	[[ ${stderr_lines[2]} == *'cards:6: '*'(too_long)' ]]
	[[ ${stderr_lines[3]} == *'cards:7: '*'(bad_signature)' ]]
	# Names, a line each.
	pass 120
	printf '# whom\na\n' >names
	is 0 "$(id a) ok" "" found < <(sweep --targets names)
}

@test "nobody who was revoked is asked, nor who is nowhere" {
	peers a b
	at bzn-card revoke b --reason gone >out
	is 0 "$(id a) ok" "" found < <(sweep)
	is 1 "" "bzn-ping: the key of 'b' was revoked (revoked)" sweep b
	run --separate-stderr sweep zz
	[[ $status == 4 && $stderr == *'(node_missing)' ]]
	run --separate-stderr bash -c 'bzn-card list |
	    bzn-ping sweep --allow-private --now "$1"' - "$clock"
	[[ $status == 0 && -z $stderr && $(wc -l <<<"$output") == 1 ]]
}

@test "who looks and is cut off says so, and blames nobody" {
	lines=("health_references $(<"$BATS_FILE_TMPDIR/ref1.url") \
$(<"$BATS_FILE_TMPDIR/ref2.url")")
	peers a b
	says ref1 g
	says ref2 g
	is 0 "" "" eval 'sweep >out'
	for _ in 1 2 3; do
		pass 120
		says a r
		says b r
		says ref1 r
		says ref2 r
		is 6 "" "bzn-ping: no reference answers and most nodes do \
not: this machine is cut off (observer_offline)" eval 'sweep >out'
	done
	is 0 "a0 b0" "" states
	is 0 "6|1" "" sqlite3 node.db "SELECT kind, count(*) FROM alert_alert
	    GROUP BY kind"
	# One reference that answers is enough to blame them.
	says ref2 g
	for _ in 1 2; do
		pass 120
		run --separate-stderr sweep
	done
	[[ $status == 1 && $stderr == *'2 of 2 are down (node_down)' ]]
}

@test "sweeps do not overlap, but shards do, and part the nodes" {
	peers a b c
	exec 5>sweep.lock
	flock 5
	is 6 "" "bzn-ping: another bzn-ping has '$PWD/sweep.lock' \
(lock_timeout)" sweep
	is 6 "" "bzn-ping: another bzn-ping has '$PWD/sweep.lock' \
(lock_timeout)" sweep --shard 0/2
	flock -s 5
	run --separate-stderr sweep --shard 0/2
	cp /dev/null parts
	found <<<"$output" >>parts
	found < <(sweep --shard 1/2) >>parts
	# Who, and since when.
	run --separate-stderr sweep
	[[ $status == 6 && $stderr =~ "has '$PWD/sweep.lock', taken by "\
"bzn-ping sweep["[0-9]+"] since 20"[0-9T:.-]+"Z (lock_timeout)"$ ]] ||
	    fail "$stderr"
	exec 5>&-
	is 0 "$(printf '%s ok\n' "$(id a)" "$(id b)" "$(id c)" | sort)" "" \
	    sort <(grep . parts)
	run --separate-stderr sweep --shard 2/2
	[[ $status == 2 && $stderr == *"--shard: '2/2' is not one such as"* ]]
}

@test "who waits for its targets keeps nobody else from sweeping" {
	local pid

	peers a b
	mkfifo slow
	at bzn-ping sweep --allow-private - <slow >out 2>err 8>&- 9<&- &
	pid=$!
	exec 7>slow
	echo a >&7
	# More than what a pipe holds: it reads.
	printf '# %098d\n' {1..2000} >&7
	is 0 "$(id b) ok" "" found < <(sweep b)
	# Nor does it hold the log of the store.
	is 0 "0|0|0" "" sqlite3 node.db 'PRAGMA wal_checkpoint(TRUNCATE)'
	exec 7>&-
	wait "$pid" || fail "$(<err)"
	is 0 "$(id a) ok" "" found <out
}

@test "what is over before all were asked is said, and kept" {
	peers a b
	run --separate-stderr sweep --spread 1h --deadline 1ms
	[[ $status == 6 && $stderr == *'(deadline)' ]] || fail "$stderr"
	is 0 1 "" sqlite3 node.db "SELECT unasked > 0 FROM health_sweep"
}

@test "Ctrl-C ends it, and nothing is half done" {
	local pid line

	peers a b
	mkfifo out
	# One answers; the other is not to be asked before half an hour.
	keeps interrupt
	[[ $line == *'"ok":true'* ]] || fail "$line"
	is 0 "" "" bzn-ledger verify -q
	pass 120
	is 0 "" "" eval 'sweep >found'
	is 0 "a1 b1" "" states
}

interrupt() {
	env --default-signal=INT bzn-ping sweep --allow-private --spread 1h \
	    --now "$clock" </dev/null >out 2>err 3>&- &
	pid=$!
	read -r line <out
	kill -INT "$pid"
	wait "$pid" || status=$?
	[[ $status == 130 && ! -s err ]]
}

@test "who asks others keeps few rights" {
	local level pid line verb

	level=$(bzn-ping --version -v | sed -n 's/^sandbox: \([a-z]*\),.*/\1/p')
	peers a b
	is 0 "" "bzn-ping: sandbox: $level" eval 'sweep -v >found'
	pass 120
	is 0 "" "bzn-ping: sandbox: $level" \
	    eval 'at bzn-ping watch --sweeps 1 --allow-private -v >found'
	pass 120
	run --separate-stderr sweep --require-sandbox
	if [[ $level != full ]]; then
		[[ $status == 5 && $stderr == *'(no_sandbox)' ]] ||
		    fail "$status $stderr"
		skip "the sandbox is: $level"
	fi
	[[ $status == 0 ]] || fail "$status $stderr"
	# In the midst of it: no new rights, and a filter of calls.
	mkfifo out
	bzn-ping sweep --allow-private --spread 1h </dev/null >out 2>err 3>&- &
	pid=$!
	read -r line <out
	is 0 $'NoNewPrivs:\t1\nSeccomp:\t2' "" \
	    grep -E '^(NoNewPrivs|Seccomp):' "/proc/$pid/status"
	kill "$pid"
	wait "$pid" || true
}

@test "metrics are those of the sweep, one file in the place of another" {
	peers a b
	sweep --prom metrics >out
	at bzn-ping check --prom other >checked
	is 0 "" "" diff metrics other
	is 0 2 "" grep -c '^bzn_node_up{.* 1$' metrics
	# Also of one that is down, but not of what is not kept.
	says a f
	for _ in 1 2; do
		pass 120
		sweep --prom metrics >out 2>err || true
	done
	is 0 1 "" grep -c '^bzn_incident_open{.* 1$' metrics
	cp metrics before
	pass 120
	keeps is 1 "" "bzn-ping: 1 of 2 is down (node_down)" \
	    eval 'sweep --dry-run --prom metrics >out'
	cmp metrics before
	is 0 "" "" find . -maxdepth 1 -name 'metrics?*'
	pass 120
	run --separate-stderr sweep --prom none/metrics
	[[ $status == 4 && $stderr == *'(no_file)' ]] || fail "$stderr"
}

@test "a dry run asks, and keeps nothing; nor does one that is refused" {
	peers a
	at bzn-ping push -s 0
	keeps is 0 "$(id a) ok" "" found < <(sweep --dry-run --record taken)
	[[ ! -e taken ]]
	# Private addresses are asked only if that is said.
	is 0 "$(printf '%s\n' "$(id a) forbidden" "$(id a) forbidden again")" \
	    "" found < <(at bzn-ping sweep </dev/null)
	is 2 "" "bzn-ping: --id: a sweep has one of its own (usage)" \
	    sweep --id x
	is 2 "" "bzn-ping: -c: with more than 512 latency is not measured \
truly; --force does so (usage)" sweep -c 513
	is 2 "" "bzn-ping: --family: 'v5' is not v4, v6, both or any (usage)" \
	    sweep --family v5
	is 0 "v4 v6" "" jq -rs 'map(.family) | sort | unique | join(" ")' \
	    <(sweep --family both)
}

@test "a sweep that cannot be recorded leaves no half of it" {
	local size

	peers a
	# Up to a limit that the store does not come near.
	head -c $(((8 << 20) - 300)) /dev/zero | tr '\0' '\n' >taken
	size=$(stat -c %s taken)
	limited() { (trap '' XFSZ; ulimit -f 8192; sweep --record taken); }
	run --separate-stderr limited
	[[ $status == 7 && $stderr == "bzn-ping: cannot record to 'taken': "* ]]
	is 0 "$size" "" stat -c %s taken
	# It was taken in, and signed.
	is 0 "a1" "" states
	is 0 "$(bzn-ledger verify | jq .size)" "" sqlite3 node.db \
	    "SELECT max(size) FROM ledger_checkpoint"
}

@test "what is recorded becomes the same again" {
	local s

	peers a b
	for s in g g f f g w g g; do
		says a "$s"
		sweep --record taken >out 2>err || true
		pass 120
	done
	pass 600
	sweep --record taken >out
	is 0 9 "" grep -c '"began_at"' taken
	replayed() {
		bzn-ping replay "$@" | jq -r 'select(.event == "change") |
		    [.node_id, .to, .effective_at, .decided_at] | @tsv' | sort
	}
	sqlite3 -tabs node.db "SELECT n.node_id,
	    CASE c.to_state WHEN 0 THEN 'unknown' WHEN 1 THEN 'up'
	    WHEN 2 THEN 'degraded' ELSE 'down' END,
	    strftime('%Y-%m-%dT%H:%M:%fZ', c.effective_ms / 1000.0, 'unixepoch'),
	    strftime('%Y-%m-%dT%H:%M:%fZ', c.decided_ms / 1000.0, 'unixepoch')
	    FROM health_change c JOIN health_node n ON n.id = c.node" |
	    sort >kept
	(($(wc -l <kept) >= 7))
	diff kept <(replayed)
	diff kept <(replayed taken)
}

@test "the end of each sweep is told to who watches the watcher" {
	local beat

	beat=$(<"$BATS_FILE_TMPDIR/beat.url")/sweep
	peers a
	asked beat >out
	sweep --heartbeat "$beat" >out
	is 0 "/sweep/0" "" asked beat
	says a f
	for _ in 1 2; do
		pass 120
		sweep --heartbeat "$beat" >out 2>err || true
	done
	is 0 "/sweep/0 /sweep/1" "" asked beat
	says a g
	pass 120
	is 1 "" "$(printf '%s\n' \
	    'bzn-ping: the heartbeat was not taken' \
	    'bzn-ping: 1 of 1 is down (node_down)')" eval 'sweep --heartbeat http://127.0.0.1:1/x >out'
	pass 120
	is 0 "" "" eval 'sweep -q --heartbeat http://127.0.0.1:1/x >out'
}

@test "watch asks each node at its own interval, and goes on" {
	peers a b
	at bzn-ping set b --interval 10m >out
	says a gfffg
	run --separate-stderr at bzn-ping watch --allow-private --sweeps 7
	[[ $status == 1 && $stderr == *'is down (node_down)'* ]]
	echo "$output" >out
	(($(grep -c "\"$(id a)" out) >= 7))
	is 0 2 "" grep -c "\"$(id b)" out
	is 2 "" "bzn-ping: watch does not wait with --now: say after how \
many --sweeps it ends (usage)" at bzn-ping watch
}

@test "watch ends when it is told to, with what was found" {
	peers a
	mkfifo out
	bzn-ping watch --allow-private --home "$BZN_HOME" >out 2>err 3>&- &
	read -r line <out
	[[ $line == *'"ok":true'* ]]
	kill -TERM $!
	wait $!
	is 0 "" "" cat err
	is 0 "a1" "" states
}

@test "what makes no sense is refused before anybody is asked" {
	local option value want

	peers a
	while IFS='|' read -r option value want; do
		run --separate-stderr sweep "$option=$value"
		[[ $status == 2 && -z $output && $stderr == "bzn-ping: $want"* ]] ||
		    fail "$option=$value: $status $stderr"
	done <<-'END'
		--in-flight|0|-c: from 1 to 4096 (usage)
		--in-flight|4097|-c: from 1 to 4096 (usage)
		--in-flight|513|-c: with more than 512
		--deadline|30x|--deadline: '30x' is not a span such as 90s
		--deadline|0|--deadline: from 1ms to 366d (usage)
		--spread|999999999999d|--spread: '999999999999d' is not a span
		--spread|-1s|--spread: '-1s' is not a span
		--family|ipx|--family: 'ipx' is not v4, v6, both or any (usage)
		--heartbeat|ftp://x|--heartbeat: 'ftp://x' is not a URL that
		--heartbeat||--heartbeat: '' is not a URL that begins with
		--shard|1|--shard: '1' is not one such as 0/4
	END
	is 4 "" "bzn-ping: --cafile: cannot read 'none': No such file or \
directory (no_file)" sweep --cafile none
	[[ $(asked a) == "" ]]
}

@test "a sweep in a pipe is delivered by what stands behind it" {
	peers a b
	sweep >first
	says a f
	pass 120
	# The pipe of cron: cards in, and mail out, of this very sweep.
	bzn-card list >cards
	printf '#!/bin/sh\ncat >"$0.$$"\n' >keep
	chmod +x keep
	sweep >second
	pass 120
	run --separate-stderr bash -c "set -o pipefail
	    bzn-ping sweep --now $clock --allow-private -q <cards |
	    bzn-ping alert --now @$((${clock#@} + 60000)) -q --mail ./keep"
	[[ $status == 1 && $stderr == *'(node_down)' ]] ||
	    fail "$status $stderr"
	is 0 "sent" "" jq -r .outcome <<<"$output"
	is 0 1 "" eval 'cat keep.* | grep -c "^Subject: .bzn. DOWN a "'
	is 0 3 "" sqlite3 node.db "SELECT count(*) FROM health_sweep"
}

@test "a report behind a sweep is of what that has found" {
	peers a b
	rm bzn.conf		# the clock goes on
	run --separate-stderr bash -c "set -o pipefail
	    bzn-card list | bzn-ping sweep --allow-private |
	    tee samples | bzn-ping report --window 1h"
	[[ $status == 0 && -z $stderr ]] || fail "$status $stderr"
	jq -r .started_at samples | sort | tail -n 1 >last
	is 0 $'a up true\nb up true' "" jq -r --rawfile last last '
	    "\(.name) \(.state) \(.to > ($last | rtrimstr("\n")))"' \
	    <<<"$output"
}
