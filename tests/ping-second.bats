# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2034,SC2094,SC2119,SC2120,SC2154
# Second opinions: peers are asked before a node is called down.
load common
load http
load peer

# One server for all peers that are told what to say; "a" is who falls.
setup_file() {
	local name port seed

	export PATH="$BZN_BUILD/bin:$BZN_BUILD/tools:$PATH" LC_ALL=C
	cd "$BATS_FILE_TMPDIR" || return 1
	mkfifo told said
	python3 "$BZN_SRC/tests/tools/turns.py" a b c d <told >said 3>&- &
	echo $! >pid
	exec 8>told 9<said
	while read -r name port seed <&9 && [[ $name != ready ]]; do
		clock=@1795161600000 party "$name" "$seed" \
		    "http://127.0.0.1:$port"
	done
}

teardown_file() {
	exec 8>&- 9<&-
	wait "$(<"$BATS_FILE_TMPDIR/pid")" || true
}

setup() {
	export PATH="$BZN_BUILD/bin:$BZN_BUILD/tools:$PATH"
	export LC_ALL=C NO_COLOR=1 BZN_HOME="$BATS_TEST_TMPDIR/near"
	mkdir "$BZN_HOME"
	cd "$BATS_TEST_TMPDIR" || return 1
}

teardown() {
	BZN_HOME=$BATS_TEST_TMPDIR/home unserve
}

# says NODE WORDS: what it answers from now on.
says() {
	local ignored

	echo "$*" >&8
	read -r ignored <&9
}

# asked NODE: how often it was asked about others since the last time.
asked() {
	local paths

	echo "$1" >&8
	read -r paths <&9
	grep -o /api/health/of/ <<<"$paths" | wc -l
}

# peers NODE=LETTER...: pinned, and what each says of others; and a.
peers() {
	local one

	home 'health_confirm_least 1ms' 'health_confirm_most 1ms'
	identity "$BZN_HOME" "$(printf '%064d' 7)"
	for one in a=e "$@"; do
		says "${one%=*}" g
		says "${one%=*}" of "${one#*=}"
		asked "${one%=*}" >ignored
		at bzn-card import --pin "$BATS_FILE_TMPDIR/${one%=*}.card" \
		    >imported
	done
}

# falls: a is up, and then it is not.
falls() {
	at bzn-ping sweep --allow-private a </dev/null >>samples
	says a f
	pass 120
	at bzn-ping sweep --allow-private a </dev/null >>samples
	pass 120
	run at bzn-ping sweep --allow-private "$@" a </dev/null
	[[ $status == 1 && $output == *': 1 of 1 is down (node_down)' ]]
}

# saw: by the name of the peer, what is kept, in one line.
saw() {
	sqlite3 "$BZN_HOME/node.db" "SELECT group_concat(name || ' ' || saw ||
	    class || (said IS NOT NULL), ', ')
	    FROM (SELECT p.name, w.* FROM health_witness w
		JOIN card_peer p ON p.node_id = w.peer ORDER BY p.name)"
}

# locked: the node key is, by what is in the file pw.
locked() {
	echo correct horse >pw
	chmod 600 pw
	openssl pkcs8 -topk8 -v2 aes-256-cbc -iter 600000 -passout file:pw \
	    -in "$BZN_HOME/identity/node_private.pem" -out locked
	cat locked >"$BZN_HOME/identity/node_private.pem"
}

explained() {
	at bzn-ping explain "$(at bzn-ping incidents | jq -r .incident_id)"
}

@test "two are asked, once, before it is down, and what they say is kept" {
	local id

	peers b=x c=o
	falls
	is 0 "b 241, c 101" "" saw
	is 0 1 "" asked b
	is 0 1 "" asked c
	# It is down since the first failure, whatever they say.
	is 0 "down 2026-11-20T08:02:00" "" jq -r '"\(.state) \(.since[:19])"' \
	    <(at bzn-ping report a)
	pass 120
	run at bzn-ping sweep --allow-private a </dev/null
	[[ $status == 1 ]]
	is 0 0 "" asked b
	is 0 "2 1 1" "" sqlite3 -separator ' ' "$BZN_HOME/node.db" "SELECT
	    json_extract(data, '\$.peers_asked'),
	    json_extract(data, '\$.peers_up'),
	    json_extract(data, '\$.peers_down')
	    FROM alert_alert WHERE kind = 0"
	explained >why
	is 0 $'b down timeout b saw it down (timeout), too\nc up null c saw it'\
' up since the first failure' "" jq -r --slurpfile p \
	    <(bzn-card list) 'select(.what == "witness") | .peer as $id |
	    "\($p[] | select(.node_id == $id).name) \(.saw) \(.class) \(.text)"
	    ' <(jq -sc 'sort_by(.text)[]' why)
	run grep contested why
	[[ $status == 1 ]]
}

@test "a liar, a dead one, a forger, one who has not looked" {
	local pair want

	while read -r pair want; do
		rm -rf "$BZN_HOME" samples
		mkdir "$BZN_HOME"
		peers b="${pair:0:1}" c="${pair:1:1}"
		falls
		is 0 "b $want" "" eval 'saw | cut -d, -f1'
		is 0 "c 101" "" eval 'saw | cut -d" " -f3-'
		is 0 down "" jq -r .state <(at bzn-ping report a)
	done <<-'END'
		oo 101
		ro 050
		wo 070
		to 001
		no 070
		ao 070
		eo 050
		lo 060
	END
	explained >why
	is 0 1 "" grep -c '"what":"contested"' why
}

