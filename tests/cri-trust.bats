# shellcheck shell=bats disable=SC1010,SC2030,SC2031,SC2094,SC2129,SC2154
# The trust model of nodes: events, tiers, badges, certificates.
load common

# made once: a registry, alice and bob, each with an identity, whose private
# keys are left open, since opening them is not what is tested here.
setup_file() {
	local who

	cd "$BATS_FILE_TMPDIR" || return 1
	export PATH="$BZN_BUILD/bin:$PATH"
	(umask 077; echo pw >pw)
	for who in . alice bob; do
		mkdir -p "$who"
		echo 'test_clock yes' >"$who/bzn.conf"
		bzn-keygen --home "$PWD/$who" identity -q \
		    --passphrase-file pw >names
		(umask 077; openssl pkey -passin file:pw \
		    -in "$who/identity/node_private.pem" -out key)
		mv key "$who/identity/node_private.pem"
	done
}

# registry [LINE...]: the registry's home, and those of alice and bob, who
# trade by their ids; an order $task of alice at bob that is settled.
registry() {
	cp -r "$BATS_FILE_TMPDIR"/{alice,bob,identity,pw} .
	home "$@"
	alice=$(<alice/identity/node_id.txt)
	bob=$(<bob/identity/node_id.txt)
	member "$alice" "$bob"
	skill=$(offer "$bob" 1)
	task=$(buy "$alice" "$skill")
	deliver "$task"
	pass 90000
	at bzn-settle --no-checkpoint >settled
}

# says WHO VERB...: signed by that home's node.
says() {
	BZN_HOME=$BZN_HOME/$1 at bzn-cri "${@:2}"
}

# told: take in what comes, and the fields that are asked for.
told() {
	at bzn-cri update "$@" | jq -r '[.type, .trust_score, .tier] | @tsv'
}

# points NODE COMPONENT
points() {
	at bzn-cri explain --model biznode "$1" | jq ".components.$2.points"
}

@test "an endorsement and a complaint, once each, of a settled order" {
	registry
	says alice complain "$bob" --order "$task" --evidence pw >complaint
	says alice endorse "$bob" --order "$task" >praise
	is 0 $'complain\t3.33\tUNVERIFIED' "" told complaint
	is 0 $'endorse\t3.33\tUNVERIFIED' "" told - <praise
	jq -e '.event.evidence_hash ==
	    "'"$(sha256sum pw | cut -d' ' -f1)"'"' complaint
	# Again it is a success that does nothing, and says so.
	at bzn-cri update praise | jq -e .existed
	pass 1
	says alice endorse "$bob" --order "$task" >other
	run --separate-stderr at bzn-cri update other
	[[ $status == 10 && $stderr == *"other:1: "*"(id_conflict)" ]]
	bzn-ledger export ndjson | tail -n 2 | jq -r .entry.type >types
	[[ $(<types) == $'trust.complained\ntrust.endorsed' ]]
	sound
}

