# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2094,SC2154
# Certificates with the facts that their scores follow from.
load common
load certificate

# direct BUYER SELLER AMOUNT: delivered and settled, a day later.
direct() {
	local id

	id=$(at bzn-escrow lock --buyer "$1" --seller "$2" --amount "$3" |
	    jq -r .escrow_id)
	at bzn-escrow complete "$id" --proof-hash x >delivered
	pass 86400
	at bzn-settle --no-checkpoint >paid
}

# issued: $token of bob, made with facts; its claims are $good.
issued() {
	at bzn-cri certificate --facts bob >certificate
	token=$(jq -r .certificate certificate)
	good=$(cut -d. -f2 <<<"$token" | unb64)
}

# attested [LINE...]: bob has sold, and bought something smaller; $token, and
# the log of that moment.
attested() {
	home "base_url https://grid.example" "$@"
	member alice bob
	bzn-keygen token >keys
	bzn-keygen export token >pub.pem
	direct alice bob 40
	direct bob alice 10
	issued
	header='{"alg":"RS256","typ":"JWT"}'
	bzn-ledger export leaves >leaves
}

# a stranger's home: only a clock.
stranger() {
	mkdir -m 700 empty
	echo 'test_clock yes' >empty/bzn.conf
}

# says MEMBERS COMMAND...: it is true, and has these.
says() {
	is 0 "$1" "" bash -c "$2 | jq -c '[.valid, .checked, .cri_score,
	    .node_active]'"
}

@test "a stranger verifies the facts, by the certificate and by the log" {
	attested
	is 0 '["iss","sub","jti","iat","exp","cri","history","facts",'\
'"parameters","parameters_sha256","evidence"]' "" \
	    jq -c keys_unsorted <<<"$good"
	is 0 '{"S":1,"B":1,"U":1,"m":2,"N":1,"X":0,"strikes":0,"V":"50.00",'\
'"tck_spent":"10.00","D":2,"idle_days":0,"genesis_floor":false,'\
'"sandbox":false,"banned":false,"made_at":"2026-11-20T08:00:00.000Z",'\
'"first_sale_at":"2026-11-21T08:00:00.000Z",'\
'"last_trade_at":"2026-11-22T08:00:00.000Z"}' "" \
	    jq -c .facts <<<"$good"
	is 0 "$(at bzn-cri score bob | jq .cri_score)" "" \
	    jq .cri.score <<<"$good"
	stranger
	by="bzn-cri --home empty --now $clock verify --jwks keys"
	says '[true,"facts",54,null]' "$by '$token'"
	bzn-ledger export ndjson >ndjson
	says '[true,"log",54,null]' "$by --facts leaves '$token'"
	says '[true,"log",54,null]' "$by --facts ndjson <certificate"
	says '[true,"log",54,null]' "$by --facts - '$token' <ndjson"
	says '[true,"log",54,true]' \
	    "bzn-cri --now $clock verify --facts leaves '$token'"
	# With two that are made later, of a log that has grown.
	pass 60
	mint alice 1
	at bzn-cri certificate --facts alice bob >two
	{ sed -n 2p two; echo x; echo "$token"; sed -n 1p two; } >many
	bzn-ledger export leaves >longer
	is 3 "bob null bob alice" "bzn-cri: stdin:2: it has not three parts \
(bad_token)" bash -c "bzn-cri --home empty --now $clock verify --jwks keys \
	    --facts longer <many | jq -r .node_id | xargs
	    exit \${PIPESTATUS[0]}"
}

@test "a certificate with facts costs a checkpoint, and none without the key" {
	attested
	bzn-ledger checkpoint >note
	is 0 "$(<note)" "" jq -r '.evidence.note | rtrimstr("\n")' <<<"$good"
	is 0 "" "" bash -c "diff <(at() { bzn-cri --now $clock \"\$@\"; }
	    at certificate --facts bob | jq -r .certificate | cut -d. -f2 |
	    tr -- -_ +/ | base64 -d 2>/dev/null | jq .evidence) \
	    <(jq .evidence <<<'$good')"
	keeps at bzn-cri certificate --facts bob >again
	direct alice bob 5
	rm identity/log_private.pem
	issued
	is 0 '["origin","size","root"]' "" \
	    jq -c '.evidence | keys_unsorted' <<<"$good"
	bzn-ledger export leaves >leaves
	says '[true,"log",53.5,true]' \
	    "bzn-cri --now $clock verify --facts leaves '$token'"
}

