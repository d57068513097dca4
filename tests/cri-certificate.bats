# shellcheck shell=bats disable=SC2094,SC2154
load common

# certified: a home with a token key and the certificate of alice: $token.
certified() {
	home "base_url https://grid.example:8443/"
	member alice bob
	bzn-keygen token >keys
	openssl pkey -in identity/token_private.pem -pubout >pub.pem
	at bzn-cri certificate alice >certificate
	token=$(jq -r .certificate certificate)
}

# claims TOKEN: what is signed in it.
claims() {
	local part

	part=$(cut -d. -f2 <<<"$1" | tr -- '-_' '+/')
	while ((${#part} % 4)); do
		part+='='
	done
	base64 -d <<<"$part"
}

# sealed CLAIMS: signed by the token key, whatever they are.
sealed() {
	at bzn-sign jwt --token <<<"$1"
}

# refused STATUS CODE COMPLAINT TOKEN [OPTION...]: no certificate.
refused() {
	is "$1" '{"valid":false,"error":"Invalid or tampered certificate",'\
'"code":"'"$2"'"}' "bzn-cri: $3 ($2)" at bzn-cri verify "${@:5}" "$4"
}

@test "certificate: the score, its parts, and the log that it follows from" {
	certified
	is 0 "" "" diff <(jq -c .score.score,.score.components certificate) \
	    <(at bzn-cri explain alice | jq -c '.cri_score,
	    (.factors + .penalties | map_values(.value))')
	is 0 true "" jq '.certificate == .attestation' certificate
	is 0 '"https://grid.example:8443/v1/cri/verify"
"https://grid.example:8443/.well-known/botnode-cri-pubkey.pem"
"https://grid.example:8443/.well-known/jwks.json"
1795165200
"2026-11-20T09:00:00.000Z"' "" jq '.verify_url, .public_key_url, .jwks_url,
	    .valid_until, .valid_until_at' certificate
	claims "$token" >claims
	is 0 '["iss","sub","jti","iat","exp","cri","history","evidence"]
["grid.example","alice",1795161600,1795165200]
[7,3,30]' "" jq -c 'keys_unsorted, [.iss, .sub, .iat, .exp],
	    [(.cri.factors | length), (.cri.penalties | length), .cri.score]' \
	    claims
	is 0 '{"trades_completed":0,"unique_counterparties":0,"disputes":0,'\
'"disputes_total":0,"strikes":0,"member_since":"2026-11-20T08:00:00.000Z",'\
'"is_genesis":false,"level":"Spawn"}' "" jq -c .history claims
	is 0 "ledger.example/test $(bzn-ledger tail | wc -l)" "" \
	    jq -r '.evidence | "\(.origin) \(.size)"' claims
	bzn-ledger checkpoint >note
	is 0 "$(sed -n 3p note)" "" \
	    bash -c "jq -r .evidence.root claims | xxd -r -p | base64"
}

@test "certificate: one a node, each with an id of its own; 4 without a key" {
	home
	member alice bob
	is 4 "" "bzn-cri: this home has no token key: make one with \
'bzn-keygen token' (no_key)" at bzn-cri certificate alice
	bzn-keygen token >keys
	at bzn-cri certificate alice bob alice >three
	is 0 3 "" bash -c "jq -r .certificate three | sort -u | wc -l"
	is 0 "ledger.example/test" "" bash -c "at() { bzn-cri --now $clock \
\"\$@\"; }; at verify <three | jq -r .issuer | sort -u"
	is 4 "" "bzn-cri: no node 'carol' (node_missing)" \
	    at bzn-cri certificate carol
}

@test "R6: a certificate is verified by a key alone, without a home" {
	certified
	at bzn-cri verify <certificate >verdict
	is 0 '{"node_active":true,"current_score":30}' "" \
	    jq -c '{node_active, current_score}' verdict
	jq -c 'del(.node_active, .current_score)' verdict >foreign
	is 0 '["valid","node_id","cri_score","cri_factors","cri_penalties",'\
'"history","evidence","issued_at","expires_at","issuer","kid"]' "" \
	    jq -c keys_unsorted foreign
	# The clock of a home that is not this one.
	mkdir -m 700 empty
	echo 'test_clock yes' >empty/bzn.conf
	for key in "--pubkey pub.pem" "--jwks keys"; do
		# shellcheck disable=SC2086
		is 0 "$(jq -c . foreign)" "" bash -c "bzn-cri --home $PWD/empty \
--now $clock verify $key '$token' | jq -c ."
	done
	is 0 "$(jq -c . foreign)" "" bash -c "echo '$token' |
	    bzn-cri --home $PWD/empty --now $clock verify --pubkey pub.pem |
	    jq -c ."
	is 2 "" "bzn-cri: --pubkey or --jwks, not both (usage)" \
	    bzn-cri verify --pubkey pub.pem --jwks keys x
	is 3 "" "bzn-cri: there is no certificate (nothing_given)" \
	    bzn-cri verify --pubkey pub.pem </dev/null
}

@test "vmp 13.50: a foreign library verifies it by the PEM" {
	/usr/bin/python3 -c 'import jwt, cryptography' 2>/dev/null ||
	    skip "no python3-jwt"
	certified
	cat >verify.py <<-'END'
		import jwt, sys
		print(jwt.decode(sys.argv[1], open("pub.pem").read(),
		    algorithms=["RS256"], issuer="grid.example",
		    options={"verify_exp": False, "verify_iat": False})["sub"])
	END
	is 0 alice "" /usr/bin/python3 verify.py "$token"
	run /usr/bin/python3 verify.py "${token/./.e}"
	[[ $status != 0 ]]
}

@test "R6: tampered, expired, of another issuer, by another key: refused" {
	local other head body sig

	certified
	IFS=. read -r head body sig <<<"$token"
	other=$(claims "$token" | sed 's/"score":30.0/"score":99.0/' |
	    base64 -w0 | tr '+/' '-_' | tr -d =)
	refused 1 bad_signature "the key has not signed this token" \
	    "$head.$other.$sig"
	refused 1 bad_signature "the key has not signed this token" \
	    "$head.$body.${sig:0:9}AAAA${sig:13}"
	refused 3 bad_token "it has not three parts" "$head.$body"
	refused 1 wrong_issuer "it is not issued by 'other'" "$token" \
	    --issuer other
	mkdir -m 700 stranger
	bzn-keygen --home "$PWD/stranger" token >strange
	openssl pkey -in stranger/identity/token_private.pem -pubout >else.pem
	refused 1 unknown_signer "0 keys are called '$(jq -r .kid \
	    certificate)'" "$token" --jwks strange
	refused 1 bad_signature "the key has not signed this token" "$token" \
	    --pubkey else.pem
	pass 3599
	at bzn-cri verify "$token" >verdict
	pass 1
	is 1 '{"valid":false,"error":"Certificate expired. Request a fresh '\
'one from the node.","code":"expired"}' \
	    "bzn-cri: its exp has passed (expired)" at bzn-cri verify "$token"
}

@test "vmp 13.51: tokens for access are no certificates, nor the other way" {
	local good

	certified
	good=$(claims "$token")
	at bzn-cri verify "$(sealed "$good")" >verdict
	refused 1 wrong_audience \
	    "it is for another audience: say which by --aud" \
	    "$(sealed "$(jq -c '.aud = "botnode-grid"' <<<"$good")")"
	run --separate-stderr bzn-sign --now "$clock" jwt --verify \
	    --aud botnode-grid --jwks keys <<<"$token"
	[[ $status == 1 && $stderr == \
	    "bzn-sign: stdin:1: it names no audience (wrong_audience)" ]]
	refused 3 bad_token "it certifies no score: '/cri' is missing" \
	    "$(sealed "$(jq -c 'del(.cri)' <<<"$good")")"
	refused 3 bad_token "it certifies no score: '/exp' is missing" \
	    "$(sealed "$(jq -c 'del(.exp)' <<<"$good")")"
	refused 1 wrong_issuer "it is not issued by 'grid.example'" \
	    "$(sealed "$(jq -c '.iss = "x"' <<<"$good")")"
}

@test "what another algorithm has signed is no certificate" {
	certified
	bzn-keygen identity --passphrase-file <(echo pw) >names || true
	for alg in none HS256 EdDSA RS512; do
		head=$(printf '{"alg":"%s","typ":"JWT"}' "$alg" | base64 -w0 |
		    tr '+/' '-_' | tr -d =)
		refused 1 bad_alg "a certificate is of RS256, the token says \
'$alg'" "$head.${token#*.}"
	done
}

@test "a certificate outlives the key that was rotated, by its hour" {
	certified
	at bzn-keygen rotate token >rotated
	at bzn-cri certificate alice >after
	is 0 2 "" bash -c "cat certificate after | bzn-cri --now $clock verify |
	    jq -r .kid | sort -u | wc -l"
	is 0 true "" bash -c "bzn-cri --now $clock verify '$token' |
	    jq .valid"
}

@test "many certificates: a record each, and the worst status" {
	certified
	at bzn-cri certificate bob >>certificate
	is 3 "true
false
true" "bzn-cri: it has not three parts (bad_token)" bash -c "
	    { head -n1 certificate; echo x; tail -n1 certificate; } |
	    bzn-cri --now $clock verify | jq .valid; exit \${PIPESTATUS[1]}"
	is 3 "" "bzn-cri: stdin:1: '/certificate' is missing (bad_json)" \
	    at bzn-cri verify <<<'{}'
}
