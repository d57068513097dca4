# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2119,SC2120,SC2154
# Mail to a server that others wrote: what is said to it travels under TLS, or
# does not leave this machine.
load common
load health
load alert

setup_file() {
	certified "$BATS_FILE_TMPDIR"
	/usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null ||
	    echo "# SKIPPED: mail servers: no python3-aiosmtpd" >&3
}

teardown() {
	[[ -z ${server-} ]] || kill "$server"
}

# mailed URL [ARG...]: a server there, PORT in it being its port.
mailed() {
	/usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null ||
	    skip "no python3-aiosmtpd"
	[[ -z ${server-} ]] || kill "$server"
	rm -rf box
	serve smtp "${@:2}"
	printf '%s\n' 'test_clock yes' "alert_smtp ${1/PORT/$port}" \
	    'alert_to ops@node.example' 'alert_from bzn@node.example' \
	    >bzn.conf
}

# login: the server is told who we are.
login() {
	(umask 077 && echo name:word >login)
	echo 'alert_login login' >>bzn.conf
}

# refused TEXT [OPTION...]: a test does not go, for that reason; and nothing
# was said but who we are.
refused() {
	run --separate-stderr sent --test "${@:2}"
	[[ $status == 6 && $(jq -r .why records) == "$1" ]] ||
	    fail "$status $(<records) $stderr"
	[[ ! -e box/1.eml ]]
	run ! grep -E ">> b'(AUTH|MAIL|RCPT|DATA)" box/log
}

@test "a mail server takes down and recovered of an incident as one thread" {
	outbox 'nodé b' ooofff
	mailed smtp://127.0.0.1:PORT
	login
	is 0 "sent ops@node.example [bzn] DOWN nodé b (connect) since 11:56Z" \
	    "" sent
	is 0 "" "" sent
	more 'nodé b' oo
	is 0 "sent ops@node.example [bzn] RECOVERED nodé b after 6 min" "" sent
	is 0 "" "" sent
	is 0 $'box/1.eml\nbox/2.eml' "" ls box/1.eml box/2.eml
	[[ ! -e box/3.eml ]]
	is 0 "bzn@node.example ops@node.example bare" "" \
	    field box/1.eml X-Envelope
	is 0 "[bzn] DOWN nodé b (connect) since 11:56Z" "" \
	    field box/1.eml Subject
	is 0 "[bzn] RECOVERED nodé b after 6 min" "" field box/2.eml Subject
	is 0 "$(field box/1.eml References)" "" field box/2.eml References
	is 0 "$(field box/1.eml In-Reply-To)" "" field box/2.eml In-Reply-To
	[[ $(field box/1.eml Message-ID) != "$(field box/2.eml Message-ID)" ]]
	[[ $(field box/2.eml "") == *$'\n  name: nodé b\n'* ]]
	is 0 0 "" eval "grep -vc $'\r\$' box/2.eml || :"
	grep -q ">> b'AUTH" box/log
}

@test "an attempt that fails is repeated under the same names" {
	outbox node-b ooofff
	mailed smtp://127.0.0.1:PORT
	echo 451 >box/answer
	is 6 "waits ops@node.example [bzn] DOWN node-b (connect) since 11:56Z" \
	    "bzn-ping: 1 alert could not be delivered now (not_delivered)" sent
	is 0 "the mail server says 451" "" jq -r .why records
	later 60
	run --separate-stderr sent
	[[ $status == 6 ]]
	# What is newer of it waits, too: the next attempt is 300 s later.
	rm box/answer
	more node-b oo
	is 0 "" "" sent
	sent -n >out
	is 0 $'waits DOWN it could not go 12:06:01\n'\
$'waits RECOVERED what is older of it does null' "" jq -r \
	    '"\(.outcome) \(.subject[6:] | split(" ")[0]) \(.why) " +
	    "\(.next_at | .[11:19]? // null)"' records
	later 121
	is 0 $'sent ops@node.example [bzn] DOWN node-b (connect) since 11:56Z\n'\
$'sent ops@node.example [bzn] RECOVERED node-b after 7 min' "" sent
	is 0 2 "" eval "grep -h '^Message-ID' box/*.eml | sort -u | wc -l"
	is 0 "$(field box/1.eml X-Delivery-Id)" "" field box/2.eml X-Delivery-Id
	[[ -e box/4.eml && ! -e box/5.eml ]]
}

@test "one that was taken, but not acknowledged, is sent again" {
	outbox node-b ooofff
	mailed smtp://127.0.0.1:PORT
	echo 0 >box/answer
	run --separate-stderr sent
	[[ $status == 6 && $(jq -r .why records) == "no mail server: "* ]]
	echo 550 >box/answer
	later 60
	run --separate-stderr sent
	is 0 "the mail server says 550" "" jq -r .why records
	rm box/answer
	later 300
	is 0 "sent ops@node.example [bzn] DOWN node-b (connect) since 11:56Z" \
	    "" sent
	is 0 $'3 1' "" eval "echo \$(ls box/*.eml | wc -l) \
	    \$(grep -h ^Message-ID box/*.eml | sort -u | wc -l)"
}

