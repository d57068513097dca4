# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2034,SC2119,SC2120,SC2094,SC2154
# bzn-ping killed at each call that changes the store, and at each that leaves
# the program: a story of six sweeps, the outbox delivered after each.  Run
# again it ends as with nobody killed: states, times of being down, incidents;
# no alert lost, and at most one mail twice, the same to the byte
# (spec/ops.md 3.10, "crash-safe").
#
# BZN_STEP	every so manieth of the calls at which it is killed: 257
load common
load health
load alert
load faults

step=${BZN_STEP:-257}
story_a=(g f f g g g)
story_b=(g f f f g g)
story_c=(g d d d g g)

setup_file() {
	local name port seed

	[[ -z $BZN_SAN ]] || return 0
	export BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR life=$BATS_FILE_TMPDIR
	setup
	mkfifo told said ready
	python3 "$BZN_SRC/tests/tools/turns.py" a b c <told >said 3>&- &
	exec 8>told 9<said
	while read -r name port seed <&9 && [[ $name != ready ]]; do
		identity "$name" "$seed"
		echo 'test_clock yes' >"$name/bzn.conf"
		bzn-card show --home "$name" --now @1795161600000 \
		    --name "$name" --endpoint "http://127.0.0.1:$port" \
		    >"$name.card"
	done
	python3 "$BZN_SRC/tests/tools/smtp.py" "$PWD" 3>&- 8>&- 9<&- &
	echo $! >office
	read -r port <ready
	echo "alert_smtp smtp://127.0.0.1:$port" >server.conf
	rm ready
	certified "$PWD"
	(umask 077 && printf 'whsec_%064d\n' 7 >secret)
	serve hook cert.pem key.pem "$(<secret)" ''
	echo "$server" >receiver
	echo "$port" >port
	printf '%s\n' "webhook_ports $port" 'alert_secret secret' >both.conf
	: >command.conf
	live
}

teardown_file() {
	[[ -z $BZN_SAN ]] || return 0
	exec 8>&- 9<&-
	kill "$(<"$BATS_FILE_TMPDIR/office")" "$(<"$BATS_FILE_TMPDIR/receiver")"
}

# --- the story --------------------------------------------------------------

sweep() {
	at bzn-ping sweep --allow-private </dev/null
}

alert() {
	at bzn-ping alert "${way[@]}"
}

# by WAY: alerts go by a command, to a mail server, or to that command and a
# webhook, both; the home that is told so is in $BZN_HOME.
by() {
	way=()
	[[ $1 == server ]] || way=(--mail ./keep)
	[[ $1 != both ]] || way+=(--webhook "https://127.0.0.1:$(<"$life/port")/"
	    --cafile "$life/cert.pem" --allow-private)
	cat "$life/base.conf" "$life/$1.conf" >"$BZN_HOME/bzn.conf"
}

# turn STEP N: the clock and the nodes are where that step finds them.
turn() {
	local i=$(($2 - 1)) said

	clock=@$((1795161600000 + $2 * 120000))
	[[ $1 == sweep ]] || {
		pass 10
		return 0
	}
	for said in "a ${story_a[i]}" "b ${story_b[i]}" "c ${story_c[i]}"; do
		echo "$said" >&8
		read -r said <&9
	done
}

# tell STEP N: that step, by one whom nobody kills.
tell() {
	local got=0

	turn "$@"
	"$1" >out 2>err || got=$?
	[[ $got == 0 || $got$1 == 1sweep ]] || fail "$*: $got: $(<err)"
}

# rest STEP N: what comes after that step.
rest() {
	local n=$2

	[[ $1 == alert ]] || tell alert "$n"
	while ((n++ < ${#story_a[@]})); do
		tell sweep "$n"
		tell alert "$n"
	done
}

# --- what came of it --------------------------------------------------------

# Every moment of the story is a whole minute, and a few milliseconds.
ending() {
	sqlite3 home/node.db "SELECT h.name, state, since_ms / 60000,
	    probed_ms / 60000, h.good_ms / 60000, i.began_ms / 60000,
	    i.ended_ms / 60000, i.decided_ms / 60000, i.class
	    FROM health_node h LEFT JOIN health_incident i ON i.node = h.id
	    ORDER BY 1, 6;
	    SELECT h.name, from_state, to_state, effective_ms / 60000,
	    c.decided_ms / 60000, cause
	    FROM health_change c JOIN health_node h ON c.node = h.id
	    ORDER BY 1, n;
	    SELECT kind, json_extract(data, '\$.name'), state, count(*)
	    FROM alert_alert GROUP BY 1, 2, 3;
	    SELECT count(*) FROM health_sweep;
	    SELECT name, confirm, count(*) FROM health_sample
	    JOIN health_node ON node = id GROUP BY 1, 2"
	bzn-ping report --json --now @1795162440000 --window 1h |
	    jq -c '[.name, .state, .incidents, ([.up_ms, .degraded_ms,
	    .down_ms, .unknown_ms][] / 60000 | round)]'
}

