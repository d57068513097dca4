# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
# What spec/ops.md 4 asks of every command, of all that looks back: the same
# bytes wherever it runs, and nothing that was not seen is said to be well.
load common
load health

# Three nodes and a job, whose names mean no good.
ward() {
	echo 'test_clock yes' >bzn.conf
	bzn-ledger init --no-node --origin ledger.example/try \
	    --now "@$(ago 86400)" >made
	{
		probed a $'e\\u001b[31mv\\u202ei|l\\\\' "ooooooofff"
		probed b tell "oooooooooo"
		probed c slow "oooooossss" '"family":"v6"'
		printf '{"maint":"d\\u001bisks","from":%s,"to":%s,"node":"a"}\n' \
		    "$(ago 60)" "$(ago -3600)"
	} | health .
	ping_now push --name job --status 3
	now=$((now + 1000))
	incident=$(ping_now incidents | jq -r .incident_id | head -n 1)
}

# verbs: each that prints something of the ward, and what it ends with.
verbs() {
	cat <<-END
		1 report
		1 report -v --day this --tz Asia/Kathmandu
		0 incidents
		0 incidents --open
		0 explain $incident
		6 sla --target 99
		0 maint list
		0 stats
		0 check tell
		1 check job
		0 check
		0 replay
		0 alert --dry-run
		0 status --out www --tz Australia/Lord_Howe
	END
}

# all COMMAND...: what each prints, and its status, behind that command.
all() {
	local want verb

	while read -r want verb; do
		# shellcheck disable=SC2086
		"$@" bzn-ping $verb --now "@$now" 2>&1 </dev/null && got=0 ||
		    got=$?
		echo "$verb: $got"
		((got == want)) || echo "$verb: not $want" >>wrong
	done < <(verbs)
}

@test "place and time do not matter" {
	local lang zone mask

	ward
	: >wrong
	all env >here
	all env >here		# a page is written once
	is 0 "" "" cat wrong
	cp -r www page
	for lang in C.UTF-8 tr_TR.UTF-8 ar_EG.UTF-8; do
		for zone in UTC Asia/Kathmandu Australia/Lord_Howe; do
			all env LC_ALL=$lang LANG=$lang TZ=$zone >there
			cmp here there || fail "$lang $zone $(diff here there | cut -c1-300)"
		done
	done
	for mask in 000 022 077; do
		umask $mask
		all env >there
		umask 022
		cmp here there || fail "$mask"
	done
	all env -i PATH="$PATH" BZN_HOME="$BZN_HOME" >there
	cmp here there
	diff -r page www
}

@test "what cannot be written is not said to be well" {
	local want verb

	ward
	while read -r want verb; do
		# shellcheck disable=SC2086
		run --separate-stderr bash -c "bzn-ping $verb --now @$now \
		    </dev/null >/dev/full"
		[[ $status == 7 && ${stderr_lines[-1]} == *'(output_failed)' ]] ||
		    fail "$verb: $status $stderr"
		run --separate-stderr bash -c "bzn-ping $verb --now @$now \
		    </dev/null >&-"
		[[ $status == 7 && ${stderr_lines[-1]} == *'(output_failed)' ]] ||
		    fail "$verb: $status $stderr"
	done < <(verbs)
}

@test "no store is written through a stream that was closed" {
	local want verb how before

	ward
	before=$(sqlite3 node.db .dump | sha256sum)
	while read -r want verb; do
		for how in '0<&-' '2>&-' '0<&- 2>&-' '0<&- 1>&- 2>&-'; do
			bash -c "bzn-ping $verb --now @$now $how" >out 2>err ||
			    true
		done
	done < <(verbs)
	is 0 "$before" "" bash -c 'sqlite3 node.db .dump | sha256sum'
	is 0 ok "" sqlite3 node.db 'PRAGMA integrity_check'
}

@test "foreign text is harmless where people read" {
	local want verb

	ward
	while read -r want verb; do
		# shellcheck disable=SC2086
		bzn-ping $verb --now "@$now" --table </dev/null >out 2>err ||
		    true
		cat out err >>both
		run ! grep -qP '[\x00-\x08\x0b-\x1f\x7f]' both
		run ! grep -q $'\xe2\x80\xae' both
	done < <(verbs)
	grep -qF '[31mv' both
}

@test "a table has the same records as lines have" {
	local want verb

	ward
	while read -r want verb; do
		# shellcheck disable=SC2086
		bzn-ping $verb --now "@$now" </dev/null >lines 2>err || true
		# shellcheck disable=SC2086
		bzn-ping $verb --now "@$now" --table </dev/null >table \
		    2>err || true
		(($(wc -l <lines) + 1 == $(wc -l <table))) ||
		    fail "$verb: $(head -c 300 table)"
		grep -q '^[A-Z]' table || fail "$verb: $(<table)"
		run ! grep -qE '^(- *)+$' table
	done < <(verbs)
}

# told: what all of them say of how long, and not of when.
told() {
	{
		bzn-ping report --now "@$now" | jq -c '[.name, .state, .uptime,
		    .up_ms, .down_ms, .degraded_ms, .unknown_ms, .maint_ms]'
		bzn-ping sla --target 99 --window 24h --now "@$now" |
		    jq -c '[.verdict, .left_ms, (.exclusions | length)]'
		bzn-ping incidents --now "@$now" | jq -c '[.name, .down_ms]'
		bzn-ping check --nagios tell --now "@$now"
		bzn-ping self --now "@$now" | jq -r .finding
	} 2>err
}

@test "the same at the end of 32 bits, in 2100, and on a leap day" {
	local day

	ward
	told >want
	is 0 12 "" eval 'grep -c "" want'
	for day in 2038-01-19T03:20:00Z 2100-03-01T00:10:00Z \
	    2028-02-29T12:00:00Z 2027-01-01T00:00:00Z; do
		rm -rf node.db* node.lock identity pins
		now=$(date -ud "$day" +%s)000
		ward
		: >wrong
		told >got
		cmp want got || fail "$day: $(diff want got)"
		all env >out
		is 0 "" "" cat wrong
	done
	is 0 "" "" bzn-ledger verify -q
}
