# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2034,SC2154
load common

A=9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60
B=4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb
C=c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7
ID_A=7f2d9ed0b71b8e5a6c5cf30e647d6e20b5bca6dac8071f11abe3fef8014db610
ID_B=bf019c455f05e75ce74ca02a55a4b88bab561f85a76555d8281a79f7c2985233

# node SEED: this home is a node's, on a clock that the test sets.
node() {
	clock=@1795161600000	# 2026-11-20T08:00:00Z
	echo 'test_clock yes' >bzn.conf
	identity . "$1"
}

# card SEED NAME ENDPOINT [JSON]: a card of that key, with other members.
card() {
	jq -nc --arg name "$2" --arg endpoint "$3" --argjson more "${4:-{\}}" '
	    {v: 1, node_id: "%ID", name: $name, endpoint: $endpoint,
	    public_key_pem: "%PEM", alg: "Ed25519", capabilities: [],
	    issued_at: "2026-11-20T07:00:00Z"} + $more' |
	    seal bzn-card-v1 "$1"
}

# statement DOMAIN SEED JSON
statement() {
	jq -nc --argjson more "$3" '{v: 1, at: "2026-11-20T07:00:00Z"} +
	    $more' | seal "$1" "$2"
}

# import FILE...: quietly, on the clock.
import() {
	at bzn-card import "$@" >imported
}

# state PEER
state() {
	bzn-card show "$1" | jq -r .state
}

# scan FILE: what the QR code in the picture says.
scan() {
	zbarimg -q --raw "$1" 2>/dev/null
}

# text_pbm, svg_pbm: those forms as a picture that zbarimg reads.
text_pbm() {
	python3 -c '
import re, sys
rows = []
for line in sys.stdin:
    cells = re.sub("\x1b[^m]*m", "", line.rstrip("\n"))
    assert line.startswith("\x1b[38;5;16;48;5;231m")
    rows.append([c in "▀█" for c in cells])
    rows.append([c in "▄█" for c in cells])
print("P1", 8 * len(rows[0]), 8 * len(rows))
for row in rows:
    print(8 * ("".join(8 * ("1 " if c else "0 ") for c in row) + "\n"))'
}

svg_pbm() {
	python3 -c '
import re, sys
text = sys.stdin.read()
side = int(re.search(r"viewBox=\"0 0 (\d+) \1\"", text).group(1))
rows = [[0] * side for _ in range(side)]
path = re.search(r" d=\"([^\"]*)\"", text).group(1)
for x, y, w, back in re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", path):
    assert w == back
    for i in range(int(w)):
        rows[int(y)][int(x) + i] = 1
print("P1", 8 * side, 8 * side)
for row in rows:
    print(8 * ("".join(8 * f"{c} " for c in row) + "\n"))'
}

# --- the card of this node ---------------------------------------------------

@test "the card and the URI of the specification, byte for byte" {
	node "$A"
	is 0 "$(<"$BZN_SRC/tests/golden/card.json")" "" bzn-card show \
	    --now 2026-03-09T14:23:00Z --name 'Acme Consulting' \
	    --endpoint https://acme.example --capabilities legal-review
	is 0 "$(<"$BZN_SRC/tests/golden/card.bzn")" "" \
	    bzn-card show --now 2026-03-09T14:23:01Z --uri
	cp "$BZN_SRC/tests/golden/card.json" c
	[[ $(wc -c <c) == 502 ]]
	is 0 '{"ok":true,"status":0,"code":"ok","kind":"card","node_id":"'\
$ID_A'","name":"Acme Consulting","state":"unknown","path":"c","line":1}' "" \
	    bzn-card verify --at 2026-03-09T14:23:00Z c
}

@test "openssl finds the card signed by the key that is in it" {
	node "$A"
	at bzn-card show --name x --endpoint http://x.example >c
	jq -r .public_key_pem c | head -c -1 >key
	jq -r .signature c | base64 -d >sig
	{ printf 'bzn-card-v1\n'; jq -cSj 'del(.signature)' c; } >text
	openssl pkeyutl -verify -rawin -pubin -inkey key -in text \
	    -sigfile sig >out
	[[ $(sha256sum <key) == "$(jq -r .node_id c)  -" ]]
}

@test "a card is kept, and shown without the key" {
	node "$A"
	at bzn-card show --name one --endpoint http://x.example --class edge \
	    --capabilities a,b --dns one.1bz >first
	rm identity/node_private.pem
	pass 86400
	is 0 "$(<first)" "" at bzn-card show
	is 0 '["a","b"]' "" jq -c .capabilities first
	is 0 '["Ed25519","edge","one.1bz","2026-11-20T08:00:00Z",'\
'"2027-11-20T08:00:00Z"]' "" \
	    jq -c '[.alg, .class, .dns, .issued_at, .expires_at]' first
	[[ $(stat -c %a identity/card.json) == 600 ]]
	run --separate-stderr at bzn-card show --sign
	[[ $status == 4 && $stderr == *"(no_key)" ]]
}

@test "only what is asked for changes; --dry-run keeps nothing" {
	node "$A"
	at bzn-card show --name one --endpoint http://x.example \
	    --capabilities a >first
	pass 60
	at bzn-card show --name two -n >dry
	is 0 one "" jq -r .name <(at bzn-card show)
	at bzn-card show --name two >second
	diff dry second
	is 0 '["a"]' "" jq -c .capabilities second
	is 1 '{"member":"expires_at","old":"2027-11-20T08:00:00Z",'\
'"new":"2027-11-20T08:01:00Z"}
{"member":"issued_at","old":"2026-11-20T08:00:00Z",'\
'"new":"2026-11-20T08:01:00Z"}
{"member":"name","old":"one","new":"two"}' "" bzn-card diff first second
	at bzn-card show --expires never --capabilities "" >third
	is 0 '[null,[]]' "" jq -c '[.expires_at, .capabilities]' third
	at bzn-card show --expires 90s >fourth
	pass 60
	is 0 "$(<fourth)" "" at bzn-card show
	pass 30
	is 0 '"2026-11-20T08:02:30Z"' "" jq .issued_at <(at bzn-card show)
	cp identity/card.json before
	at bzn-card show --sign >fifth
	cmp identity/card.json before
	pass 1
	at bzn-card show --sign >fifth
	run ! cmp -s identity/card.json before
}