# came: all that was delivered: what it is about, its id, and all of it.  A few
# milliseconds may be a minute less.
came() {
	local f

	for f in mails/* "$life"/got.*; do
		[[ ! -f $f ]] || tr -d '\r' <"$f" | awk -v all="$(sha256sum <"$f")" '
		    /^Subject:/ { sub(/ after .*/, ""); about = $0 }
		    /^X-Delivery-Id:/ { id = $2 }
		    END { print about "\t" id "\t" all }'
	done
	for f in "$life"/box/*.json; do
		[[ ! -f $f ]] || jq -r '[([.body.type] + ([.body.data.alerts[] |
		    .about.name] | sort) | join(" ")), .headers["X-Delivery-Id"],
		    .good, (.body | tojson)] | @tsv' "$f"
	done
}

# came_as_wanted WAY NAME: that, or one thing more: it is one of them, again.
came_as_wanted() {
	local more

	came | sort >all
	uniq all once
	cut -f1 once >abouts
	cmp -s "$life/$1.want" abouts || fail "$2: $(<once)"
	more=$(($(grep -c '' all) - $(grep -c '' once)))
	((more < 2)) || fail "$2: $(<all)"
	twice=$((twice + more))
}

# refill N: what came is what had come before that step.
refill() {
	rm -f mails/* "$life"/got.* "$life"/box/*.json
	find "$life/was/$1.came" -name '*.json' -exec cp -t "$life/box" {} +
	find "$life/was/$1.came" -type f ! -name '*.json' \
	    -exec cp -t mails {} +
}

# --- a life -----------------------------------------------------------------

# calls WAY STEP N KIND: a line for each point at which one may die in it, by
# that way of mail: a copy is asked.
calls() {
	local -x FAULT_COUNT=$PWD/count BZN_HOME=$PWD/copy
	local way n points=$1.points

	rm -rf copy count
	cp -r "was/$2$3" copy
	by "$1"
	shift
	turn "$1" "$2"
	with "$3:1000000:kill" "$1" >out 2>err || true
	refill "$2"
	for ((n = 1; n <= $(sort -n count | tail -n 1); n++)); do
		printf '%s\n' "$* $n kill" "$* $n done"
	done >>"$points"
}

# live: nobody dies.  Keeps what there is before each step.
live() {
	local n way kind

	mkdir home mails was
	export BZN_HOME=$PWD/home
	home 'health_confirm_least 1ms' 'health_confirm_most 1ms'
	cp home/bzn.conf base.conf
	cp -p secret home
	for n in a b c; do
		at bzn-card import --pin "$n.card" >out
	done
	printf '#!/bin/sh\ncat >$(mktemp mails/XXXXXX)\n' >keep
	chmod +x keep
	by both
	for ((n = 1; n <= ${#story_a[@]}; n++)); do
		mkdir "was/$n.came"
		find mails box -type f -exec cp -t "was/$n.came" {} +
		cp -r home "was/sweep$n"
		tell sweep "$n"
		cp -r home "was/alert$n"
		tell alert "$n"
	done
	ending >want
	came | cut -f1 | sort >both.want
	is 0 "Subject: [bzn] 2 alerts, 2 down
Subject: [bzn] DEGRADED c since 08:04Z
Subject: [bzn] RECOVERED a
Subject: [bzn] RECOVERED b
alert.degraded c
alert.digest a b
alert.recovered a
alert.recovered b" "" cat both.want
	grep ^Subject both.want | tee server.want >command.want
	for ((n = 1; n <= ${#story_a[@]}; n++)); do
		for kind in any out; do
			calls command sweep "$n" $kind
			calls command alert "$n" $kind
			calls server alert "$n" $kind
			calls both alert "$n" $kind
		done
	done
}

# --- deaths -----------------------------------------------------------------

# die WAY STEP N KIND CALL HOW: the story from there on, with one death; 1 if
# there is no such call this time.
die() {
	local got=0 by=$1 name=$* way

	shift
	rm -rf home
	cp -r "$life/was/$1$2" home
	by "$by"
	refill "$2"
	[[ $by == both ]] || rm -f "$life"/box/*.json
	turn "$1" "$2"
	with "$3:$4:$5" "$1" >out 2>err || got=$?
	[[ $got != 0 && $got$1 != 1sweep ]] || return 1
	[[ $got == 137 ]] || fail "$name: status $got: $(<err)"
	# What was taken in before is not asked for once more.
	[[ $1 == sweep && -n $(sqlite3 home/node.db "SELECT 1 FROM
	    health_sweep WHERE began_ms = ${clock#@}") ]] || tell "$1" "$2"
	rest "$1" "$2"
	ending >got
	cmp -s "$life/want" got || fail "$name: $(diff "$life/want" got)"
	came_as_wanted "$by" "$name"
	bzn-ledger verify -q || fail "$name: the log"
	deaths=$((deaths + 1))
}

# die_at WAY STEP KIND: at the points of all such steps.
die_at() {
	local points=$life/$1.points point of by deaths=0

	bare
	mkdir mails
	cp "$life/keep" .
	twice=0
	of=$(grep -c "^$2 . $3 " "$points")
	by=$((step * 2 > of ? (of + 1) / 2 : step))
	while read -ru 7 -a point; do
		die "$1" "${point[@]}" || true
	done 7< <(grep "^$2 . $3 " "$points" |
	    awk -v s="$by" 'NR % s == int((s + 1) / 2) % s')
	echo "# $deaths deaths of $of, $twice of them made something go" \
	    "twice" >&3
	# Some more or less: it is not the same in each run.
	((deaths * by > of * 9 / 10 - by)) || fail "only $deaths"
}

@test "a sweep killed at calls that change the store" {
	die_at command sweep any
}

@test "a sweep killed at what it sends and prints" {
	die_at command sweep out
}

@test "mail by a command: killed at calls that change the store" {
	die_at command alert any
}

@test "mail by a command: killed before and after it runs" {
	die_at command alert out
	((step > 1 || twice > 3))
}

@test "mail by SMTP: killed at calls that change the store" {
	die_at server alert any
}

@test "mail by SMTP: killed before and after each line of it" {
	die_at server alert out
	((step > 1 || twice > 3))
}

@test "mail and a webhook: killed at calls that change the store" {
	die_at both alert any
}

@test "mail and a webhook: killed before and after each piece" {
	die_at both alert out
	((step > 1 || twice > 3))
}
