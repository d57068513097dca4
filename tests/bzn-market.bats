# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
load common

# refuses STATUS TEXT OPTION...: publishing does, with that complaint.
refuses() {
	local want=$1 text=$2

	shift 2
	keeps is "$want" "" "bzn-market: $text" at bzn-market publish "$@"
}

@test "a skill is published for a fee" {
	home
	member bob
	echo '{"language":"en","category":"text"}' >meta.json
	run --separate-stderr at bzn-market publish --provider bob \
	    --label "word count" --price 10 --metadata meta.json
	[[ $status == 0 && -z $stderr && $output == '{"skill_id":"'\
*'","provider_id":"bob","type":"SKILL_OFFER",'\
'"label":"word count","price":"10.00","unit":"TCK","category":"text",'\
'"metadata":{"language":"en","category":"text"},'\
'"version":1,"created_at":"2026-11-20T08:00:00.000Z","fee_deducted":"0.50",'\
'"warnings":["level gate: requires Worker (level 1), current level is Spawn '\
'(0)"]}' ]] ||
	    fail "$output"
	has bob 99.50
	has VAULT 0.50
	sound
}

@test "the fee is a parameter, and must be covered" {
	home 'listing_fee 60'
	member bob
	offer bob 1 >out
	refuses 9 "'bob' cannot cover it (insufficient_funds)" \
	    -p bob -l x --price 1
	has bob 40.00
	echo 'listing_fee 0' >>bzn.conf
	sed -i '/60/d' bzn.conf
	offer bob 1 >out
	has bob 40.00
	sound
}

@test "what an offer must be" {
	local long

	home
	member bob
	long=$(printf 'x%.0s' {1..201})
	refuses 4 "no node 'carol' (node_missing)" -p carol -l x --price 1
	refuses 3 "the label is not one line of 1 to 200 characters \
(bad_label)" -p bob -l "" --price 1
	refuses 3 "the label is not one line of 1 to 200 characters \
(bad_label)" -p bob -l "$long" --price 1
	refuses 3 "the label is not one line of 1 to 200 characters \
(bad_label)" -p bob -l $'a\nb' --price 1
	refuses 3 "the label is not one line of 1 to 200 characters \
(bad_label)" -p bob -l $'a\e[1mb' --price 1
	refuses 3 "the category is not one line of 1 to 50 characters \
(bad_label)" -p bob -l x --price 1 -c "${long:0:51}"
	refuses 3 "the category is not one line of 1 to 50 characters \
(bad_label)" -p bob -l x --price 1 -c ""
	refuses 3 "'GIFT' is neither SKILL_OFFER nor TASK_BOUNTY (bad_json)" \
	    -p bob -l x --price 1 --type GIFT
	at bzn-market publish -p bob -l "${long:1}" --price 0.01 \
	    -c "${long:0:50}" --type TASK_BOUNTY >out
	at bzn-market publish -p bob -l "$(printf 'é%.0s' {1..200})" \
	    --price 10000.00 >out
}

@test "a price is plain digits, from 0.01 to 10000.00" {
	local bad

	home
	member bob
	refuses 3 "TCK: '1.005' has more than 2 decimals (amount_scale)" \
	    -p bob -l x --price 1.005
	for bad in -1 1e3 NaN "" .5; do
		refuses 3 "TCK: '$bad' is not an amount (bad_amount)" \
		    -p bob -l x "--price=$bad"
	done
	refuses 3 "TCK: '9223372036854775808' is too large (amount_range)" \
	    -p bob -l x --price 9223372036854775808
	for bad in 0 0.00 10000.01; do
		refuses 3 "a price of '$bad' is not within 0.01 and 10000.00 \
(price_range)" -p bob -l x --price $bad
	done
}

@test "metadata is an object in a file, or on standard input" {
	home
	member bob
	refuses 4 "cannot open 'none.json': No such file or directory \
(no_file)" -p bob -l x --price 1 -m none.json
	echo '[1]' >meta.json
	refuses 3 "meta.json: the document is not an object (bad_json)" \
	    -p bob -l x --price 1 -m meta.json
	echo '{"a":1,"a":2}' >meta.json
	refuses 3 "meta.json: byte 11: the value of a second 'a' (bad_json)" \
	    -p bob -l x --price 1 -m meta.json
	echo '{"category":7}' >meta.json
	refuses 3 "'/metadata/category' is not a string (bad_json)" \
	    -p bob -l x --price 1 -m meta.json
	printf '{"a":"%070000d"}' 0 >meta.json
	refuses 3 "the metadata is over 49152 bytes (too_long)" \
	    -p bob -l x --price 1 -m meta.json
	echo '{"a": 1.50, "b":"é\u00e9" }' >meta.json
	at bzn-market publish -p bob -l x --price 1 -m - <meta.json >out
	is 0 '{"a":1.5,"b":"éé"}' "" jq -c .metadata out
}