@test "without a word a node has a name and an endpoint" {
	node "$A"
	is 0 '["biz_node_7f2d9ed0","http://localhost:8080"]' "" \
	    jq -c '[.name, .endpoint]' <(at bzn-card show)
	is 0 '{"node_id":"'$ID_A'","name":"biz_node_7f2d9ed0",'\
'"endpoint":"http://localhost:8080","state":"SELF DECLARED",'\
'"words":"'"$(bzn-card show --state | jq -r .words)"'",'\
'"fingerprint":"SHA256:fy2e0LcbjlpsXPMOZH1uILW8ptrIBx8Rq+P++AFNthA",'\
'"did":"did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw"}' "" \
	    bzn-card show --state
	[[ $(bzn-card show --state | jq -r .words | wc -w) == 6 ]]
	is 0 did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw "" \
	    bzn-card show --did
	run --separate-stderr bzn-card show --table
	[[ ${lines[1]} == "biz_node_7f2d9ed0  SELF DECLARED  http://"* ]]
}

@test "what a card must not say" {
	local bad

	node "$A"
	for bad in http://X.example http://x.example/ ftp://x x \
	    http://u@x.example https://x.example:443; do
		run --separate-stderr bzn-card show --endpoint "$bad"
		[[ $status == 3 && $stderr == *"'/endpoint' is not http(s)"* ]]
	done
	for bad in "" $'a\nb' $'\e[1m' "$(printf 'x%.0s' {1..129})"; do
		run --separate-stderr bzn-card show --name "$bad"
		[[ $status == 3 && $stderr == *"'/name' is not text of 1"* ]]
	done
	is 3 "" "bzn-card: '/class' is not mobile, edge or cloud (bad_json)" \
	    bzn-card show --class big
	is 3 "" "bzn-card: '/dns' is not a name that ends in .1bz (bad_json)" \
	    bzn-card show --dns x.bzn
	run --separate-stderr bzn-card show --capabilities a,,b
	[[ $status == 3 && $stderr == *"'/capabilities/1' is not"* ]]
	is 2 "" "bzn-card: --expires: 1s or more, or never (usage)" \
	    bzn-card show --expires 0
	is 3 "" "bzn-card: 'soon' is not a span like 24h (bad_time)" \
	    bzn-card show --expires soon
	[[ ! -e identity/card.json ]]
}

@test "a home without an identity, or with another one than before" {
	mkdir identity
	run --separate-stderr bzn-card show
	[[ $status == 4 && $stderr == *"(no_key)" ]]
	run --separate-stderr bzn-card export
	[[ $status == 4 && $stderr == *"(no_key)" ]]
	node "$A"
	at bzn-card show --name a --endpoint http://a.example >first
	rm -r identity/node_*
	node "$B"
	at bzn-card show >b
	is 0 biz_node_bf019c45 "" jq -r .name b
	sed -i 's/biz_node/bizznode/' identity/card.json
	run --separate-stderr bzn-card show
	[[ $status == 1 && $stderr == *card.json:*"(bad_signature)" ]]
}

@test "a damaged card is signed anew, if that is asked for" {
	local damage verb says="bzn-card: the card that is kept is damaged, \
'bzn-card show --sign' makes another: "

	node "$A"
	at bzn-card show --name acme --endpoint https://acme.example >first
	cp identity/card.json good
	for damage in 'head -c 100' 'head -c 0' 's/acme/acne/' 's/^{/[/' \
	    's/acme/\xff/' 's/acme/& /' 's/"card"/"cards"/'; do
		case $damage in
		head*)	head -c "${damage##* }" good ;;
		*)	sed "$damage" good ;;
		esac >identity/card.json
		cp identity/card.json damaged
		for verb in show "show --name b" "show --state" export; do
			# shellcheck disable=SC2086
			run --separate-stderr at bzn-card $verb
			[[ $status == [13] && -z $output && \
			    $stderr == "$says"*/identity/card.json:* ]] ||
			    fail "$damage, $verb: $status, $stderr"
		done
		cmp identity/card.json damaged
		run --separate-stderr at bzn-card show --sign --name b
		[[ $status == 0 && $stderr == "bzn-card: the card that was \
kept is damaged: what it said is left out" ]] || fail "$damage: $stderr"
		is 0 '["b","http://localhost:8080"]' "" \
		    jq -c '[.name, .endpoint]' <(at bzn-card show)
	done
	cp damaged identity/card.json
	is 0 "" "" bash -c 'bzn-card show --sign -q >out'
}

@test "an unsafe key is not used" {
	node "$A"
	chmod 640 identity/node_private.pem
	run --separate-stderr bzn-card show
	[[ $status == 5 && -z $output && $stderr == *"(unsafe_mode)" ]]
}

@test "a wallet is named only with a binding that both have signed" {
	local wallet=0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf

	node "$A"
	jq -nc --arg wallet $wallet --arg id $ID_A '{v: 1, node_id: $id,
	    $wallet, signature_node: ("WZEZNJQd2CjlnBxD9K9Xh5m4EKIxQ++KOa7K" +
	    "8ugauaU05WYGOauEzaNXKE7bExPmU6FWuTV9Oq/g6hFmA4OvDA=="),
	    signature_wallet: ("0x657e8222e2546c71408c0d92c9e42fec1b8f1aeaff" +
	    "b3084b250280840e403b3b772ec06f43a61376d0b433f5946a9285e75afe50" +
	    "795409dbcb04a1ed3ee0b8741b")}' >binding
	at bzn-card show --name a --binding binding >c
	is 0 $wallet "" jq -r .wallet c
	is 0 '"ok"' "" jq .code <(at bzn-card verify c)
	is 0 $wallet "" jq -r .wallet <(at bzn-card show --name b)
	sed 's/WZEZ/XZEZ/' binding >forged
	run --separate-stderr at bzn-card show --binding forged
	[[ $status == 1 && $stderr == "bzn-card: forged: "*"(bad_signature)" ]]
	jq -c --arg id "$ID_B" '.node_id = $id' binding >other
	run --separate-stderr at bzn-card show --binding other
	[[ $status == 1 && $stderr == "bzn-card: other: "*"(id_mismatch)" ]]
	run --separate-stderr at bzn-card show --binding nowhere
	[[ $status == 4 && $stderr == *"(no_file)" ]]
}