@test "a checkpoint is by the key that the log has then" {
	attested
	bzn-ledger --now "$clock" checkpoint rotate \
	    --reason scheduled >rotated
	at bzn-cri certificate --facts alice >after
	bzn-ledger export leaves >longer
	says $'[true,"log",54,true]\n[true,"log",54,true]' \
	    "cat certificate after | bzn-cri --now $clock verify --facts longer"
	is 0 2 "" jq -r '.evidence.note | split("\n") | map(select(startswith(
	    "\u2014 "))) | length' <<<"$(jq -r .certificate after |
	    cut -d. -f2 | unb64)"
}

@test "parameters that differ are said, and those are what is computed with" {
	attested "cri_decay yes" "sandbox_cri 40"
	pass $((86400 * 200))
	issued
	is 0 '{"cri_decay":"yes","sandbox_cri":"40"}' "" \
	    jq -c .parameters <<<"$good"
	is 0 "$(jq -r .parameters_sha256 <<<"$good")  -" "" sha256sum <<END
cri_concentration_min_trades 5
cri_decay yes
genesis_cri_floor 30
genesis_window 180d
sandbox_cri 40
strikes_to_ban 3
END
	stranger
	by="bzn-cri --home empty --now $clock verify --pubkey pub.pem"
	says '[true,"log",43,null]' "$by --facts leaves '$token'"
	refused 1 parameters_mismatch "'/parameters_sha256' is not what the \
parameters make" "$(forged "$header" "$(claims 'del(.parameters.cri_decay)')")"
}