@test "what is forged, of others, or not the registry's is refused" {
	registry
	says alice endorse "$bob" --order "$task" >good
	jq -c '.event.type = "quality" | .event.weight = 1' good >forged
	jq -c '.node_id = .from' good >self
	says bob endorse "$alice" --order none >none
	says bob quality "$alice" --order "$task" --weight 1 >seller
	says alice event stake "$bob" --stake-wei 5 >stake
	says alice event verify "$bob" >verify
	says bob event uptime "$alice" --since 2026-11-01 --until 2026-11-02 \
	    --ok 9 --fail 0 >uptime
	jq -c 'del(.public_key_pem)' good >unknown
	for got in "forged 1 bad_signature" "self 1 bad_signature" \
	    "none 4 task_missing" "seller 5 not_escrow_party" \
	    "stake 5 not_registry" "verify 5 not_registry" \
	    "uptime 5 not_registry" "unknown 1 unknown_peer"; do
		read -r file want word <<<"$got"
		keeps run --separate-stderr at bzn-cri update "$file"
		[[ $status == "$want" && -z $output &&
		    $stderr == *"($word)" ]] ||
		    fail "$file: $status $output $stderr"
	done
	echo '{"v":1}' >empty
	is 3 "" "bzn-cri: empty:1: '/event' is missing (bad_json)" \
	    at bzn-cri update empty
	is 4 "" "bzn-cri: cannot open 'nowhere': No such file or directory \
(no_file)" at bzn-cri update nowhere
	# Many at a time: those that are good are taken in.
	cat forged good none | { run --separate-stderr at bzn-cri update
		[[ $status == 4 && ${#lines[@]} == 1 ]]; }
	is 0 "1" "" sqlite3 node.db "SELECT count(*) FROM trust_event"
}

@test "an order that is not settled, and one of the sandbox, prove nothing" {
	registry
	other=$(buy "$alice" "$skill")
	says alice endorse "$bob" --order "$other" >open
	run --separate-stderr at bzn-cri update open
	[[ $status == 9 && $stderr == *"(wrong_state)" ]]
	at bzn-cri update -n open 2>/dev/null && fail "a dry run took it"
	says alice endorse "$bob" --order "$task" >good
	keeps is 0 "true" "" sh -c "bzn-cri update --now $clock -n good |
	    jq .dry_run"
}

@test "score and explain by either model, and no record of both" {
	registry
	says alice quality "$bob" --order "$task" --weight 1 >r
	at bzn-cri update r >taken
	at bzn-cri score "$bob" | jq -e 'has("cri_score") and
	    (has("trust_score") | not) and (has("model") | not)'
	at bzn-cri score --model cri "$bob" | jq -e 'has("cri_score")'
	at bzn-cri score --model biznode "$bob" | jq -e '.model == "biznode"
	    and .trust_score == .trust_score and (has("cri_score") | not)'
	at bzn-cri explain --model biznode "$bob" >why
	jq -e '[.. | objects | keys[] | select(test("cri"))] == []' why
	# The sum of the components is the score.
	jq -e '([.components[].points] | add) - .trust_score | fabs < 0.04' why
	jq -e '.components.quality.entries | length == 1' why
	id=$(jq -r '.components.quality.entries[0]' why)
	bzn-ledger show "$id" | jq -e '.type == "trust.rated"'
	is 2 "" "bzn-cri: --model is cri or biznode (usage)" \
	    at bzn-cri score --model both "$bob"
	is 4 "" "bzn-cri: 'nobody' is not the id of an identity, which has \
64 hex digits (node_missing)" at bzn-cri score --model biznode nobody
}

@test "the log alone gives the same number as the store" {
	registry
	says alice quality "$bob" --order "$task" --weight 1 >events
	says alice complain "$bob" --order "$task" --evidence pw >>events
	says bob endorse "$alice" --order "$task" >>events
	says . event stake "$bob" --stake-wei 1000000000000000000000 >>events
	says . event verify "$bob" >>events
	at bzn-cri update events >taken
	[[ $(wc -l <taken) == 5 ]]
	pass 700000
	at bzn-cri rescore >changed
	is 0 "" "" at bzn-cri rescore
	bzn-ledger export leaves >all
	for verb in score explain; do
		at bzn-cri $verb --model biznode "$alice" "$bob" >store
		bzn-cri $verb --model biznode --facts all --at "$clock" \
		    "$alice" "$bob" >facts
		diff store facts
		at bzn-cri $verb --model biznode --all >each
		sort store | diff - <(sort each | grep -F -e "$alice\"" \
		    -e "$bob\"")
	done
}

@test "audit: what is stored of trust is what the log says" {
	registry 'trust_verified_points 70'
	says alice endorse "$bob" --order "$task" >events
	says . event stake "$bob" --stake-wei 7 >>events
	says . event verify "$bob" >>events
	at bzn-cri update events >taken
	at bzn-cri rescore >changed
	at bzn-cri audit --model biznode | jq -e '.valid and .nodes == 3 and
	    .facts == 5 and .faults == 0'
	sqlite3 node.db "UPDATE trust_node SET hundredths = 9999
		WHERE node_id = '$bob';
	    UPDATE trust_node SET epoch_weight = 9 WHERE node_id = '$alice';
	    DROP TRIGGER trust_event_no_delete;
	    DELETE FROM trust_event WHERE kind = 'stake'"
	run --separate-stderr at bzn-cri audit --model biznode
	[[ $status == 1 && $stderr == "bzn-cri: "*" of what is stored of \
trust are not what the log says (counters_unequal)" ]]
	jq -rs 'map(select(.what) | .what + " " + .fault) | sort | .[]' \
	    <<<"$output" >faults
	[[ $(<faults) == $'fact different\nfact missing\nscore different\n'\
'weight different' ]]
}

@test "stake, uptime and verification are the registry's word" {
	registry
	says . event stake "$bob" --stake-wei 1000000000000000000000 >e
	at bzn-cri update e >taken
	[[ $(points "$bob" stake) == 0 ]]
	pass 604800
	[[ $(points "$bob" stake) == 30 ]]
	says . event uptime "$bob" --since "@$((${clock#@} - 3600000))" \
	    --until "$clock" --ok 1 --fail 0 >e
	at bzn-cri update e >taken
	[[ $(points "$bob" uptime) == 5.16 ]]
	says . event verify "$bob" >e
	at bzn-cri update e >taken
	[[ $(points "$bob" verified) == 10 ]]
	pass 1
	says . event verify "$bob" --verified no >e
	at bzn-cri update e >taken
	[[ $(points "$bob" verified) == 0 ]]
	says . event stake "$bob" --stake-wei 0 >e
	at bzn-cri update e >taken
	[[ $(points "$bob" stake) == 0 ]]
}

@test "badges: words, colours, a picture" {
	registry
	at bzn-cri badge "$bob" | jq -c 'del(.node_id)' >got
	[[ $(<got) == '{"model":"biznode","badge":"SELF DECLARED",'\
'"colour":"yellow","because":"unverified"}' ]]
	at bzn-cri badge --svg "$bob" >badge.svg
	python3 -c 'import sys, xml.dom.minidom as m
d = m.parse("badge.svg").documentElement
assert d.tagName == "svg" and d.getAttribute("aria-label") == "SELF DECLARED"'
	is 2 "" "bzn-cri: --svg is of one node (usage)" \
	    at bzn-cri badge --svg "$bob" "$alice"
}

@test "status reads, by id and by name" {
	registry
	is 0 '{"entity":"nobody","status":"UNVERIFIED"}' "" \
	    at bzn-cri status nobody
	at bzn-cri status "$bob" | jq -e '.status == "UNVERIFIED" and
	    .trust_score == 6.67'
	BZN_HOME=$BZN_HOME/bob bzn-card init --name bobby \
	    --passphrase-file pw >card 2>/dev/null ||
	    BZN_HOME=$BZN_HOME/bob bzn-card show --passphrase-file pw >card
	jq -e .name card >name
	bzn-card import card >imported
	at bzn-cri status "$(jq -r .name card)" | jq -e '.trust_score == 6.67'
}

@test "a certificate of a tier, checked by a stranger" {
	registry 'trust_verified_points 70'
	says . event verify "$bob" >e
	at bzn-cri update e >taken
	at bzn-cri tier "$bob" >tier
	jq -e '.tier == "TRUSTED" and .trust_score == "76.67"' tier
	look() {
		env -u BZN_HOME HOME=/nonexistent bzn-cri tier --verify \
		    --registry identity/node_public.pem "$@"
	}
	at bzn-cri tier --verify tier | jq -e '.valid and
	    .badge == "1BZ TRUSTED NODE" and .colour == "green" and
	    .trust_score == 76.67'
	# A day later it shows nothing any more.
	pass 86400
	run --separate-stderr at bzn-cri tier --verify tier
	[[ $status == 1 && $stderr == *"(expired)" ]]
	jq -e '(.valid | not) and .badge == "SELF DECLARED" and
	    .because == "certificate_expired" and
	    (has("tier") | not) and (has("trust_score") | not)' <<<"$output"
	pass -86400
	# Whatever else is wrong.
	jq -c '.tier = "ENTERPRISE"' tier >raised
	jq -c '.node_id = "'"$alice"'"' tier >moved
	jq -c '.registry = "'"$alice"'"' tier >other
	jq -c 'del(.signature)' tier >bare
	echo '{' >broken
	for got in "raised bad_signature" "moved id_mismatch" \
	    "other id_mismatch" "bare bad_json" "broken bad_json"; do
		read -r file word <<<"$got"
		run --separate-stderr look "$file"
		[[ $status == 1 && $stderr == *"($word)" ]] ||
		    fail "$file: $status $stderr"
		jq -e '.badge == "SELF DECLARED" and
		    .because == "bad_answer"' <<<"$output"
	done
	# Another's key, and nobody's.
	run --separate-stderr bzn-cri tier --verify tier \
	    --registry bob/identity/node_public.pem
	[[ $status == 1 && $stderr == *"(id_mismatch)" ]]
	BZN_HOME=$BZN_HOME/bob run --separate-stderr bzn-cri tier \
	    --verify tier
	[[ $status == 1 && $stderr == *"(unknown_signer)" ]] ||
	    fail "$status $stderr"
	is 3 "" "bzn-cri: there is no certificate (nothing_given)" \
	    bzn-cri tier --verify --registry identity/node_public.pem - \
	    </dev/null
}

@test "options of an event are those that it has" {
	registry
	is 2 "" "bzn-cri: endorse needs --order (usage)" \
	    says alice endorse "$bob"
	is 2 "" "bzn-cri: complain needs --evidence (usage)" \
	    says alice complain "$bob" --order x
	is 2 "" "bzn-cri: --weight is 1 or 0 (usage)" \
	    says alice quality "$bob" --order x --weight 0.5
	is 2 "" "bzn-cri: --ok is nothing that stake has (usage)" \
	    says . event stake "$bob" --stake-wei 1 --ok 3
	is 2 "" "bzn-cri: 'trade' is none of endorse, complain, quality, \
uptime, stake, verify (usage)" says . event trade "$bob"
	is 2 "" "bzn-cri: 'bob' is not the id of an identity, which has 64 \
hex digits (usage)" says alice endorse bob --order x
}

@test "killed at any moment, an update is whole or has not happened" {
	registry
	says alice endorse "$bob" --order "$task" >events
	says alice quality "$bob" --order "$task" --weight 1 >>events
	says bob endorse "$alice" --order "$task" >>events
	for i in 1 2 3 4 5 6; do
		timeout -s KILL "0.00$i" bzn-cri update --now "$clock" \
		    events >/dev/null 2>&1 || :
		n=$(sqlite3 node.db "SELECT count(*) FROM trust_event")
		[[ $n == 0 || $n == 3 ]] || fail "$n of 3"
	done
	at bzn-cri update events >taken
	is 0 3 "" sqlite3 node.db "SELECT count(*) FROM trust_event"
	sound
}

@test "nobody posts what was not signed" {
	registry
	run --separate-stderr sh -c "echo '{\"event\":\"trust.endorsed\",
	    \"id\":\"x\",\"data\":{\"from\":\"$alice\"}}' | tr -d '\n' |
	    bzn-ledger post --now $clock"
	[[ $status == 9 && $output == *'"code":"flow_refused"'* ]] ||
	    fail "$status $output $stderr"
}