@test "nobody is asked about himself, nor who is not pinned; who failed, last" {
	peers b=o c=o
	at bzn-card import "$BATS_FILE_TMPDIR/d.card" >imported
	says d g
	says d of o
	at bzn-ping sweep --allow-private </dev/null >samples
	says a f
	says b f
	pass 120
	at bzn-ping sweep --allow-private </dev/null >>samples
	pass 120
	run at bzn-ping sweep --allow-private </dev/null
	[[ $status == 1 ]]
	is 0 "a 050, b 101, c 101, c 101" "" saw
	is 0 2 "" asked c
	is 0 0 "" asked d
}

@test "who is well is asked first" {
	peers b=o c=o d=o
	at bzn-ping sweep --allow-private </dev/null >samples
	says a f
	pass 120
	at bzn-ping sweep --allow-private </dev/null >>samples
	pass 120
	says b f
	run at bzn-ping sweep --allow-private </dev/null
	[[ $status == 1 ]]
	is 0 "c 101, d 101" "" saw
}

@test "watch asks them, too" {
	peers b=o c=o
	locked
	says a f
	run at bzn-ping watch --allow-private --sweeps 3 \
	    --passphrase-fd 5 a 5<pw </dev/null
	[[ $status == 1 && $output == *': 1 of 1 is down (node_down)'* ]]
	is 0 "b 101, c 101" "" saw
}

@test "a bundle has them, for strangers to verify" {
	local id

	peers b=o c=w
	falls
	id=$(at bzn-ping incidents | jq -r .incident_id)
	at bzn-ping bundle "$id" >bundle
	is 0 "true 2" "" jq -r '"\(.contested) \(.witnesses | length)"' bundle
	is 0 $'nothing badsig null\nup null string' "" jq -r '.witnesses |
	    sort_by(.saw)[] | "\(.saw) \(.class) \(.said | type |
	    select(. != "null") // null)"' bundle
	jq -j '.witnesses[] | select(.said).said' bundle >said.json
	jq -j '.witnesses[] | select(.said).public_key_pem' bundle >peer.pem
	bzn-sign json --verify -n bzn-witness-v1 -k peer.pem <said.json >verdict
	jq -c '.samples[0].ok = false' said.json >forged.json
	run bzn-sign json --verify -n bzn-witness-v1 -k peer.pem <forged.json
	[[ $status == 1 ]]
	bzn-sign json --verify -n bzn-incident-v1 \
	    -k "$BZN_HOME/identity/node_public.pem" <bundle >verdict
}

@test "replay says the same without them, and so does the log" {
	peers b=o c=o
	falls --record record
	at bzn-ping replay | jq -c 'select(.event == "change")' >kept
	is 0 2 "" eval 'wc -l <kept'
	is 0 "up down" "" jq -rs 'map(.to) | join(" ")' kept
	is 0 "" "" bzn-ledger verify -q
	# Nor does anything else know of it.
	sqlite3 "$BZN_HOME/node.db" 'DELETE FROM health_witness'
	at bzn-ping replay | jq -c 'select(.event == "change")' | cmp - kept
}

@test "without a passphrase nobody is asked, and it is said only with -v" {
	peers b=o c=o
	locked
	falls
	[[ $output != *'not asked'* ]]
	is 0 "" "" saw
	is 0 0 "" asked b
	is 0 "" "" sqlite3 "$BZN_HOME/node.db" "SELECT
	    json_extract(data, '\$.peers_asked') FROM alert_alert"
	rm -r "$BZN_HOME"
	mkdir "$BZN_HOME"
	peers b=o c=o
	locked
	falls -v
	[[ $output == *'peers are not asked: '*': no passphrase was given'* ]]
}

@test "with one, they are; a source that cannot be read is told of" {
	peers b=o c=o
	locked
	falls --passphrase-cmd "cat $PWD/pw"
	is 0 "b 101, c 101" "" saw
	pass 120
	run --separate-stderr at bzn-ping sweep --allow-private \
	    --passphrase-file none b </dev/null
	[[ $status == 4 && $stderr == *'peers are not asked'* ]]
	[[ -n $output ]]
	run --separate-stderr at bzn-ping sweep --allow-private \
	    --passphrase-fd 77 b </dev/null
	[[ $status == 5 && $stderr == *'peers are not asked'* ]]
}

@test "a bzn-serve is asked, which has pinned this node; and one which has not" {
	local near=$BZN_HOME far=$PWD/home

	peers
	grid
	sed -i '/^base_url/d' "$far/bzn.conf"
	identity "$far" "$(printf '%064d' 8)"
	jq -nc --arg id "$(id "$BATS_FILE_TMPDIR/a")" '{node: $id,
	    found: "o", from: 1795161590000}' | health "$far"
	serve
	at bzn-card show --name far --endpoint "$url" >far.card
	BZN_HOME=$near
	at bzn-card import --pin far.card >imported
	at bzn-card show --name near --endpoint https://near.example >near.card
	falls
	is 0 "far 050" "" saw
	explained | jq -r 'select(.what == "witness").text' >why
	is 0 "far was asked, and answered 401: it has not pinned this node, or a \
clock is off" "" cat why
	BZN_HOME=$far at bzn-card import --pin near.card >imported
	rm -r "$near"
	mkdir "$near"
	peers
	at bzn-card import --pin far.card >imported
	falls
	is 0 "far 101" "" saw
}