@test "whatever has become of a node, the log says the same" {
	local box signup ids id to

	home
	clock=@$((${clock#@} + 700))	# iat is then before they were made
	member alice carol dave
	box=$(at bzn-node sandbox | jq -r .node_id)
	signup=$(at bzn-node signup --email a@example.org |
	    jq -r .signup_token)
	printf '{"node_id":"bob"}' | at bzn-node challenge | answers |
	    jq -c --arg t "$signup" '.signup_token = $t' |
	    at bzn-node register >made
	bzn-keygen token >keys
	ids=(alice bob carol dave "$box")
	at bzn-cri certificate --facts "${ids[@]}" >all
	direct alice bob 40
	skill=$(offer carol 10)
	for to in refund_buyer release_to_seller; do
		task=$(buy bob "$skill")
		deliver "$task"
		at bzn-escrow dispute "$task" --reason bad >disputed
		at bzn-escrow resolve "$task" --to "$to" >resolved
	done
	task=$(buy alice "$skill")
	deliver "$task"
	at bzn-escrow dispute "$task" --reason bad >disputed
	task=$(buy alice "$skill")
	deliver "$task"
	for id in dave dave dave carol; do
		at bzn-node strike "$id" >>struck
	done
	at bzn-cri certificate --facts "${ids[@]}" >>all
	pass $((86400 * 3 + 1))	# a whole day by their iat, too
	at bzn-settle --no-checkpoint >paid
	at bzn-cri certificate --facts "${ids[@]}" >>all
	bzn-ledger export leaves >leaves
	tail -n 5 all | at bzn-cri verify --facts leaves >verdicts
	is 0 '["bob",true,true,false,false]
["carol",false,false,false,false]
["dave",false,false,true,false]
["'"$box"'",false,false,false,true]' "" jq -c 'select(.node_id != "alice") |
	    [.node_id, .history.is_genesis, .facts.genesis_floor,
	    .facts.banned, .facts.sandbox]' verdicts
	is 0 "$(jq -c '[.node_id, .current_score]' verdicts)" "" \
	    jq -c '[.node_id, .cri_score]' verdicts
	# Those of before are no longer valid; then they were, by the same log.
	clock=@1795161600700
	head -n 5 all | at bzn-cri verify --facts leaves >verdicts
	pass 86400
	sed -n 6,10p all | at bzn-cri verify --facts leaves >>verdicts
	is 0 10 "" grep -c '"checked":"log"' verdicts
}

# unfit CODE FILTER COMPLAINT: signed by the issuer, and not so.
unfit() {
	refused 1 "$1" "$3" "$(forged "$header" "$(claims "$2")")"
}

# broken FILTER COMPLAINT
broken() {
	refused 3 bad_token "it names no facts: $2" \
	    "$(forged "$header" "$(claims "$1")")"
}

@test "refused: a score, or a history, that does not follow from the facts" {
	local so="is not what the facts make"

	attested
	unfit score_mismatch '.cri.score = 99' "'/cri/score' $so"
	unfit score_mismatch '.cri.factors.volume_score += 0.01' \
	    "'/cri/factors' $so"
	unfit score_mismatch '.cri.penalties.strike_penalty = 15' \
	    "'/cri/penalties' $so"
	unfit score_mismatch '.facts.S = 2' "'/cri/score' $so"
	unfit score_mismatch '.facts.X = 1' "'/cri/score' $so"
	unfit facts_mismatch '.facts.D = 3' "'/facts/D' $so"
	unfit facts_mismatch '.facts.idle_days = 1' "'/facts/idle_days' $so"
	unfit facts_mismatch '.facts.genesis_floor = true' \
	    "'/facts/genesis_floor' $so"
	unfit facts_mismatch '.facts.banned = true' \
	    "banned or not, and since when, differ"
	unfit facts_mismatch '.history.trades_completed = 3' \
	    "'/history/trades_completed' $so"
	unfit facts_mismatch '.history.level = "Architect"' \
	    "'/history/level' $so"
	unfit facts_mismatch '.facts.tck_spent = "100.00"' \
	    "'/history/level' $so"
	unfit parameters_mismatch '.parameters_sha256 = "x"' \
	    "'/parameters_sha256' is not what the parameters make"
	unfit checkpoint_mismatch '.evidence.size -= 1' \
	    "'/evidence/note' is not of the log beside it"
}

@test "refused: facts and parameters that are none" {
	attested
	broken '.facts = 1' "'/facts' is not an object"
	broken 'del(.facts.N)' "'/facts/N' is missing"
	broken '.facts.S = -1' "'/facts/S' is out of range"
	broken '.facts.S = 9223372036854775807' \
	    "'/facts/S' does not fit into 64 bits"
	broken '.facts.S = 9007199254740992' "'/facts/S' is out of range"
	broken '.facts.V = "1.234"' \
	    "/facts/V: '1.234' has more than 2 decimals"
	broken '.facts.V = 1' "'/facts/V' is not a string"
	broken '.facts.made_at = "now"' "/facts/made_at: 'now' is not a time \
like 2026-11-20T06:52:52Z"
	broken 'del(.parameters)' "'/parameters' is missing"
	broken '.parameters.listing_fee = "1"' \
	    "'/parameters/listing_fee' is nothing that a score depends on"
	broken '.parameters.cri_decay = "yes\nlisting_fee 1"' \
	    "'/parameters/cri_decay' is no value"
	broken '.parameters.cri_decay = 1' \
	    "'/parameters/cri_decay' is no value"
	broken '.parameters.cri_decay = "perhaps"' "/parameters:1: cri_decay: \
'perhaps' is neither yes nor no"
	broken '.parameters.sandbox_cri = "101"' "/parameters:1: \
sandbox_cri: '101' is not within 0 and 100"
	broken 'del(.evidence)' "'/evidence' is missing"
	broken '.evidence.note = "x"' \
	    "/evidence/note: not a signed note"
}

@test "refused by the log: other leaves, other facts, and too few" {
	local size

	attested
	size=$(wc -l <leaves)
	head -n -1 leaves >short
	refused 3 too_short "the log in 'short' has only $((size - 1)) \
entries" "$token" --facts short
	: >none
	refused 3 too_short "the log in 'none' has only 0 entries" "$token" \
	    --facts none
	tail -n +2 leaves >behind
	refused 1 seq_gap "behind:1: it is entry 1, where 0 has to be" \
	    "$token" --facts behind
	sed '3s/"at_ms":1/"at_ms":2/' leaves >other
	refused 1 root_mismatch "the log differs: it has another root than \
was certified" "$token" --facts other
	sed '3s/{/[/' leaves >bad
	refused 3 bad_json "bad:3: not a canonical leaf, and no record of \
one" "$token" --facts bad
	is 4 "" "bzn-cri: cannot open 'no': No such file or directory \
(no_file)" at bzn-cri verify --facts no "$token"
	refused 4 no_file "cannot read .: Is a directory" "$token" --facts .
	is 2 "" "bzn-cri: standard input is the log: say which certificates \
(usage)" at bzn-cri verify --facts - <leaves
	refused 3 bad_token "it names no facts: ask for one that was made \
with --facts" "$(at bzn-cri certificate bob | jq -r .certificate)" \
	    --facts leaves
	refused 1 other_log "the log is 'ledger.example/test', and it was \
certified of 'x'" "$(forged "$header" "$(claims '.evidence.origin = "x" |
	    del(.evidence.note)')")" --facts leaves
	refused 1 facts_mismatch "the log knows no node 'carol'" \
	    "$(forged "$header" "$(claims '.sub = "carol"')")" --facts leaves
	refused 1 bad_signature "/evidence/note: the signature of \
'ledger.example/test' does not fit" "$(forged "$header" \
	    "$(claims '.evidence.note |= sub(".{7}=\n$"; "AAAAAAA=\n")')")" \
	    --facts leaves
}

@test "refused by the log: what an issuer has made up, score and all" {
	attested
	tamper "UPDATE cri_node SET volume_minor = 1000000
	    WHERE node_id = 'bob'"
	issued
	at bzn-cri verify "$token" >verdict
	refused 1 facts_mismatch "'/facts/V' is not what the log says" \
	    "$token" --facts leaves
}

@test "refused by the log: what nothing else follows from, and was not" {
	attested
	member carol
	at bzn-cri certificate --facts carol >certificate
	bzn-ledger export leaves >leaves
	good=$(jq -r .certificate certificate | cut -d. -f2 | unb64)
	fake="$(forged "$header" "$(claims '.facts.idle_days = 1 |
	    .facts.last_trade_at = "2026-11-21T08:00:00.000Z"')")"
	is 0 facts "" bash -c "bzn-cri --now $clock verify '$fake' |
	    jq -r .checked"
	refused 1 facts_mismatch "'/facts/idle_days' is not what the log \
says" "$fake" --facts leaves
	refused 1 facts_mismatch "'/facts/first_sale_at' is not what the log \
says" "$(forged "$header" "$(claims '.facts.first_sale_at =
	    "2026-11-21T08:00:00.000Z"')")" --facts leaves
	unfit facts_mismatch '.facts.more = 1' \
	    "'/facts/more' is not what the facts make"
}

@test "refused by the log: one that does not say whose it is" {
	attested
	sed -n '2s/"seq":1,/"seq":0,/p' leaves >one
	root=$({ printf '\0'; head -c -1 one; } | sha256sum | cut -d ' ' -f 1)
	refused 1 other_log "the log does not say whose it is" \
	    "$(forged "$header" "$(claims '.evidence =
	    {origin: "", size: 1, root: "'"$root"'"}')")" --facts one
}

@test "with nothing but jq the score follows from the facts" {
	attested
	is 0 true "" jq '.facts as $f | ($f.S + $f.B) as $t |
	    ([30, ([($t + 1 | log2) * 3.33, 20] | min), 15 * $f.U / $t,
	    ([($f.V | tonumber + 1 | log10) * 2.5, 10] | min),
	    ([($f.D + 1 | log2) * 1.25, 10] | min), 5] | add) -
	    25 * $f.X / $f.N - 15 * $f.strikes - .cri.score | fabs < 0.051' \
	    <<<"$good"
}
