# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2119,SC2120,SC2154
# What waits in the outbox is delivered: once, as mail that nobody can bend.
load common
load health
load alert

@test "one mail says that it is down, another that it has recovered" {
	outbox node-b ooofff
	box keep
	since=$(date -u -d "@$(($(ago 240) / 1000))" +%H:%MZ)
	is 0 "due root [bzn] DOWN node-b (connect) since $since" "" \
	    sent --dry-run
	is 0 '0|pending|0' "" states
	is 0 "sent root [bzn] DOWN node-b (connect) since $since" "" \
	    sent --mail ./keep
	is 0 '0|sent|1' "" states
	is 0 "" "" sent --mail ./keep
	more node-b oo
	is 0 "sent root [bzn] RECOVERED node-b after 6 min" "" \
	    sent --mail ./keep
	is 0 $'0|sent|1\n4|sent|1' "" states
	is 0 $'mail.1\nmail.2' "" ls -1 mail.1 mail.2
	[[ ! -e mail.3 ]]
	is 0 "[bzn] DOWN node-b (connect) since $since" "" \
	    field mail.1 Subject
	is 0 auto-generated "" field mail.1 Auto-Submitted
	is 0 "$(field mail.1 References)" "" field mail.2 References
	is 0 "$(field mail.1 References)" "" field mail.2 In-Reply-To
	[[ $(field mail.1 Message-ID) != "$(field mail.2 Message-ID)" ]]
	is 0 "<$(field mail.1 X-Delivery-Id)@localhost>" "" \
	    field mail.1 Message-ID
	is 0 "Fri, 27 Nov 2026 12:00:01 +0000" "" field mail.1 Date
	[[ $(field mail.1 "") == *"cause: connect"* ]]
}

@test "what cannot go waits, and is given up after four attempts" {
	local wait

	outbox node-b ooofff
	printf '#!/bin/sh\ncat >>all; echo no >&2; exit 75\n' >refuse
	chmod +x refuse
	is 6 "waits root [bzn] DOWN node-b (connect) since 11:56Z" \
	    $'no\nbzn-ping: 1 alert could not be delivered now (not_delivered)' \
	    sent --mail ./refuse
	for wait in 60 300 1800; do
		later $((wait - 1))
		is 0 "" "" sent --mail ./refuse
		later 1
		run --separate-stderr sent --mail ./refuse
		[[ $status == 6 ]]
	done
	is 0 '0|failed|4' "" states
	is 0 1 "" eval 'grep ^Message-ID all | sort -u | wc -l'
	is 0 4 "" grep -c ^X-Delivery-Id: all
	later 100000
	is 0 "" "" sent --mail ./refuse
	sqlite3 node.db "UPDATE alert_alert SET state = 'pending', attempts = 0"
	run --separate-stderr sent --mail ./none
	is 0 "cannot run './none': No such file or directory" "" \
	    jq -r .why records
}

@test "what is over before anybody was told is dropped" {
	outbox node-b ooosssoo
	box keep
	is 0 'dropped root [bzn] DEGRADED node-b since 11:52Z' "" \
	    sent --mail ./keep
	is 0 '2|dropped|0' "" states
}

@test "an incident that is over is told of all the same, by one of each" {
	outbox node-b ooofffoo
	box keep
	is 0 $'sent root [bzn] DOWN node-b (connect) since 11:52Z\n'\
$'sent root [bzn] RECOVERED node-b after 6 min' "" sent --mail ./keep
	is 0 $'0|sent|1\n4|sent|1' "" states
}

@test "those of one sweep go to each owner as one" {
	sickbay
	box keep
	echo "{\"fill\":3,\"from\":$(ago 3600),\"rounds\":1}" |
	    health "$BZN_HOME"
	sqlite3 node.db "INSERT INTO alert_alert (id, ref, kind, n, owner,
	    sweep_id, data, made_ms, due_ms, state, attempts) VALUES
	    ('1', 'x1', 6, 0, 'a@n.example', 's', '{}', 1, 1, 'pending', 0),
	    ('2', 'x2', 6, 0, 'a@n.example', 's', '{}', 1, 1, 'pending', 0),
	    ('3', 'x3', 6, 0, 'b@n.example', 's', '{}', 1, 1, 'pending', 0),
	    ('4', 'x4', 6, 0, 'a@n.example', 't', '{}', 1, 1, 'pending', 0)"
	is 0 $'sent a@n.example [bzn] 2 alerts, 2 observer-offline\n'\