@test "after a rotation the card says what it said, but of the wallet" {
	node "$A"
	at bzn-card show --name acme --endpoint https://acme.example \
	    --capabilities a,b >first
	# As if it had been bound.
	jq -c '.card.wallet = "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf" |
	    .card' identity/card.json >bound
	seal bzn-card-v1 "$A" signature <bound |
	    jq -c '{card: .}' >identity/card.json
	is 0 0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf "" \
	    jq -r .wallet <(bzn-card show)
	(umask 077; echo 'correct horse' >pw)
	at bzn-keygen rotate -q --new-passphrase-file pw >rotation
	at bzn-card show --passphrase-file pw >second
	is 0 '["acme","https://acme.example",["a","b"],null]' "" \
	    jq -c '[.name, .endpoint, .capabilities, .wallet]' second
	is 0 "$(jq -r .new_node_id rotation)" "" jq -r .node_id second
	is 0 true "" jq .ok <(at bzn-card verify second)
	# Not if no rotation leads there.
	rm identity/node_* identity/rotations.jsonl
	node "$B"
	at bzn-card show >third
	is 0 biz_node_bf019c45 "" jq -r .name third
}

# --- QR codes and URIs ------------------------------------------------------

@test "zbarimg reads every form, and import accepts what it read" {
	local form

	node "$A"
	at bzn-card show --name 'Café Zürich 日本 😀' \
	    --endpoint https://acme.example >c
	for form in "" --full; do
		at bzn-card show --uri $form >want
		at bzn-card show --qr=png $form >png
		at bzn-card show --qr=svg $form | svg_pbm >svg.pbm
		at bzn-card show --qr $form | text_pbm >text.pbm
		at bzn-card show --qr=text $form | text_pbm | cmp - text.pbm
		for file in png svg.pbm text.pbm; do
			scan $file >got
			cmp got want
			rm -f node.db*
			at bzn-card import got >out
			is 0 '["Café Zürich 日本 😀","pending","new"]' "" \
			    jq -c '[.name, .state, .result]' out
		done
	done
	scan png | at bzn-card verify >out
	[[ $(jq -r .public_key_pem got) == "$(jq -r .public_key_pem c)" ]]
	is 0 "" "" bzn-card diff got c
	LC_ALL=C grep -q '[^ -~]' got && fail "not ASCII"
	is 0 pending "" jq -r .state <(at bzn-card show --qr=png |
	    zbarimg -q --raw - 2>/dev/null | at bzn-card import --uri -)
}

