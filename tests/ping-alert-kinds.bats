# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2119,SC2120,SC2154
# Each kind of alert as it arrives, and what is held back.
load common
load health
load alert

# from SECONDS NODE NAME FOUND [FIELDS]: probes from so many before the clock.
from() {
	printf '{"node":"%s","name":"%s","found":"%s","from":%s%s}\n' "$2" \
	    "$3" "$4" "$(ago "$1")" "${5:+,$5}" | health "$BZN_HOME"
}

# many N LETTER: so many of it.
many() {
	printf "%*s" "$1" "" | tr ' ' "$2"
}

# told: the subjects that arrive now, oldest first.
told() {
	sent --mail ./keep | sed 's/^sent root \[bzn\] //'
}

# last: of the mails.
last() {
	printf '%s\n' mail.* | sort -t . -k 2n | tail -n 1
}

# said KEY: in the last mail.
said() {
	field "$(last)" "" | sed -n "s/^  $1: //p"
}

@test "down, four reminders, and recovered" {
	outbox node-b oofff
	box keep
	is 0 "DOWN node-b (connect) since 11:56Z" "" told
	is 0 https://node.example "" said url
	is 0 2026-11-27T11:54:00.000Z "" said last_good_at
	is 0 2026-11-27T11:56:00.000Z "" said since
	is 0 2026-11-27T12:00:00.000Z "" said decided_at
	later 120
	from 0 ab node-b "$(many 29 f)"
	later $((28 * 120))
	is 0 "" "" told
	later 120
	from 0 ab node-b f
	is 0 "STILL DOWN node-b (connect) since 11:56Z" "" told
	later 120
	from 0 ab node-b "$(many 1469 f)"
	later $((1468 * 120))
	# At 16:00, at 12:00 of the next day, and of the day after that.
	is 0 "STILL DOWN node-b (connect) since 2026-11-27T11:56Z
STILL DOWN node-b (connect) since 2026-11-27T11:56Z
STILL DOWN node-b (connect) since 2026-11-27T11:56Z" "" told
	is 0 "2026-11-27T13:00:00.250Z 2026-11-27T16:00:00.250Z \
2026-11-28T12:00:00.250Z 2026-11-29T12:00:00.250Z" "" eval \
	    'for i in 2 3 4 5; do field mail.$i "" | sed -n "s/^  at: //p"
	    done | paste -sd " "'
	later 120
	from 0 ab node-b tto
	later 240
	is 0 "" "" told
	later 120
	from 0 ab node-b o
	is 0 "RECOVERED node-b after 2 d 2 h 8 min" "" told
	is 0 2026-11-27T11:54:00.000Z "" said last_good_at
	is 0 2026-11-29T14:04:00.000Z "" said recovered_at
	is 0 connect "" said cause
	is 0 1 "" eval 'for i in 1 2 3 4 5 6; do field mail.$i References
	    echo; done | sort -u | wc -l'
}

@test "degraded, flapping, a certificate, and whoever watches" {
	sickbay
	box keep
	from 960 ab node-b ossssssss
	is 0 "DEGRADED node-b since 11:46Z" "" told
	is 0 degraded "" said state
	from 7080 cd node-c \
	    oofffoofffoofffoofffoofffoofffoofffoofffoofffoofffoofffoofff
	told >all
	is 0 "2 alerts, 1 flapping, 1 recovered" "" tail -n 1 all
	is 0 $'FLAPPING node-c\nRECOVERED node-c after 6 min' "" eval \
	    'field "$(last)" "" | grep -E "^[FR]" | sort'
	from 240 ef node-e oo '"cert":1796299200000'
	is 0 "CERTIFICATE of node-e ends 2026-12-03" "" told
	is 0 2026-12-03T12:00:00.000Z "" said cert_expires_at
	from 120 01 node-f x
	is 0 "OBSERVER OFFLINE since 11:58Z" "" told
}

@test "nobody is told of what stands on what is down" {
	sickbay
	box keep
	from 1200 ab node-a oo
	from 1200 cd node-b oo
	bzn-ping set node-b --depends node-a --now @"$now" >out
	from 960 ab node-a fff
	from 960 cd node-b fff
	is 0 "DOWN node-a (connect) since 11:44Z" "" told
	# What it stands on is up again, and it is not.
	from 600 ab node-a oo
	from 600 cd node-b ff
	is 0 "DOWN node-b (connect) since 11:44Z
RECOVERED node-a after 6 min" "" told
	from 360 cd node-b oo
	is 0 "RECOVERED node-b after 10 min" "" told
}

@test "maintenance holds what is not so any more at its end" {
	sickbay
	box keep
	from 3600 ab node-b oo
	from 3600 cd node-c oo
	echo "{\"maint\":\"disks\",\"from\":$(ago 3300),\"to\":$(ago 1200)}" |
	    health "$BZN_HOME"
	from 3240 ab node-b "$(many 17 f)"	# to the end and beyond
	from 3240 cd node-c "$(many 5 f)ooooo"
	now=$((now - 1260000))
	is 0 "" "" told
	now=$((now + 1260000))
	is 0 "" "" told
	from 1140 ab node-b "$(many 4 f)"
	is 0 "DOWN node-b (connect) since 11:40Z" "" told
	from 660 ab node-b oo
	is 0 "RECOVERED node-b after 9 min" "" told
}

@test "who recovers within maintenance is told of at its end" {
	sickbay
	box keep
	from 1200 ab node-b oofff
	is 0 "DOWN node-b (connect) since 11:44Z" "" told
	echo "{\"maint\":\"disks\",\"from\":$(ago 660),\"to\":$((now +
	    600000))}" | health "$BZN_HOME"
	from 600 ab node-b oo
	is 0 "" "" told
	is 0 "waits root [bzn] RECOVERED node-b after 6 min" "" sent -n
	is 0 "it is held until then 2026-11-27T12:10:00.000Z" "" \
	    jq -r '"\(.why) \(.next_at)"' records
	later 600
	is 0 "RECOVERED node-b after 6 min" "" told
}

@test "several of one sweep are one mail, with each in it" {
	sickbay
	box keep
	several a b c
	is 0 "3 alerts, 3 down" "" told
	is 0 $'DOWN a\nDOWN b\nDOWN c' "" eval 'field mail.1 "" | grep ^DOWN'
	[[ ! -e mail.2 ]]
}