$'sent b@n.example [bzn] OBSERVER OFFLINE\n'\
$'sent a@n.example [bzn] OBSERVER OFFLINE' "" sent --mail ./keep
	(($(grep -c '<thread-' mail.1) == 2))
}

@test "very many of one sweep are several mails, each with a name that stays" {
	sickbay
	box keep
	printf '#!/bin/sh\ncat >>all; exit 75\n' >refuse
	chmod +x refuse
	jq -cn '{name: ("n" * 60), url: ("u" * 300), node_id: ("ab" * 32)}' \
	    >data
	sqlite3 node.db "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL
	    SELECT x + 1 FROM c WHERE x < 1500) INSERT INTO alert_alert (id,
	    ref, kind, n, sweep_id, data, made_ms, due_ms, state, attempts)
	    SELECT 'i' || x, 'r' || x, 0, 0, 's', '$(<data)', 1, 1, 'pending',
	    0 FROM c"
	run --separate-stderr sent --mail ./refuse
	[[ $status == 6 && $stderr == *'1500 alerts could not be'* ]]
	sqlite3 node.db "UPDATE alert_alert SET state = 'dropped'
	    WHERE ref IN ('r1', 'r2', 'r700')"
	later 60
	sent --mail ./keep >out
	n=$(wc -l <out)
	((n > 1 && n < 10))
	is 0 1497 "" eval "jq -r '.alerts[].id' records | sort -u | wc -l"
	is 0 "$(grep ^Message-ID all | sort)" "" eval \
	    "grep -h ^Message-ID mail.? | sort"
	is 0 0 "" sqlite3 node.db "SELECT count(*) FROM alert_alert
	    WHERE state NOT IN ('sent', 'dropped')"
	is 0 1497 "" eval 'cat mail.? | grep -c "^DOWN n"'
}

@test "a test is only that" {
	outbox node-b ooofff
	box keep
	keeps is 0 "due root [bzn] TEST" "" sent --test -n
	is 0 "sent root [bzn] TEST" "" sent --test --mail ./keep
	is 0 $'0|pending|0\n8|sent|1' "" states
}

@test "two do not deliver at once" {
	outbox node-b ooofff
	is 6 "" "bzn-ping: another bzn-ping has '$PWD/alert.lock' \
(lock_timeout)" flock alert.lock bzn-ping alert --now @"$now"
}

@test "no name makes a header" {
	local bad

	box keep
	bad=$'x\r\nBcc: thief@evil.example\r\n\r\nbody \e[31m é =?UTF-8?Q?a?='
	sickbay
	jq -cn --arg name "$bad" '{name: $name, since:
	    "2026-11-27T11:00:00.000Z", cause: $name}' >data
	sqlite3 node.db "INSERT INTO alert_alert (id, ref, kind, n, data,
	    made_ms, due_ms, state, attempts) VALUES ('1', 'x', 8, 0,
	    '$(<data)', 1, 1, 'pending', 0),
	    ('2', 'x', 4, 0, '$(<data)', 1, 1, 'pending', 0)"
	sent --mail ./keep >out
	is 0 None "" field mail.1 Bcc
	run ! grep -l '^Bcc' mail.*
	run ! grep -lP '[^\x20-\x7e]' mail.*
	[[ $(field mail.2 Subject) == *'x  Bcc: thief@evil.example    body'* ]]
	sqlite3 node.db "INSERT INTO alert_alert (id, ref, kind, n, owner,
	    data, made_ms, due_ms, state, attempts) VALUES ('3', 'y', 8, 0,
	    'a@b' || char(10) || 'Bcc: c@d', '{}', 1, 1, 'pending', 0)"
	run --separate-stderr sent --mail ./keep
	[[ $status == 6 && $(<records) == *'mail needs an address'* ]]
}

@test "killed between sending and marking, it sends once more, the same" {
	outbox node-b ooofff
	box keep
	# The parent of a command only runs it.
	printf '%s\n' '#!/bin/sh' './keep' \
	    'read -r _ _ _ up _ <"/proc/$PPID/stat"' 'kill -9 "$up"' >deadly
	chmod +x deadly
	run --separate-stderr sent --mail ./deadly
	((status == 137))
	is 0 '0|pending|0' "" states
	later 30
	run --separate-stderr sent --mail ./keep
	is 0 '0|sent|1' "" states
	is 0 "" "" sent --mail ./keep
	is 0 $'mail.1\nmail.2' "" ls -1 mail.1 mail.2
	[[ ! -e mail.3 ]]
	is 0 1 "" eval 'grep -h ^Message-ID mail.* | sort -u | wc -l'
	is 0 1 "" eval 'grep -h ^X-Delivery-Id mail.* | sort -u | wc -l'
}