@test "QR codes have the versions that phones read" {
	local long

	node "$A"
	at bzn-card show --name "$(printf 'x%.0s' {1..85})" \
	    --endpoint https://acme.example >c
	is 0 252 "" bash -c 'bzn-card show --uri | wc -c'
	is 0 "PNG image data, 552 x 552" "" bash -c 'bzn-card show --qr=png |
	    python3 -c "import struct, sys; d = sys.stdin.buffer.read()
print(\"PNG image data, %d x %d\" % struct.unpack(\">II\", d[16:24]))"'
	long=$(printf 'x%.0s' {1..86})
	at bzn-card show --name "$long" >c
	is 3 "" "bzn-card: the URI would have over 251 bytes: choose a \
shorter name with --name (too_long)" bzn-card show --qr
	at bzn-card show --capabilities "$long,$long" >c
	run --separate-stderr bzn-card show --qr --full
	[[ $status == 3 && -z $output && $stderr == "bzn-card: the card has \
"???" bytes, and phones read 600: leave out --full (too_long)" ]]
	is 2 "" "bzn-card: --qr: 'gif' is not text, png or svg (usage)" \
	    bzn-card show --name x --qr=gif
	run --separate-stderr bash -c 'bzn-card show --qr=png >/dev/full'
	[[ $status == 7 && $stderr == *"(output_failed)" ]]
}

@test "a PNG is a PNG" {
	node "$A"
	at bzn-card show --qr=png --full >png
	python3 - png <<-'END'
		import struct, sys, zlib
		data = open(sys.argv[1], "rb").read()
		assert data[:8] == b"\x89PNG\r\n\x1a\n"
		at, parts = 8, {}
		while at < len(data):
		    n, kind = struct.unpack(">I4s", data[at:at + 8])
		    body = data[at + 8:at + 8 + n]
		    crc, = struct.unpack(">I", data[at + 8 + n:at + 12 + n])
		    assert crc == zlib.crc32(kind + body)
		    parts[kind] = body
		    at += 12 + n
		side = struct.unpack(">II", parts[b"IHDR"][:8])
		raw = zlib.decompress(parts[b"IDAT"])
		assert len(raw) == side[1] * (side[0] // 8 + 1) > 65535
	END
}

@test "a URI is read strictly" {
	local good bad n=0

	node "$B"
	good=$(<"$BZN_SRC/tests/golden/card.bzn")
	for bad in "${good/bzn:1/bzn:2}" "${good/\%20/ }" "${good/\%20/%41}" \
	    "${good/example/example/}" "$good&x=1" "${good%Q}" "$good=" \
	    "${good/&n=/&n=%0A}" "bzn:" "bzn:1?"; do
		is 3 "" "bzn-card: operand: not a URI of the form \
bzn:1?k=KEY&n=NAME&e=ENDPOINT&s=SIGNATURE (bad_uri)" bzn-card import "$bad"
		n=$((n + 1))
	done
	is 3 "" "bzn-card: operand: a bzn: URI has at most 251 bytes \
(too_long)" bzn-card import "$good$good"
	is 1 "" "bzn-card: operand: the URI is not signed by its key \
(bad_signature)" bzn-card import "${good/Acme/Acne}"
	is 3 "" "bzn-card: stdin:1: not a bzn: URI (bad_uri)" \
	    bzn-card import --uri - <"$BZN_SRC/tests/golden/card.json"
	is 0 '["pending",null]' "" jq -c '[.state, .card]' \
	    <(at bzn-card import "$good")
	is 0 '["pending","same"]' "" jq -c '[.state, .result]' \
	    <(jq -nc --arg uri "$good" '{$uri}' | at bzn-card import)
	((n == 10))
}

# --- peers ------------------------------------------------------------------

@test "trust on first use: pending, then pinned" {
	node "$A"
	card "$B" bert https://bert.example >b
	at bzn-card import b >out
	is 0 '["'$ID_B'","bert","https://bert.example","pending",'\
'"2026-11-20T08:00:00.000Z","new"]' "" jq -c '[.node_id, .name, .endpoint,
	    .state, .added_at, .result]' out
	is 0 '"same"' "" jq .result <(at bzn-card import - <b)
	pass 60
	is 0 '["pinned","2026-11-20T08:01:00.000Z","changed"]' "" \
	    jq -c '[.state, .pinned_at, .result]' <(at bzn-card pin bert)
	is 0 '["pinned","2026-11-20T08:01:00.000Z","same"]' "" \
	    jq -c '[.state, .pinned_at, .result]' <(at bzn-card pin bert)
	# The same key may say something else, and remains pinned.
	card "$B" bertha http://localhost:1 \
	    '{"issued_at":"2026-11-20T07:30:00Z"}' >b2
	is 0 '["bertha","pinned","changed"]' "" \
	    jq -c '[.name, .state, .result]' <(at bzn-card import b2)
	is 0 '["bertha","pinned","same"]' "" \
	    jq -c '[.name, .state, .result]' <(at bzn-card import b)
	is 0 "$(jq -cS . b2)" "" jq -cS .card <(bzn-card show bertha)
}

@test "--pin is for what came by a second channel" {
	node "$A"
	card "$B" bert https://bert.example >b
	is 0 '["pinned","new"]' "" jq -c '[.state, .result]' \
	    <(at bzn-card import --pin b)
	card "$C" carl https://carl.example >c
	import c
	is 0 '["pinned","changed"]' "" jq -c '[.state, .result]' \
	    <(at bzn-card import --pin c)
	is 0 '["pinned","same"]' "" jq -c '[.state, .result]' \
	    <(at bzn-card import --pin c)
}

@test "another key under a known name or endpoint is never taken" {
	local id_c

	node "$A"
	card "$B" bert https://bert.example >b
	import b
	card "$C" bert https://carl.example >name
	card "$C" carl https://bert.example >endpoint
	id_c=$(jq -r .node_id name)
	keeps is 10 "" "bzn-card: name:1: 'bert' is known with another key, \
that of bf019c455f05e75c..., and is not replaced: ask its owner, and revoke \
the old key if it is gone (key_changed)" at bzn-card import name
	keeps is 10 "" "bzn-card: endpoint:1: 'https://bert.example' is known \
with another key, that of bf019c455f05e75c..., and is not replaced: ask its \
owner, and revoke the old key if it is gone (key_changed)" \
	    at bzn-card import endpoint
	# A second peer may not take the name over later, either.
	card "$C" carl https://carl.example >c
	import c
	card "$C" bert https://carl.example \
	    '{"issued_at":"2026-11-20T07:30:00Z"}' >name
	run --separate-stderr at bzn-card import name
	[[ $status == 10 && $stderr == *"(key_changed)" ]]
	is 0 carl "" jq -r .name <(bzn-card show "$id_c")
	# Once the old key is revoked, its owner may come back with a new one.
	at bzn-card revoke bert --reason 'key lost' >out
	import name
	is 0 "pending" "" state "$id_c"
	is 0 "revoked" "" state "$ID_B"
	run --separate-stderr bzn-card show bert
	[[ $status == 2 && $stderr == *"(ambiguous)" ]]
}

@test "each bad card has a word of its own" {
	local good

	node "$A"
	card "$B" bert https://bert.example \
	    '{"expires_at":"2026-11-20T08:00:00Z"}' >expired
	card "$B" bert https://bert.example \
	    '{"issued_at":"2026-11-20T08:05:01Z"}' >early
	card "$B" bert https://bert.example "{\"node_id\":\"$ID_A\"}" >other
	card "$B" bert https://bert.example >good
	sed 's/bert/bart/' good >forged
	sed 's/\\n/\\r\\n/' good >crlf
	sed 's/"v":1/"v":2/' good >version
	head -c 300 good >short
	: >empty
	is 1 "" "bzn-card: expired:1: the card expired at \
2026-11-20T08:00:00.000Z (expired)" at bzn-card import expired
	is 1 "" "bzn-card: early:1: the card is issued at \
2026-11-20T08:05:01.000Z only (not_yet_valid)" at bzn-card import early
	is 1 "" "bzn-card: other:1: node_id is 7f2d9ed0b71b8e5a..., but that \
of the key is bf019c455f05e75c... (id_mismatch)" at bzn-card import other
	is 1 "" "bzn-card: forged:1: 'signature' is not this key's signature \
of the object as bzn-card-v1 (bad_signature)" at bzn-card import forged
	is 3 "" "bzn-card: crlf:1: '/public_key_pem' is not the 113 bytes of \
an Ed25519 key as PEM (bad_pem)" at bzn-card import crlf
	is 3 "" "bzn-card: version:1: '/v' is not 1 (bad_json)" \
	    at bzn-card import version
	run --separate-stderr at bzn-card import short
	[[ $status == 3 && $stderr == *"short:1: byte "*"(bad_json)" ]]
	is 3 "" "bzn-card: empty: there is nothing in it (bad_json)" \
	    at bzn-card import empty
	run --separate-stderr at bzn-card import nowhere
	[[ $status == 4 && $stderr == *"(no_file)" ]]
	is 0 "" "" bzn-card list
	# A key for another kind of object signs no cards.
	jq -c 'del(.signature)' good | seal bzn-announce-v1 "$B" >announced
	run --separate-stderr at bzn-card import announced
	[[ $status == 1 && $stderr == *"(bad_signature)" ]]
	import good
	at bzn-card revoke bert -r 'laptop stolen' >out
	keeps is 1 "" "bzn-card: good:1: the key of 'bert' is revoked: laptop \
stolen (revoked)" at bzn-card import good
}

@test "what an older node calls its members, and members of no meaning" {
	node "$A"
	jq -nc '{v: 1, node_id: "%ID", name: "old", ip: "192.0.2.7:8000",
	    public_key: "%PEM", alg: "Ed25519", capabilities: [], x: [15,
	    {"y": null}], issued_at: "2026-11-20T07:00:00Z"}' |
	    seal bzn-card-v1 "$B" >old
	is 0 '["http://192.0.2.7:8000",[15,{"y":null}]]' "" \
	    jq -c '[.endpoint, .card.x]' <(at bzn-card import old)
	bzn-card show old | jq -c .card | at bzn-card verify >out
	sed -i 's/\[15/[16/' old
	run --separate-stderr at bzn-card verify old
	[[ $status == 1 && $stderr == *"(bad_signature)" ]]
}

