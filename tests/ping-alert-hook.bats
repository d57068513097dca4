# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2119,SC2120,SC2154
# What waits in the outbox is posted: signed so that others can tell, once by
# each way, and nowhere that not everybody can reach.
load common
load health
load alert

setup_file() {
	certified "$BATS_FILE_TMPDIR"
}

teardown() {
	[[ -z ${server-} ]] || kill "$server"
}

# receiver [SECRET]: one that knows the key of the node, if it has one.
receiver() {
	local public=$PWD/identity/node_public.pem

	[[ -e $public ]] || public=
	serve hook "$cert" "$key" "${1-}" "$public"
	sed -i /^webhook_ports/d bzn.conf
	echo "webhook_ports $port" >>bzn.conf
	post=(--webhook "https://127.0.0.1:$port/in" --cafile "$cert"
	    --allow-private)
}

# secret: the receiver's, which the home knows.
secret() {
	whsec=whsec_$(printf '%064d' 7)
	(umask 077 && echo "$whsec" >secret)
	echo 'alert_secret secret' >>bzn.conf
}

# keyed: the home has a node key, and its passphrase is in pw.
keyed() {
	(umask 077 && echo 'correct horse' >pw)
	bzn-keygen identity -q --passphrase-file pw >out
}

# open_key: it has no passphrase any more.
open_key() {
	openssl pkey -in identity/node_private.pem -passin file:pw -out plain
	chmod 600 plain
	mv plain identity/node_private.pem
}

@test "an alert is posted, signed by a secret and by the node key" {
	outbox node-b ooofff
	secret
	keyed
	open_key
	receiver "$whsec"
	is 0 "due null [bzn] DOWN node-b (connect) since 11:56Z" "" \
	    sent -n "${post[@]}"
	is 0 "sent null [bzn] DOWN node-b (connect) since 11:56Z" "" \
	    sent "${post[@]}"
	is 0 '["webhook"]' "" jq -c .went records
	is 0 '0|sent|1' "" states
	id=$(jq -r .id records)
	is 0 "" "" sent "${post[@]}"
	is 0 'true /in alert.down down node-b connect' "" jq -r '"\(.good) " +
	    "\(.path) \(.body.type) \(.body.data.alerts[0] | "\(.kind) " +
	    "\(.about.name) \(.about.cause)")"' box/1.json
	[[ $(jq -r .body.id box/1.json) =~ ^evt_[0-9a-f]{24}$ ]]
	is 0 "$id" "" jq -r '.headers["X-Delivery-Id"]' \
	    box/1.json
	is 0 'BotNode-Webhooks/1.0 application/json' "" jq -r '.headers |
	    "\(.["User-Agent"]) \(.["Content-Type"])"' box/1.json
	[[ ! -e box/2.json ]]
	jq -j .text box/1.json | bzn-sign webhook --verify \
	    --secret-file secret --now @"$now" --signature "$(jq -r \
	    '.headers["X-BotNode-Signature"]' box/1.json)" --timestamp \
	    "$(jq -r '.headers["X-BotNode-Timestamp"]' box/1.json)"
}

@test "one of the two is enough, and without either nothing is posted" {
	local refused="bzn-ping: --webhook: there is nothing to sign with: \
alert_secret is not set, and"

	outbox node-b ooofff
	receiver
	is 4 "" "$refused there is no node key (no_key)" sent "${post[@]}"
	keyed
	is 5 "" "$refused nobody is asked for the passphrase of the node key: \
give it by an option or a file (no_passphrase)" sent "${post[@]}"
	is 0 '0|pending|0' "" states
	kill "$server"
	receiver
	is 0 "sent null [bzn] DOWN node-b (connect) since 11:56Z" "" \
	    sent "${post[@]}" --passphrase-file pw
	echo wrong >pw
	is 5 "" "bzn-ping: cannot open '$PWD/identity/node_private.pem': the \
passphrase is wrong (bad_passphrase)" \
	    sent "${post[@]}" --test --passphrase-file pw
	secret
	kill "$server"
	mv identity/node_public.pem elsewhere.pem
	receiver "$whsec"
	mv elsewhere.pem identity/node_public.pem
	is 0 "sent null [bzn] TEST" "" sent "${post[@]}" --test
	is 0 $'true\ntrue' "" jq .good box/1.json box/2.json
	(umask 077 && echo whsec_short >secret)
	is 3 "" "bzn-ping: alert_secret: a webhook's secret is whsec_ and \
base64 of 24 to 64 bytes (unfit_secret)" sent "${post[@]}"
}

