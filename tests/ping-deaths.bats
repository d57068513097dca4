# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2034,SC2119,SC2120,SC2094,SC2154
# bzn-ping killed at each call that changes the store, and at each that leaves
# the program: a story of six sweeps, the outbox delivered after each.  Run
# again it ends as with nobody killed: states, times of being down, incidents;
# no alert lost, and at most one mail twice, the same to the byte
# (spec/ops.md 3.10, "crash-safe").
#
# BZN_STEP	every so manieth of the calls at which it is killed: 97
load common
load faults

step=${BZN_STEP:-97}
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
	echo "alert_smtp smtp://127.0.0.1:$port" >smtp.conf
	live
}

teardown_file() {
	[[ -z $BZN_SAN ]] || return 0
	exec 8>&- 9<&-
	kill "$(<"$BATS_FILE_TMPDIR/office")"
}

# --- the story --------------------------------------------------------------

sweep() {
	at bzn-ping sweep --allow-private </dev/null
}

alert() {
	at bzn-ping alert "${way[@]}"
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

# mails: by command, and those that the server was given.
mails() {
	find box "$life" -maxdepth 1 -type f \
	    \( -path 'box/*' -o -name 'got.*' \)
}

subjects() {
	mails | xargs -r grep -h '^Subject:' | tr -d '\r' | sort
}

# refill N: the boxes are as they were before that step.
refill() {
	rm -f box/* "$life"/got.*
	find "$life/was/$1.box" -type f -exec cp -t box {} +
}

# mailed NAME: what was to be, or one more: that is one of them, to the byte.
mailed() {
	local more

	subjects | uniq >subjects
	cmp -s "$life/want.mails" subjects || fail "$1: $(<subjects)"
	more=$(($(mails | wc -l) - $(grep -c '' subjects)))
	((more < 2)) || fail "$1: $more mails too many"
	((more == $(mails | xargs sed 's/\r$//' | grep '^Message-ID' | sort |
	    uniq -d | wc -l))) || fail "$1: another with an id of its own"
	((more == $(mails | xargs sha256sum | cut -c-64 | sort | uniq -d |
	    wc -l))) || fail "$1: it is not the same again"
	twice=$((twice + more))
}

# --- a life -----------------------------------------------------------------

# calls WAY STEP N KIND: a line for each point at which one may die in it, by
# that way of mail: a copy is asked.
calls() {
	local -x FAULT_COUNT=$PWD/count BZN_HOME=$PWD/copy
	local way=(--mail ./keep) file=$1.points n

	[[ $1 == command ]] || way=()
	shift
	rm -rf copy
	cp -r "was/$1$2" copy
	((${#way[@]})) || cat smtp.conf >>copy/bzn.conf
	turn "$1" "$2"
	with "$3:1000000:kill" "$1" >out 2>err || true
	refill "$2"
	for ((n = 1; n <= $(<count); n++)); do
		printf '%s\n' "$* $n kill" "$* $n done"
	done >>"$file"
}

# live: nobody dies.  Keeps what there is before each step.
live() {
	local n s kind

	mkdir home box was
	export BZN_HOME=$PWD/home
	home 'health_confirm_least 1ms' 'health_confirm_most 1ms'
	for n in a b c; do
		at bzn-card import --pin "$n.card" >out
	done
	printf '#!/bin/sh\ncat >$(mktemp box/XXXXXX)\n' >keep
	chmod +x keep
	way=(--mail ./keep)
	for ((n = 1; n <= ${#story_a[@]}; n++)); do
		mkdir "was/$n.box"
		mails | xargs -r cp -t "was/$n.box"
		for s in sweep alert; do
			cp -r home "was/$s$n"
			for kind in any out; do
				calls command "$s" "$n" $kind
				calls server "$s" "$n" $kind
			done
			tell "$s" "$n"
		done
	done
	ending >want
	subjects >want.mails
	is 0 "Subject: [bzn] 2 alerts, 2 down
Subject: [bzn] DEGRADED c since 08:04Z
Subject: [bzn] RECOVERED a after 4 min
Subject: [bzn] RECOVERED b after 6 min" "" cat want.mails
}

# --- deaths -----------------------------------------------------------------

# die STEP N KIND CALL HOW: the story from there on, with one death; 1 if there
# is no such call this time.
die() {
	local got=0

	rm -rf home
	cp -r "$life/was/$1$2" home
	cat conf >>home/bzn.conf
	refill "$2"
	turn "$1" "$2"
	with "$3:$4:$5" "$1" >out 2>err || got=$?
	[[ -f hit ]] || return 1
	[[ $got == 137 ]] || fail "$*: status $got: $(<err)"
	# What was taken in before is not asked for once more.
	[[ $1 == sweep && -n $(sqlite3 home/node.db "SELECT 1 FROM
	    health_sweep WHERE began_ms = ${clock#@}") ]] || tell "$1" "$2"
	rest "$1" "$2"
	ending >got
	cmp -s "$life/want" got || fail "$*: $(diff "$life/want" got)"
	mailed "$*"
	bzn-ledger verify -q || fail "$*: the log"
	deaths=$((deaths + 1))
}

# die_at WAY STEP KIND: at the points of all such steps.
die_at() {
	local points=$life/$1.points point of by

	bare
	mkdir box
	cp "$life/keep" .
	way=(--mail ./keep) deaths=0 twice=0
	echo >conf
	[[ $1 == command ]] || {
		way=()
		cp "$life/smtp.conf" conf
	}
	of=$(grep -c "^$2 . $3 " "$points")
	by=$((step * 4 > of ? (of + 3) / 4 : step))
	while read -ru 7 -a point; do
		die "${point[@]}" || true
	done 7< <(grep "^$2 . $3 " "$points" |
	    awk -v s="$by" 'NR % s == int((s + 1) / 2) % s')
	echo "# $deaths deaths of $of, $twice of them made a mail go" \
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