@test "many at once: a bad one is complained of, the others are known" {
	node "$A"
	{
		card "$B" bert https://bert.example
		echo
		card "$C" bert https://carl.example
		echo '{"v":1'
		card "$C" carl https://carl.example
	} >all
	run --separate-stderr at bzn-card import all
	[[ $status == 10 && ${#lines[@]} == 2 ]]
	[[ ${stderr_lines[0]} == "bzn-card: all:3: "*"(key_changed)" ]]
	[[ ${stderr_lines[1]} == "bzn-card: all:4: "*"(bad_json)" ]]
	is 0 $'bert\ncarl' "" sort <(bzn-card list | jq -r .name)
	rm node.db*
	card "$B" bert https://bert.example | jq . >b
	card "$C" carl https://carl.example >c
	is 0 '"bert"
"carl"' "" jq .name <(at bzn-card import b - <c)
	printf '{\n"v":1}\n' >spread
	is 3 "" "bzn-card: spread: '/node_id' is missing (bad_json)" \
	    at bzn-card import spread
}

@test "--dry-run shows what would be, and --id acts once" {
	node "$A"
	card "$B" bert https://bert.example >b
	card "$C" carl https://carl.example >c
	# Also where there is no store yet, nor even a home: none is made.
	cat b c b >all
	for home in . none/none; do
		is 0 '["bert","pending","new",true]
["carl","pending","new",true]
["bert","pending","same",true]' "" jq -c '[.name, .state, .result, .dry_run]' \
		    <(bzn-card --home $home import -n all)
		is 0 pinned "" jq -r .state \
		    <(bzn-card --home $home import -n --pin b)
	done
	sed s/bert/bart/ b >forged
	run --separate-stderr bzn-card --home none import -n forged
	[[ $status == 1 && $stderr == *"(bad_signature)" ]]
	[[ ! -e node.db && ! -e node.lock && ! -e none ]]
	is 0 new "" jq -r .result <(at bzn-card import b --id one)
	is 0 '["new",true]' "" jq -c '[.result, .idempotent]' \
	    <(at bzn-card import b --id one)
	keeps is 10 "" "bzn-card: 'one' was used for another request \
(id_conflict)" at bzn-card import c --id one
	keeps at bzn-card import -n c >out
	is 0 '["new",true]' "" jq -c '[.result, .dry_run]' out
	keeps at bzn-card pin -n bert >out
	is 0 '["pinned","changed",true]' "" \
	    jq -c '[.state, .result, .dry_run]' out
	at bzn-card pin bert --id two >out
	is 0 '["changed",true]' "" jq -c '[.result, .idempotent]' \
	    <(at bzn-card pin bert --id two)
	keeps at bzn-card revoke -n bert -r x >out
	is 0 '["revoked","x",true]' "" \
	    jq -c '[.state, .reason, .dry_run]' out
	is 0 pinned "" state bert
}

@test "import makes the home, and a ledger fits into it later" {
	card "$B" bert https://bert.example >b
	BZN_HOME=$PWD/new/home bzn-card import b >out
	[[ $(stat -c %a new/home) == 700 ]]
	BZN_HOME=$PWD/new/home bzn-ledger init --no-node >out
	is 0 "" "" env BZN_HOME="$PWD/new/home" bzn-ledger verify -q
}

@test "peers by id, by its beginning, by name; never by guess" {
	node "$A"
	card "$B" bert https://bert.example >b
	card "$C" bf019c https://carl.example >c
	cat b c | at bzn-card import >out
	for typed in "$ID_B" bf01 biz_node_bf019c45 bert; do
		is 0 bert "" jq -r .name <(bzn-card show $typed)
	done
	run --separate-stderr bzn-card show bf019c
	[[ $status == 2 && $stderr == "bzn-card: 'bf019c' may be "*\
": say more of the id (ambiguous)" ]]
	is 4 "" "bzn-card: no peer 'bf0' (node_missing)" bzn-card show bf0
	run --separate-stderr bzn-card show bert nobody
	[[ $status == 4 && ${#lines[@]} == 1 ]]
	is 0 "" "" bzn-card list --state pinned
	is 0 2 "" bash -c 'bzn-card list --state pending | wc -l'
	is 2 "" "bzn-card: --state: 'new' is not pending, pinned or revoked \
(usage)" bzn-card list --state new
	is 2 "" "bzn-card: these options are for the card of this node: \
leave out 'bert' (usage)" bzn-card show bert --qr
	# All or none.
	keeps is 4 "" "bzn-card: no peer 'nobody' (node_missing)" \
	    at bzn-card pin bert nobody
	is 0 2 "" bash -c 'bzn-card --now @1795161600000 pin bert "$1" |
	    wc -l' - "$(jq -r .node_id c)"
}

@test "names cannot steer a terminal" {
	node "$A"
	card "$C" $'a\e[1mb' https://carl.example >c
	run --separate-stderr at bzn-card import c
	[[ $status == 3 && $stderr != *$'\e'* ]]
}

@test "names do not look like other names" {
	local bad uri says="'/name' is not text of 1 to 128 bytes without \
control characters, invisible ones, blanks at an end or two in a row"

	node "$A"
	uri=$(<"$BZN_SRC/tests/golden/card.bzn")
	for bad in ' bert' 'bert ' 'be  rt' $'be\u00a0rt' $'be\u200brt' \
	    $'be\u202ert' $'\u2067bert' $'be\u2003rt' $'bert\ufeff'; do
		is 3 "" "bzn-card: $says (bad_json)" \
		    at bzn-card show --name "$bad"
		card "$B" "$bad" https://bert.example >b
		is 3 "" "bzn-card: b:1: $says (bad_json)" \
		    at bzn-card import b
		is 3 "" "bzn-card: b:1: $says (bad_json)" bash -c '
		    bzn-card verify b >verdict'
		bad=$(printf %s "$bad" | jq -sRr @uri)
		is 3 "" "bzn-card: operand: not a URI of the form \
bzn:1?k=KEY&n=NAME&e=ENDPOINT&s=SIGNATURE (bad_uri)" \
		    at bzn-card import "${uri/Acme%20Consulting/$bad}"
	done
	# What is not UTF-8 is not made into something else.
	for bad in $'\xff' $'be\xc3' $'be\xc3(rt' $'\xed\xa0\x80'; do
		is 3 "" "bzn-card: $says (bad_json)" \
		    at bzn-card show --name "$bad"
		run --separate-stderr at bzn-card show --capabilities "a,$bad"
		[[ $status == 3 && $stderr == *"'/capabilities/1' is not"* ]]
	done
	[[ ! -e identity/card.json ]]
	is 0 "" "" bzn-card list
	is 0 'Zoë 日本　貨 😀' "" jq -r .name \
	    <(at bzn-card show --name 'Zoë 日本　貨 😀')
}

@test "revoked for good, by the operator or by the key itself" {
	node "$A"
	card "$B" bert https://bert.example >b
	card "$C" carl https://carl.example >c
	cat b c | at bzn-card import --pin >out
	is 2 "" "bzn-card: --reason is missing (usage)" bzn-card revoke bert
	is 2 "" "bzn-card: a reason is 1 to 200 bytes of text without control \
characters (usage)" bzn-card revoke bert -r ''
	is 0 '["revoked","lost","2026-11-20T08:00:00.000Z",null]' "" \
	    jq -c '[.state, .reason, .revoked_at, .proof]' \
	    <(at bzn-card revoke bert --reason lost)
	is 1 "" "bzn-card: the key of 'bert' is revoked: lost (revoked)" \
	    at bzn-card pin bert
	statement bzn-revoke-v1 "$C" '{"node_id":"%ID","reason":"stolen"}' \
	    >signed
	is 0 '["revoked","stolen","2026-11-20T07:00:00.000Z","changed"]' "" \
	    jq -c '[.state, .reason, .revoked_at, .result]' \
	    <(at bzn-card import signed)
	is 0 "$(jq -cS . signed)" "" jq -cS .proof <(bzn-card show carl)
	is 0 same "" jq -r .result <(at bzn-card import signed)
	statement bzn-revoke-v1 "$B" \
	    "{\"node_id\":\"$(jq -r .node_id c)\",\"reason\":\"x\"}" >forged
	run --separate-stderr at bzn-card import forged
	[[ $status == 1 && $stderr == *"(bad_signature)" ]]
	statement bzn-revoke-v1 "$A" '{"node_id":"%ID","reason":"x"}' >unknown
	run --separate-stderr at bzn-card import unknown
	[[ $status == 4 && $stderr == *"(node_missing)" ]]
}

@test "a rotation that both keys have signed moves the pin" {
	local id_c

	node "$A"
	card "$B" bert https://bert.example >b
	at bzn-card import --pin b >out
	id_c=$(card "$C" x http://x | jq -r .node_id)
	statement bzn-rotate-v1 "$B" "$(jq -nc --arg new "$id_c" --arg pem \
	    "$(card "$C" x http://x | jq -r .public_key_pem)"$'\n' '
	    {old_node_id: "%ID", new_node_id: $new, reason: "yearly",
	    new_public_key_pem: $pem}')" >half
	jq -c '.signature_old = .signature | del(.signature)' half >half.old
	run --separate-stderr at bzn-card import half.old
	[[ $status == 3 && $stderr == *"(bad_json)" ]]
	seal bzn-rotate-v1 "$A" signature_new <half.old >wrong
	run --separate-stderr at bzn-card import wrong
	[[ $status == 1 && $stderr == *"(bad_signature)" ]]
	seal bzn-rotate-v1 "$C" signature_new <half.old >whole
	is 0 '["'"$id_c"'","bert","pinned","changed"]' "" \
	    jq -c '[.node_id, .name, .state, .result]' \
	    <(at bzn-card import whole)
	is 0 '"'"$id_c"'"' "" jq .moved_to <(bzn-card show bf01)
	is 0 same "" jq -r .result <(at bzn-card import whole)
	card "$C" bert https://bert.example >c
	is 0 '["pinned","changed"]' "" jq -c '[.state, .result]' \
	    <(at bzn-card import c)
	is 9 "" "bzn-card: 'bert' has moved to ${id_c:0:16}...: pin that \
(wrong_state)" at bzn-card pin "$ID_B"
	is 0 "bert.example node:$id_c
bert.example valid-before=\"2026-12-20\" node:$ID_B" "" \
	    sort <(bzn-card export --peers)
}

@test "no key is replaced by itself" {
	local says="'/new_node_id' is the old one: a key cannot replace itself"

	node "$A"
	card "$B" bert https://bert.example >b
	at bzn-card import --pin b >out
	statement bzn-rotate-v1 "$B" '{"old_node_id":"%ID","reason":"",
	    "new_node_id":"%ID","new_public_key_pem":"%PEM"}' |
	    jq -c '.signature_old = .signature |
	    .signature_new = .signature | del(.signature)' >self
	keeps is 3 "" "bzn-card: self:1: $says (bad_json)" \
	    at bzn-card import self
	run --separate-stderr at bzn-card verify self
	[[ $status == 3 && $stderr == *"$says (bad_json)" ]]
	jq -j .public_key_pem b >key
	is 3 "" "bzn-keygen: rotation 1: $says (bad_json)" \
	    bzn-keygen check --chain self --key key
	is 0 pinned "" state bert
}

# --- checks and export ------------------------------------------------------

@test "verify: a verdict for each, and the worst status" {
	node "$A"
	card "$B" bert https://bert.example \
	    '{"expires_at":"2026-11-21T00:00:00Z"}' >b
	is 0 '{"ok":true,"status":0,"code":"ok","kind":"card","node_id":"'\
$ID_B'","name":"bert","state":"unknown","path":"b","line":1}' "" \
	    at bzn-card verify b
	is 1 '{"ok":false,"status":1,"code":"expired","kind":"card",'\
'"node_id":"'$ID_B'","path":"b","line":1}' "bzn-card: b:1: the card expired \
at 2026-11-21T00:00:00.000Z (expired)" bzn-card verify --at 2026-11-22 b
	is 1 '"not_yet_valid"' "" bash -c \
	    'set -o pipefail
	    bzn-card verify --at 2026-11-20 b 2>err | jq .code'
	is 3 "" "bzn-card: 'x' is not a time like 2026-11-20T06:52:52Z \
(bad_time)" bzn-card verify --at x b
	import b
	is 0 '"pending"' "" jq .state <(at bzn-card verify b)
	pass 60
	at bzn-card revoke bert -r lost >out
	is 1 '"revoked"
"revoked"' "" bash -c 'set -o pipefail
	    bzn-card verify --at 2026-11-20T08:01:00Z b 2>err |
	    jq ".code, .state"'
	is 0 '"revoked"' "" jq .state \
	    <(bzn-card verify --at 2026-11-20T08:00:59Z b)
	card "$C" carl https://carl.example >c
	{ cat c; echo '{}'; sed s/carl/curl/ c; } >all
	run --separate-stderr at bzn-card verify all "$(<"$BZN_SRC/tests/\
golden/card.bzn")"
	[[ $status == 3 && ${#lines[@]} == 4 && ${#stderr_lines[@]} == 2 ]]
	is 0 '[["ok","bad_json","bad_signature","ok"],["card","uri"]]' "" \
	    jq -sc '[map(.code), map(select(.ok).kind)]' <<<"$output"
	run --separate-stderr at bzn-card verify --table c
	[[ ${lines[0]} == "PATH  LINE  OK   CODE  KIND"* ]]
}

@test "diff names each changed member, and compares phrases" {
	node "$A"
	card "$B" bert https://bert.example '{"class":"edge"}' >b
	card "$C" bert https://bert.example '{"dns":"b.1bz"}' >c
	is 0 "" "" bzn-card diff b b
	run --separate-stderr bzn-card diff b c
	[[ $status == 1 && -z $stderr ]]
	echo "$output" >changes
	is 0 '["class","node_id","public_key_pem","dns"]' "" \
	    jq -sc 'map(.member)' changes
	is 0 '[6,6,false]' "" jq -c 'select(.old_words) |
	    [(.old_words, .new_words | split(" ") | length),
	    .old_words == .new_words]' changes
	import b
	is 0 "" "" bzn-card diff b bert
	is 0 "" "" bzn-card diff bert - <b
	is 0 "$(bzn-card show bert | jq -r .words)" "" \
	    jq -r 'select(.old_words).old_words' <(bzn-card diff b c)
	is 4 "" "bzn-card: no peer 'nobody' (node_missing)" \
	    bzn-card diff b nobody
	sed s/bert/bart/ b >forged
	run --separate-stderr bzn-card diff b forged
	[[ $status == 1 && $stderr == *"(bad_signature)" ]]
	at bzn-card import "$(<"$BZN_SRC/tests/golden/card.bzn")" >out
	is 4 "" "bzn-card: of 'Acme Consulting' only a URI is known \
(no_card)" bzn-card diff b 'Acme Consulting'
}

@test "export: an announcement whose seq never repeats" {
	node "$A"
	run --separate-stderr at bzn-card export
	[[ $status == 4 && $stderr == *"(no_card)" ]]
	at bzn-card show --name a --endpoint http://a.example --class cloud \
	    --capabilities x,y >c
	at bzn-card export >one
	is 0 '["capabilities","class","endpoint","expires_at","issued_at",'\
'"node_id","public_key_pem","seq","signature","v"]' "" jq -c keys one
	is 0 '[1,"2026-11-21T08:00:00Z"]' "" jq -c '[.seq, .expires_at]' one
	jq -r .signature one | base64 -d >sig
	{ printf 'bzn-announce-v1\n'; jq -cSj 'del(.signature)' one; } >text
	openssl pkeyutl -verify -rawin -pubin -inkey identity/node_public.pem \
	    -in text -sigfile sig >out
	is 0 '[2,"2026-11-20T09:00:00Z"]' "" jq -c '[.seq, .expires_at]' \
	    <(at bzn-card export --life 1h)
	keeps at bzn-card export -n >out
	is 0 "3 null" "" jq -r '"\(.seq) \(.dry_run)"' out
	at bzn-card export --id x >out
	is 0 "$(<out)" "" at bzn-card export --id x
	is 2 "" "bzn-card: --life: 1s to 24h (usage)" \
	    at bzn-card export --life 25h
}

@test "export --peers: lines for a trust file" {
	node "$A"
	card "$B" bert https://bert.example:8443 >b
	card "$C" carl http://localhost:1 >c
	cat b c | at bzn-card import >out
	is 0 "" "" bzn-card export --peers
	at bzn-card pin carl >out
	at bzn-card revoke bert -r 'lost, "gone"' >out
	is 0 "bert.example:8443 revoked=\"2026-11-20,lost_ _gone_\" node:$ID_B
$(jq -r '.node_id + " node:" + .node_id' c)" "" \
	    sort -k2 -r <(bzn-card export --peers)
}

@test "export --peers: a report, which writes nothing" {
	node "$A"
	card "$B" bert https://bert.example >b
	at bzn-card import --pin b >out
	bzn-card export --peers >peers
	[[ -s peers ]]
	strace -qq -f -o calls -e trace=flock,mkdir,openat \
	    bzn-card export --peers >/dev/null 2>&1 || : >calls
	run ! grep -E 'flock|mkdir|node.lock' calls
	flock node.lock sleep 5 &
	until ! flock -n node.lock true; do :; done
	is 0 "$(<peers)" "" bzn-card export --peers --timeout 0
	kill %1
	sqlite3 node.db 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
	rm -f node.db-* node.lock
	if [[ $(id -u) == 0 ]]; then
		unshare -m true 2>/dev/null || skip "root, and no mounts"
		is 0 "$(<peers)" "" unshare -m bash -c "mount --bind . . &&
		    mount -o remount,bind,ro . && cd . &&
		    bzn-card export --peers --home '$PWD'"
		return
	fi
	chmod 500 .
	is 0 "$(<peers)" "" bzn-card export --peers
	chmod 700 .
}

@test "a home without a store has no peers, and gets none by a question" {
	local home verb says="no peers are known in 'HOME' yet: 'bzn-card import' \
takes their cards" none="no peer 'bert': none is known here yet, 'bzn-card \
import' takes their cards (node_missing)"

	for home in "$PWD" "$PWD/none"; do
		for verb in list "list --state pinned" "export --peers"; do
			# shellcheck disable=SC2086
			is 0 "" "bzn-card: ${says/HOME/$home}" \
			    bzn-card --home "$home" $verb
			# shellcheck disable=SC2086
			is 0 "" "" bzn-card --home "$home" $verb -q
		done
		for verb in "show bert" "pin bert" "pin -n bert" \
		    "revoke bert -r x"; do
			# shellcheck disable=SC2086
			is 4 "" "bzn-card: $none" \
			    bzn-card --home "$home" $verb
		done
	done
	[[ ! -e node.db && ! -e node.lock && ! -e none ]]
}

@test "the pipes of the specification" {
	mkdir b
	node "$A"
	at bzn-card show --name a --endpoint http://a.example >c
	is 0 pending "" jq -r .state \
	    <(bzn-card show | BZN_HOME=b bzn-card import -)
	rm b/node.db*
	bzn-card show --qr=png >me.png
	is 0 pending "" jq -r .state \
	    <(zbarimg -q --raw me.png 2>/dev/null |
	    BZN_HOME=b bzn-card import --uri -)
	BZN_HOME=b bzn-card list | jq -r .endpoint >out
	is 0 http://a.example "" cat out
}

@test "a node made by bzn-keygen signs with its passphrase" {
	local other=$PWD/other

	(umask 077; echo 'correct horse' >pw; echo 'wrong' >wrong)
	BZN_HOME=$other bzn-keygen identity --passphrase-file pw >made
	run --separate-stderr env BZN_HOME="$other" bzn-card show \
	    --passphrase-file wrong
	[[ $status == 5 && -z $output && $stderr == *"(bad_passphrase)" ]]
	run --separate-stderr setsid -w env BZN_HOME="$other" bzn-card show \
	    </dev/null
	[[ $status == 5 && -z $output && $stderr == *"(no_passphrase)" ]]
	is 0 pending "" jq -r .state \
	    <(BZN_HOME=$other BZN_PASSPHRASE_FILE=$PWD/pw bzn-card show |
	    bzn-card import -)
	is 0 "$(jq -r .words made)" "" jq -r .words <(bzn-card list)
	# What it says of its keys is understood.
	BZN_HOME=$other bzn-keygen rotate --passphrase-file pw >rotation
	is 0 changed "" jq -r .result <(bzn-card import rotation)
	BZN_HOME=$other bzn-card show --passphrase-file pw --sign >new
	is 0 '["same","changed"]' "" jq -sc 'map(.result)' \
	    <(bzn-card import rotation new)
	BZN_HOME=$other bzn-keygen revoke --passphrase-file pw -r lost >gone
	is 0 revoked "" jq -r .state <(bzn-card import gone)
	is 0 2 "" bash -c 'bzn-card list | wc -l'
}

@test "every verb shuts itself in" {
	local level verb

	level=$(bzn-card --version -v | sed -n 's/^sandbox: \([a-z]*\),.*/\1/p')
	node "$A"
	card "$B" bert https://bert.example >b
	for verb in "show --name a" show "show --qr" "show --did" \
	    "import b" "verify b" \
	    "diff b bert" "show bert" list "pin bert" "revoke bert -r x" \
	    export "export --peers"; do
		# shellcheck disable=SC2086
		run --separate-stderr at bzn-card $verb -v
		[[ $status == 0 && $stderr == "bzn-card: sandbox: $level" ]] ||
		    fail "$verb: $status, $stderr"
		# shellcheck disable=SC2086
		run --separate-stderr at bzn-card $verb --require-sandbox
		if [[ $level == full ]]; then
			[[ $status == 0 ]] || fail "$verb: $stderr"
		else
			[[ $status == 5 && $stderr == *"(no_sandbox)" ]] ||
			    fail "$verb: $status, $stderr"
		fi
	done
}
