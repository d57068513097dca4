# shellcheck shell=bats disable=SC2094,SC2154
load common
load certificate

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
	jq -c . <<<"$good" >claims
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
	jq -c '.node_active = null | .current_score = null' verdict >foreign
	is 0 '["valid","node_id","cri_score","cri_factors","cri_penalties",'\
'"history","evidence","issued_at","expires_at","issuer","kid",'\
'"checked","node_active","current_score"]' "" \
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

@test "vmp 13.51: tokens for access are no certificates, nor the other way" {
	certified
	at bzn-sign jwt --token <<<"$good" >ours
	at bzn-cri verify "$(<ours)" >verdict
	claims '.aud = "botnode-grid"' | at bzn-sign jwt --token >access
	refused 1 wrong_audience \
	    "it is for an audience, as tokens for access are, and \
certificates are for all" "$(<access)"
	at bzn-sign jwt --verify --aud botnode-grid --jwks keys <access >out
	run --separate-stderr at bzn-sign jwt --verify --aud botnode-grid \
	    --jwks keys <<<"$token"
	[[ $status == 1 && $stderr == \
	    "bzn-sign: stdin:1: it names no audience (wrong_audience)" ]]
}

@test "many certificates: a record each, and the worst status" {
	certified
	at bzn-cri certificate bob >>certificate
	{
		head -n1 certificate
		echo x
		head -c 70000 /dev/zero | tr '\0' x
		echo
		head -c 1100000 /dev/zero | tr '\0' .
		echo
		echo '{"certificate":'
		echo '{}'
		echo '{"certificate":7}'
		tail -n1 certificate
	} >many
	is 3 'true null
false "bad_token"
false "bad_token"
false "too_long"
false "bad_json"
false "bad_json"
false "bad_json"
true null' "bzn-cri: stdin:2: it has not three parts (bad_token)
bzn-cri: stdin:3: it is over 65536 bytes (bad_token)
bzn-cri: stdin:4: a line of over 1048576 bytes (too_long)
bzn-cri: stdin:5: byte 15: the text ends too soon (bad_json)
bzn-cri: stdin:6: '/certificate' is missing (bad_json)
bzn-cri: stdin:7: '/certificate' is not a string (bad_json)" bash -c "
	    bzn-cri --now $clock verify <many |
	    jq -r '\"\(.valid) \(.code | tojson)\"'
	    exit \${PIPESTATUS[0]}"
	is 3 'false' "bzn-cri: certificate 2: it has not three parts \
(bad_token)" bash -c "bzn-cri --now $clock verify '$token' x '$token' |
	    jq -r .valid | sed -n 2p; exit \${PIPESTATUS[0]}"
	is 3 '{"valid":false,"error":"Invalid or tampered certificate",'\
'"code":"bad_json"}' "bzn-cri: stdin:1: '/certificate' is missing (bad_json)" \
	    at bzn-cri verify <<<'{}'
}

@test "the issuer is the host of base_url, whatever else that has" {
	local url host

	home
	member alice
	bzn-keygen token >keys
	while read -r url host; do
		printf 'test_clock yes\nbase_url %s\n' "$url" >bzn.conf
		is 0 "$host" "" bash -c "bzn-cri --now $clock certificate \
alice | bzn-cri --now $clock verify | jq -r .issuer"
	done <<-END
		https://grid.example grid.example
		grid.example:80 grid.example
		https://[2001:db8::1]:8443/x [2001:db8::1]
		https://[2001:db8::1 [2001:db8::1
		https://me@grid.example:8443?x@y grid.example
		https:///x ledger.example/test
		https:// ledger.example/test
	END
}
