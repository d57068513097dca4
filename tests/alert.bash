# shellcheck shell=bash disable=SC2034,SC2154
# alert.bash - an outbox, and those who get what is in it; with health.bash.

# outbox NAME FOUND [FIELDS]: a node that was found so, by now.
outbox() {
	sickbay
	probed ab "$@" | health "$BZN_HOME"
}

# several NAME...: of each an alert, of one sweep.
several() {
	local name

	for name; do
		sqlite3 node.db "INSERT INTO alert_alert (id, ref, kind, n,
		    sweep_id, data, made_ms, due_ms, state, attempts) VALUES
		    ('id-$name', '$name', 0, 0, 's', '{\"name\":\"$name\"}', 1,
		    1, 'pending', 0)"
	done
}

# later SECONDS: the clock goes on.
later() {
	now=$((now + $1 * 1000))
}

# more NAME FOUND: what is found of it from the next interval on.
more() {
	later 120
	printf '{"node":"ab","name":"%s","found":"%s","from":%s}\n' "$1" \
	    "$2" "$now" | health "$BZN_HOME"
	later $(((${#2} - 1) * 120))
}

# box FILE: a command that keeps what it reads.
box() {
	cat >"$1" <<-'END'
		#!/bin/sh
		n=$(ls mail.* 2>/dev/null | wc -l)
		cat >mail.$((n + 1))
	END
	chmod +x "$1"
}

# field FILE NAME: of a mail, as Python's library reads it.
field() {
	python3 - "$@" <<-'END'
		import email, email.policy, sys
		m = email.message_from_binary_file(open(sys.argv[1], "rb"),
		    policy=email.policy.default)
		print(m[sys.argv[2]] if sys.argv[2] else m.get_content(),
		    end="")
	END
}

# states: of the rows, oldest first.
states() {
	sqlite3 node.db "SELECT kind, state, attempts FROM alert_alert
	    ORDER BY kind"
}

# sent [OPTION...]: deliver, and say only what became of each.
sent() {
	local rc=0

	bzn-ping alert --now @$((now + 1000)) "$@" >records || rc=$?
	jq -r '"\(.outcome) \(.to) \(.subject)"' records
	return $rc
}

# certified DIR: a certificate for here, and one for elsewhere, to be trusted
# where they are named: $cert and $key, $other_cert and $other_key.
certified() {
	local which name

	for which in '' other_; do
		name=${which:+mail.example}
		openssl req -x509 -newkey ec -pkeyopt \
		    ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=x \
		    -keyout "$1/${which}key.pem" -out "$1/${which}cert.pem" \
		    -addext "subjectAltName=${name:+DNS:}${name:-IP:127.0.0.1,\
IP:0.0.0.0}" 2>/dev/null
		export "${which}cert=$1/${which}cert.pem" \
		    "${which}key=$1/${which}key.pem"
	done
}

# serve WHAT [ARG...]: post.py; $port, $server, and its box is box/.
serve() {
	mkdir -p box
	rm -f ready
	mkfifo ready
	/usr/bin/python3 "$BZN_SRC/tests/tools/post.py" "$1" ready box \
	    "${@:2}" 2>>server.log 3>&- &
	server=$!
	read -r port <ready
}