@test "one id however often it is tried, and after one of them is over" {
	sickbay
	secret
	receiver "$whsec"
	box keep
	several a b
	echo 503 >box/answer
	run --separate-stderr sent "${post[@]}" --mail ./keep
	[[ $status == 6 ]]
	is 0 'waits --webhook: the webhook says 503 ["mail"]' \
	    "" jq -r '"\(.outcome) \(.why) \(.went)"' records
	is 0 $'0|pending|1\n0|pending|1' "" states
	is 0 $'waits root [bzn] DOWN a\nwaits root [bzn] DOWN b' "" \
	    sent -n "${post[@]}" --mail ./keep
	sqlite3 node.db "UPDATE alert_alert SET state = 'dropped'
	    WHERE ref = 'a'"
	is 0 "" "" sent "${post[@]}" --mail ./keep
	rm box/answer
	later 60
	is 0 "sent root [bzn] DOWN b" "" sent "${post[@]}" --mail ./keep
	is 0 $'alert.digest 2\nalert.down 1' "" jq -r '"\(.body.type) " +
	    "\(.body.data.alerts | length)"' box/1.json box/2.json
	is 0 1 "" eval "jq -r '.body.id + .headers[\"X-Delivery-Id\"]' \
	    box/*.json | sort -u | wc -l"
	is 0 $'true\ntrue' "" jq .good box/1.json box/2.json
	is 0 "$(jq -r '.headers["X-Delivery-Id"]' box/1.json)" "" \
	    field mail.1 X-Delivery-Id
	[[ ! -e mail.2 && ! -e box/3.json ]]
}

@test "what went by mail is posted once that can be, and not mailed again" {
	outbox node-b ooofff
	secret
	receiver "$whsec"
	box keep
	printf '#!/bin/sh\nexit 75\n' >refuse
	chmod +x refuse
	run --separate-stderr sent "${post[@]}" --mail ./refuse
	is 0 '["webhook"]' "" jq -c .went records
	later 60
	is 0 "sent root [bzn] DOWN node-b (connect) since 11:56Z" "" \
	    sent "${post[@]}" --mail ./keep
	is 0 '0|sent|2' "" states
	[[ -e mail.1 && -e box/1.json && ! -e box/2.json ]]
	# One that went is sent if no other way is wanted any more.
	more node-b oo
	run --separate-stderr sent "${post[@]}" --mail ./refuse
	later 60
	is 0 "sent null [bzn] RECOVERED node-b after 7 min" "" sent \
	    "${post[@]}"
	[[ -e box/2.json && ! -e box/3.json ]]
}

@test "whoever answers with anything but 2xx has not taken it" {
	local answer

	sickbay
	secret
	receiver "$whsec"
	for answer in 301 302 303 307 308 400 410 429 500; do
		echo "$answer" >box/answer
		run --separate-stderr sent "${post[@]}" --test
		is 0 "--webhook: the webhook says $answer" "" \
		    jq -r .why records
	done
	run ! compgen -G 'box/*.moved'
	echo 202 >box/answer
	is 0 "sent null [bzn] TEST" "" sent "${post[@]}" --test
	kill "$server"
	wait "$server" || server=
	later 60
	run --separate-stderr sent "${post[@]}" --test
	is 0 "--webhook: the webhook cannot be reached" "" eval \
	    'jq -r .why records | sort -u'
}

@test "nothing is posted where not everybody can reach" {
	local url

	outbox node-b ooofff
	secret
	receiver "$whsec"
	is 9 "" "bzn-ping: --webhook: '127.0.0.1' is not an address that \
everybody can reach (webhook_private)" sent "${post[@]:0:4}"
	for url in https://2130706433/ https://0x7f.1/ https://localhost/ \
	    "https://[::1]/" "https://[::ffff:127.0.0.1]/" http://n.example/ \
	    https://169.254.169.254/ https://u:p@n.example/ \
	    "https://n.example:1/" https://017700000001/ ftp://n.example/ \
	    https://100.64.0.1/ "https://[64:ff9b::7f00:1]/"; do
		run --separate-stderr sent --webhook "$url"
		[[ $status == 9 ]] || fail "$url: $status $stderr"
	done
	is 0 '0|pending|0' "" states
	[[ -z $(ls box) ]]
}

@test "a certificate that does not fit is none" {
	outbox node-b ooofff
	secret
	receiver "$whsec"
	run --separate-stderr sent "${post[@]:0:2}" --allow-private
	is 0 "--webhook: the webhook shows no certificate that is good" "" \
	    jq -r .why records
	kill "$server"
	cert=$other_cert key=$other_key receiver "$whsec"
	later 60
	run --separate-stderr sent "${post[@]}"
	is 0 "--webhook: the webhook shows no certificate that is good" "" \
	    jq -r .why records
	[[ -z $(ls box) ]]
}

@test "killed at any write, none is lost, and one is posted twice at most" {
	local at twice=0

	strace -qq -o /dev/null true 2>/dev/null || skip "no strace"
	outbox node-b ooofff
	secret
	receiver "$whsec"
	sqlite3 node.db ".backup whole.db"
	# Before all is known, between the post and its mark, and in that.
	for at in fdatasync:1 pwrite64:9 pwrite64:15 pwrite64:19 pwrite64:21 \
	    fdatasync:3; do
		rm -f box/* node.db-*
		cp whole.db node.db
		strace -qq -f -o /dev/null -e trace="${at%:*}" \
		    -e inject="${at/:/:signal=KILL:when=}" bzn-ping \
		    alert --now @$((now + 1000)) "${post[@]}" >out 2>err || :
		sent "${post[@]}" >out
		is 0 '0|sent|1' "" states
		set -- box/*.json
		(($# <= 2)) || fail "$at: $#"
		twice=$((twice + $# - 1))
		is 0 1 "" eval "jq -r .body.id box/*.json | sort -u | wc -l"
	done
	((twice))			# or nothing was killed in between
}