# 0.0.0.0 comes back to this machine, and is none of its addresses.
@test "what is not this machine has to offer TLS, and be who it says" {
	sickbay
	mailed smtp://0.0.0.0:PORT
	login
	refused "no mail server: Requested SSL level failed"
	mailed smtp://0.0.0.0:PORT tls "$cert" "$key"
	login
	refused "no mail server: SSL peer certificate or SSH remote key was \
not OK"
	is 0 "sent ops@node.example [bzn] TEST" "" sent --test --cafile "$cert"
	is 0 "bzn@node.example ops@node.example tls" "" \
	    field box/1.eml X-Envelope
	mailed smtp://0.0.0.0:PORT tls "$other_cert" "$other_key"
	login
	refused "no mail server: SSL peer certificate or SSH remote key was \
not OK" --cafile "$other_cert"
}

@test "smtps speaks TLS at once, at this machine, too" {
	sickbay
	mailed smtps://127.0.0.1:PORT smtps "$cert" "$key"
	login
	refused "no mail server: SSL peer certificate or SSH remote key was \
not OK"
	is 0 "sent ops@node.example [bzn] TEST" "" sent --test --cafile "$cert"
	is 0 "bzn@node.example ops@node.example tls" "" \
	    field box/1.eml X-Envelope
	mailed smtps://127.0.0.1:PORT smtps "$other_cert" "$other_key"
	refused "no mail server: SSL peer certificate or SSH remote key was \
not OK" --cafile "$other_cert"
	mailed smtps://127.0.0.1:PORT
	refused "no mail server: SSL connect error" --cafile "$cert"
}

@test "whatever a node is called, a mail server gets one mail for one person" {
	sickbay
	mailed smtp://127.0.0.1:PORT
	python3 - <<-'END'
		import json, sqlite3
		names = ["a\r\nBcc: thief@evil.example\r\n\r\nbody",
		    "a\r\n.\r\nMAIL FROM:<thief@evil.example>\r\n",
		    "x\u2028Bcc: thief@evil.example\u2029\u202e\x85",
		    "=?utf-8?Q?a=0D=0ABcc:_thief=40evil.example?=",
		    "n" * 10240, "\u00f6" * 5120, "n" * 62 + ".", "."]
		db = sqlite3.connect("node.db")
		for i, name in enumerate(names):
		    about = json.dumps({"name": name, "cause": name, "url": name})
		    db.execute("INSERT INTO alert_alert (id, ref, kind, n, data, "
		        "made_ms, due_ms, state, attempts) VALUES "
		        "(?, ?, 0, 0, ?, 1, 1, 'pending', 0)",
		        (f"id{i}", name, about))
		db.commit()
	END
	sent >out
	is 0 8 "" grep -c ^sent out
	is 0 8 "" eval 'ls box/*.eml | wc -l'
	/usr/bin/python3 - box/*.eml <<-'END'
		import email, email.policy, sys
		for path in sys.argv[1:]:
		    raw = open(path, "rb").read()
		    m = email.message_from_bytes(raw, policy=email.policy.default)
		    assert sorted(m.keys()) == sorted(["X-Envelope", "From", "To",
		        "Subject", "Date", "Message-ID", "In-Reply-To", "References",
		        "Auto-Submitted", "X-Delivery-Id", "MIME-Version",
		        "Content-Type", "Content-Transfer-Encoding"]), m.keys()
		    assert m["X-Envelope"] == \
		        "bzn@node.example ops@node.example bare", m["X-Envelope"]
		    assert raw.isascii() and max(map(len, raw.split(b"\n"))) < 999
		    text = m.get_content().replace("\r\n", "\n")
		    assert not any(c in m["Subject"] + text
		        for c in "\r\x00\x85\u2028\u2029\u202e"), path
		    assert not any(line.startswith("Bcc:")
		        for line in text.split("\n")), path
	END
}

@test "an owner who is no address gets nothing, and others do" {
	local i=0 bad

	sickbay
	mailed smtp://127.0.0.1:PORT
	for bad in $'a@b\nBcc: c@d' $'a@b\r' 'a@b,c@d' 'a@b> NOTIFY=NEVER' \
	    '-a@b' "$(printf 'a%.0s' {1..200})@b" 'é@b' 'a b@c'; do
		sqlite3 node.db "INSERT INTO alert_alert (id, ref, kind, n,
		    owner, data, made_ms, due_ms, state, attempts) VALUES
		    ('i$i', 'r$i', 0, 0, '$bad', '{}', 1, 1, 'pending', 0)"
		i=$((i + 1))
	done
	run --separate-stderr sent --test
	rm box/1.eml
	: >box/log
	run --separate-stderr sent
	[[ $status == 6 ]]
	is 0 $'8 mail needs an address of the form name@host' "" eval \
	    "jq -r .why records | sort | uniq -c | sed 's/^ *//'"
	[[ ! -e box/1.eml ]]
	run ! grep -E "RCPT|c@d" box/log
}