@test "options belong together" {
	home
	is 2 "" "bzn-market: --provider, --label and --price belong \
together; without them offers come from stdin (usage)" \
	    at bzn-market publish -p bob
	is 2 "" "bzn-market: --provider, --label and --price belong \
together; without them offers come from stdin (usage)" \
	    at bzn-market publish --metadata x
	is 2 "" "bzn-market: --provider, --label and --price belong \
together; without them offers come from stdin (usage)" \
	    at bzn-market publish --category x
	is 2 "" "bzn-market: --provider, --label and --price belong \
together; without them offers come from stdin (usage)" \
	    at bzn-market publish --type SKILL_OFFER
	is 2 "" "bzn-market: --price given twice (usage)" \
	    at bzn-market publish --price 1 --price 2
	is 2 "" "bzn-market: --label needs a value (usage)" \
	    at bzn-market publish --label
	is 2 "" "bzn-market: usage: bzn-market show [options] skill ... \
(usage)" bzn-market show
	is 2 "" "bzn-market: unknown option '--prices', did you mean \
--price? (usage)" at bzn-market publish --prices 1
}

# seventeen: 20 offers, the seventeenth of them malformed.
seventeen() {
	jq -nc 'range(1; 21) | {provider_id: "bob", label: "skill \(.)",
	    price: "1.00"}' | sed '17s/.$//'
}