@test "who sends keeps few rights; a process of its own runs the command" {
	outbox node-b ooofff
	box keep
	printf '%s\n' '#!/bin/sh' 'read -r _ _ _ up _ <"/proc/$PPID/stat"' \
	    'grep -E "^(NoNewPrivs|Seccomp):" "/proc/$up/status" >rights' \
	    'kill -9 $PPID' >look
	chmod +x look
	run --separate-stderr sent --mail ./look
	[[ $status == 6 && $(<records) == *'who runs the command has died'* ]]
	[[ $(bzn-ping --version -v) != *'sandbox: full'* ]] ||
	    is 0 $'NoNewPrivs:\t1\nSeccomp:\t2' "" cat rights
	later 90
	is 0 "sent root [bzn] DOWN node-b (connect) since 11:56Z" "" \
	    sent --mail ./keep
	is 2 "" "bzn-ping: --mail: a quote is not closed (usage)" \
	    ping_now alert --mail "'x"
}

# post_office [HOW]: an SMTP server, which the home knows.
post_office() {
	mkfifo ready
	python3 "$BZN_SRC/tests/tools/smtp.py" "$PWD" "$@" 2>smtp.log 3>&- &
	office=$!
	read -r port <ready
	printf '%s\n' 'test_clock yes' "alert_smtp smtp://127.0.0.1:$port" \
	    'alert_login login' >bzn.conf
	(umask 077 && echo name:word >login)
}

teardown() {
	[[ -z ${office-} ]] || kill "$office"
}

@test "an SMTP server gets down and recovered, each once" {
	outbox node-b ooofff
	post_office auth
	sqlite3 node.db "UPDATE alert_alert SET owner = 'o@n.example'"
	is 0 "sent o@n.example [bzn] DOWN node-b (connect) since 11:56Z" "" \
	    sent
	is 0 "" "" sent
	more node-b oo
	is 0 "sent root [bzn] RECOVERED node-b after 6 min" "" sent
	is 0 $'RCPT TO:<o@n.example>\nRCPT TO:<root>' "" \
	    grep RCPT envelope
	is 0 2 "" grep -c '^AUTH good' envelope
	is 0 "[bzn] RECOVERED node-b after 6 min" "" field got.2 Subject
	is 0 "$(field got.1 References)" "" field got.2 References
	[[ ! -e got.3 ]]
	echo name:other >login
	run --separate-stderr sent --test
	[[ $status == 6 && $(<records) == *'"outcome":"waits"'* ]]
	chmod 644 login
	run --separate-stderr sent --test
	[[ $status == 5 && $stderr == *'(unsafe_mode)' ]]
}

@test "what is wrong for all mail is no attempt" {
	outbox node-b ooofff
	printf '%s\n' 'test_clock yes' 'alert_smtp ftp://127.0.0.1' >bzn.conf
	is 3 "" "bzn-ping: alert_smtp: a mail server is smtp:// or smtps:// \
and a host (bad_conf)" sent
	printf '%s\n' 'test_clock yes' 'alert_to a@b, c@d' >bzn.conf
	is 3 "" "bzn-ping: alert_to: mail needs an address of the form \
name@host (bad_email)" sent
	printf '%s\n' 'test_clock yes' 'alert_from <a@b>' >bzn.conf
	is 3 "" "bzn-ping: alert_from: mail needs an address of the form \
name@host (bad_email)" sent
	printf '%s\n' 'test_clock yes' 'alert_login login' >bzn.conf
	(umask 077 && echo name >login)
	is 3 "" "bzn-ping: alert_login: the file has no name:password in it \
(bad_conf)" sent
	is 0 '0|pending|0' "" states
}

@test "the lines for cron are silent, and whom it concerns is told" {
	local line n=0

	sickbay
	several a b
	mkdir bin
	box bin/sendmail
	sed -nE 's/^([0-9*\/]+ ){4}[0-9*]+\t//p' \
	    "$BZN_SRC/examples/ping.crontab" >lines
	while IFS= read -r line; do
		PATH=$PWD/bin:$PATH is 0 "" "" sh -c "$line" < <(:)
		n=$((n + 1))
	done <lines
	((n == 4))
	is 0 "[bzn] 2 alerts, 2 down" "" field mail.1 Subject
	is 0 $'0|sent|1\n0|sent|1' "" states
}