@test "line 17 of a batch is complained of, and the others are done" {
	home
	member bob
	seventeen >in
	run --separate-stderr at bzn-market publish <in
	[[ $status == 3 && ${#lines[@]} == 19 && $stderr == "bzn-market: \
stdin:17: byte 54: the text ends too soon (bad_json)" ]] || fail "$stderr"
	is 0 '"skill 16"
"skill 18"' "" bash -c 'jq .label | sed -n 16,17p' <<<"$output"
	is 0 19 "" bash -c 'bzn-market list | wc -l'
	has bob 90.50
	sound
	keeps is 3 "" "bzn-market: stdin:17: byte 54: the text ends too soon \
(bad_json)" at bzn-market publish --all-or-nothing <in
	sed 17d in >good
	run --separate-stderr at bzn-market publish --all-or-nothing <good
	[[ $status == 0 && ${#lines[@]} == 19 ]]
	has bob 81.00
}

@test "input that is not what it should be" {
	home
	member bob
	{
		echo '{"provider_id":"bob","label":"x","price":"1","price":"2"}'
		echo '{"provider_id":"bob","label":"x","price":"1","Price":"2"}'
		printf '{"provider_id":"bob","label":"x\0y","price":"1"}\n'
		echo '{"provider_id":"bob","label":"x\u0000y","price":"1"}'
		printf '{"provider_id":"bob","label":"\xff","price":"1"}\n'
		printf '{"provider_id":"bob","label":"x","price":"1","metadata":'
		printf '{"a":%.0s' {1..64}
		printf '1%s\n' "$(printf '}%.0s' {1..65})"
		printf '{"provider_id":"bob","label":"%01048576d","price":"1"}\n' 0
		echo '{"provider_id":"bob","label":"x","price":1}'
		echo '{"provider_id":"bob","label":"x","price":null}'
		printf '\xef\xbb\xbf{"provider_id":"bob","label":"x","price":"1"}\n'
		printf '{"provider_id":"bob","label":"last","price":"1"}'
	} >in
	run --separate-stderr at bzn-market publish <in
	[[ $status == 3 && ${#lines[@]} == 1 && $output == *'"label":"last"'* ]]
	sort -t: -k3n <<<"$stderr" >err
	is 0 "bzn-market: stdin:1: byte 53: the value of a second 'price' (bad_json)
bzn-market: stdin:2: '/Price' is not known here (unknown_member)
bzn-market: stdin:3: byte 31: a control character in a string (bad_json)
bzn-market: stdin:4: byte 31: \\u0000 is not allowed (bad_json)
bzn-market: stdin:5: byte 30: not UTF-8 (bad_json)
bzn-market: stdin:6: byte 371: nested more than 64 deep (bad_json)
bzn-market: stdin:7: a line of over 1048576 bytes (too_long)
bzn-market: stdin:8: '/price' is a number: amounts are strings, such as \
\"1.50\" (bad_json)
bzn-market: stdin:9: '/price' is not a string (bad_json)
bzn-market: stdin:10: byte 0: not a JSON value (bad_json)" "" cat err
	has bob 99.50
}

@test "--all-or-nothing: a line that is too long is one too many" {
	home
	member bob
	{
		echo '{"provider_id":"bob","label":"x","price":"1"}'
		printf '{"label":"%01048576d"}\n' 0
	} >in
	keeps is 3 "" "bzn-market: stdin:2: a line of over 1048576 bytes \
(too_long)" at bzn-market publish --all-or-nothing <in
}

@test "an empty input is no offer, and no error" {
	home
	is 0 "" "" at bzn-market publish </dev/null
	is 0 "" "" at bzn-market publish --all-or-nothing </dev/null
	printf '\n  \n\r\n\t' >in
	is 0 "" "" at bzn-market publish <in
}

@test "--id publishes once" {
	local first

	home
	member bob
	first=$(at bzn-market publish -p bob -l x --price 1 --id s1)
	pass 60
	keeps is 0 "${first%\}}"',"idempotent":true}' "" \
	    at bzn-market publish -p bob -l x --price 1 --id s1
	refuses 10 "'s1' was used for another request (id_conflict)" \
	    -p bob -l y --price 1 --id s1
	echo '{"price":"1","provider_id":"bob","id":"s1","label":"x"}' >in
	keeps is 0 "${first%\}}"',"idempotent":true}' "" \
	    at bzn-market publish <in
	has bob 99.50
}

@test "a dry run publishes nothing" {
	home
	member bob
	keeps at bzn-market publish -p bob -l x --price 1 --dry-run >out
	is 0 "true" "" jq .dry_run out
	is 0 "" "" bzn-market list
	seventeen | sed 17d >in
	keeps at bzn-market publish --dry-run <in >out
	is 0 19 "" bash -c 'grep -c "\"dry_run\":true" out'
}

# labels OPTION...: of the skills that list finds, a blank between them.
labels() {
	bzn-market list "$@" | jq -r .label | paste -sd' '
}

@test "list: newest first, by provider, category, text and price" {
	local n

	home
	member alice bob
	for n in 'bob one 1 text' 'bob Two 2 image' 'alice 100% 3 text' \
	    'alice a_b 10.50 text' 'alice ÉTÉ 5 text'; do
		pass 1
		# shellcheck disable=SC2086
		set -- $n
		at bzn-market publish -p "$1" -l "$2" --price "$3" -c "$4" >out
	done
	is 0 "ÉTÉ a_b 100% Two one" "" labels
	is 0 "Two one" "" labels --provider bob
	is 0 "Two" "" labels --category image
	is 0 "one" "" labels -p bob -c text
	is 0 "Two" "" labels --text tw
	is 0 "100%" "" labels --text %
	is 0 "a_b" "" labels --text _
	is 0 "" "" labels --text "\\"
	is 0 "ÉTÉ a_b" "" labels --min-price 5
	is 0 "100% Two one" "" labels --max-price 3.00
	is 0 "" "" labels --max-price 0
	is 0 "ÉTÉ a_b" "" labels --limit 2
	is 0 "100% Two" "" labels --limit 2 --offset 2
	is 0 "" "" labels --offset 99
	is 3 "" "bzn-market: TCK: '1.005' has more than 2 decimals \
(amount_scale)" bzn-market list --min-price 1.005
	is 3 "" "bzn-market: TCK: '-1' is not an amount (bad_amount)" \
	    bzn-market list --max-price=-1
	is 2 "" "bzn-market: --limit: '1e3' is not a number (usage)" \
	    bzn-market list --limit 1e3
	is 2 "" "bzn-market: --offset: '-1' is not a number (usage)" \
	    bzn-market list --offset=-1
}

@test "show, and the table" {
	local id

	home
	member bob
	id=$(at bzn-market publish -p bob -l "a 	b" --price 1 \
	    2>&1) && fail "$id"
	echo '{"x":1}' >meta.json
	id=$(at bzn-market publish -p bob -l "é" --price 1.5 -m meta.json |
	    jq -r .skill_id)
	is 0 "{\"skill_id\":\"$id\",\"provider_id\":\"bob\",\
\"type\":\"SKILL_OFFER\",\"label\":\"é\",\"price\":\"1.50\",\"unit\":\"TCK\",\
\"metadata\":{\"x\":1},\"version\":1,\
\"created_at\":\"2026-11-20T08:00:00.000Z\",\"seller_cri\":30.0,\
\"sandbox\":false}" "" \
	    bzn-market show "$id"
	is 4 "" "bzn-market: no skill 'x' (skill_missing)" bzn-market show x
	is 0 "SKILL ID                              PROVIDER ID  PRICE  UNIT  \
LABEL  CATEGORY  SELLER CRI  CREATED AT
$id  bob           1.50  TCK   é      -               30.0  2026-11-20T08:00:00.000Z" "" \
	    bzn-market list --table
}

@test "market: no home, a lock that stays, a full output" {
	is 4 "" "bzn-market: no ledger in '$BZN_HOME': make one with \
'bzn-ledger init' (no_ledger)" bzn-market publish -p bob -l x --price 1
	is 4 "" "bzn-market: no ledger in '$BZN_HOME': make one with \
'bzn-ledger init' (no_ledger)" bzn-market list
	home
	member bob
	offer bob 1 >out
	is 7 "" "bzn-market: cannot write standard output (output_failed)" \
	    sh -c 'bzn-market list >/dev/full'
	exec 9>>node.lock
	flock 9
	run --separate-stderr bash -c "exec 9>&-
	    exec bzn-market --now $clock publish -p bob -l x --price 1 --timeout 0"
	exec 9>&-
	[[ $status == 6 && $stderr == "bzn-market: waited 0 ms for the lock, \
held by bzn-market publish["*"] since "*" (lock_timeout)" ]]
}
