# shellcheck shell=bats disable=SC2030,SC2031,SC2016,SC2094,SC2154
# What is no certificate, and why; what is one, for others' software.
load common
load certificate

@test "refused: another text, header or signature than what was signed" {
	local no="the key has not signed this token" other

	certified
	is 0 true "" bash -c "bzn-cri --now $clock verify \
	    '$(forged "$header" "$good")' | jq .valid"
	other=$(printf %s "${good/:30.0/:99.0}" | b64)
	refused 1 bad_signature "$no" "$head.$other.$sig"
	other=$(unb64 <<<"$head" | sed 's/"JWT"/"JWT","x":1/' | b64)
	refused 1 bad_signature "$no" "$other.$body.$sig"
	refused 1 bad_signature "$no" "$head.$body.${sig:0:9}AAAA${sig:13}"
	refused 1 bad_signature "$no" "$head.$body.${sig:0:-2}"
	refused 1 bad_signature "$no" "$head.$body."
	refused 3 bad_token "the signature is not base64url, or too long" \
	    "$head.$body.$sig$sig$sig$sig"
}

@test "refused: another algorithm, even if it is signed by the key" {
	local alg text

	certified
	for alg in none None HS256 HS512 PS256 RS512 ES256 EdDSA; do
		refused 1 bad_alg "a certificate is of RS256, the token says \
'$alg'" "$(forged '{"alg":"'$alg'"}' "$good")"
	done
	# The public key, taken for the secret of an HMAC.
	text=$(printf '{"alg":"HS256","typ":"JWT","kid":"%s"}' "$kid" | b64)
	text+=.$body
	text+=.$(printf %s "$text" | openssl dgst -sha256 -mac HMAC \
	    -macopt hexkey:"$(xxd -p -c 9999 pub.pem)" -binary | b64)
	refused 1 bad_alg "a certificate is of RS256, the token says 'HS256'" \
	    "$text" --pubkey pub.pem
	# PSS by the right key, which says that it is RS256.
	text=$head.$body
	text+=.$(printf %s "$text" | openssl dgst -sha256 -sigopt \
	    rsa_padding_mode:pss -sign identity/token_private.pem | b64)
	refused 1 bad_signature "the key has not signed this token" "$text"
	refused 1 bad_header "the header has 'jwk'" \
	    "$(forged '{"alg":"RS256","jwk":{}}' "$good")"
	refused 1 bad_header "the header has 'crit'" \
	    "$(forged '{"alg":"RS256","crit":["exp"]}' "$good")"
	refused 1 bad_header "a certificate is a JWT, the token says \
'vmp-receipt+jws'" \
	    "$(forged '{"alg":"RS256","typ":"vmp-receipt+jws"}' "$good")"
}

@test "refused: another key, another issuer, another time" {
	certified
	openssl genrsa -out else.pem 2048 2>log
	openssl pkey -in else.pem -pubout >else.pub
	refused 1 bad_signature "the key has not signed this token" "$token" \
	    --pubkey else.pub
	refused 1 bad_signature "the key has not signed this token" \
	    "$(forged '{"alg":"RS256","kid":"'"$kid"'"}' "$good" else.pem)"
	refused 1 unknown_signer "0 keys are called 'x'" \
	    "$(forged '{"alg":"RS256","kid":"x"}' "$good")"
	echo '{"keys":[]}' >none
	refused 1 unknown_signer "0 keys are called '$kid'" "$token" \
	    --jwks none
	refused 1 unknown_signer "it names no key, and there are 0" \
	    "$(forged "$header" "$good")" --jwks none
	refused 1 wrong_issuer "it is not issued by 'other'" "$token" \
	    --issuer other
	refused 1 wrong_issuer "it is not issued by 'grid.example'" \
	    "$(forged "$header" "$(claims '.iss = "x"')")"
	for aud in '"botnode-grid"' '[]' null; do
		refused 1 wrong_audience "it is for an audience, as tokens \
for access are, and certificates are for all" "$(forged "$header" "$(claims ".aud = $aud")")"
	done
	refused 1 not_yet_valid "its nbf is to come" \
	    "$(forged "$header" "$(claims '.nbf = .iat + 1')")"
	refused 1 not_yet_valid "its iat is to come" \
	    "$(forged "$header" "$(claims '.iat += 301 | .exp += 301')")"
	pass 3600
	is 1 '{"valid":false,"error":"Certificate expired. Request a fresh '\
'one from the node.","code":"expired"}' \
	    "bzn-cri: its exp has passed (expired)" at bzn-cri verify "$token"
}

# unfit FILTER COMPLAINT: signed, and no certificate of a score.
unfit() {
	refused 3 bad_token "it certifies no score: $2" \
	    "$(forged "$header" "$(claims "$1")")"
}

@test "refused: claims that are missing, of another type, or absurd" {
	certified
	unfit 'del(.cri)' "'/cri' is missing"
	unfit '.cri = 7' "'/cri' is not an object"
	unfit 'del(.sub)' "'/sub' is missing"
	unfit '.sub = ""' "'/sub' is empty"
	unfit 'del(.jti)' "'/jti' is missing"
	unfit '.cri.score = "30.0"' "'/cri/score' is not a number"
	unfit '.cri.score = 101' "'/cri/score' is out of range"
	unfit '.cri.score = -0.1' "'/cri/score' is out of range"
	unfit '.cri.score = null' "'/cri/score' is not a number"
	unfit 'del(.cri.factors.age_score)' \
	    "'/cri/factors/age_score' is missing"
	unfit '.cri.penalties.strike_penalty = -15' \
	    "'/cri/penalties/strike_penalty' is out of range"
	unfit '.cri.penalties = []' "'/cri/penalties' is not an object"
	unfit '.history.strikes = 1.5' \
	    "'/history/strikes' is not an integer written in digits"
	unfit '.history.disputes = -1' "'/history/disputes' is out of range"
	unfit '.history.member_since = "x"' "/history/member_since: \
'x' is not a time like 2026-11-20T06:52:52Z"
	unfit '.history.is_genesis = 1' "'/history/is_genesis' is not true or \
false"
	unfit '.evidence = "x"' "'/evidence' is not an object"
	unfit '.evidence.root = "00"' "'/evidence/root' is not 64 hex digits"
	unfit '.exp = 1e99' "'/exp' is not an integer written \
in digits"
	unfit 'del(.exp)' "'/exp' is missing"
	refused 3 bad_token "'exp' is not a number" \
	    "$(forged "$header" "$(claims '.exp = "1"')")"
	refused 3 bad_token "it certifies no score: '/cri/score' is out of \
range" "$(forged "$header" "${good/\"score\":30.0/\"score\":1e999}")"
	refused 3 bad_token "the payload: byte 130: not a JSON value" \
	    "$(forged "$header" "${good/\"score\":30.0/\"score\":NaN}")"
	refused 3 bad_token "the payload is not an object" \
	    "$(forged "$header" '[]')"
}

@test "refused: what has another form than the one that there is" {
	local twice

	certified
	refused 3 bad_token "it has not three parts" "$head.$body"
	refused 3 bad_token "it has not three parts" "$token."
	refused 3 bad_token "it has not three parts" "$token.$sig"
	refused 3 bad_token "the header: byte 0: the text ends too soon" \
	    ".$body.$sig"
	refused 3 bad_token "the payload is not base64url" "$head.$body=.$sig"
	refused 3 bad_token "the header is not base64url" "$head .$body.$sig"
	# The last digit holds two bits that belong to no byte.
	refused 3 bad_token "the signature is not base64url, or too long" \
	    "$head.$body.${sig:0:-1}$(tr AQgw BRhx <<<"${sig: -1}")"
	twice=${good/\"score\":30.0/\"score\":30.0,\"score\":99.0}
	refused 3 bad_token \
	    "the payload: byte 143: the value of a second 'score'" \
	    "$(forged "$header" "$twice")"
	refused 3 bad_token "the header: byte 21: the value of a second 'alg'" \
	    "$(forged '{"alg":"RS256","alg":"none"}' "$good")"
	is 3 '{"valid":false,"error":"Invalid or tampered certificate",'\
'"code":"bad_json"}' \
	    "bzn-cri: stdin:1: '/certificate' is missing (bad_json)" \
	    bash -c "jq -nc --arg h $head --arg p $body --arg s $sig '{payload:
	    \$p, signatures: [range(2) | {protected: \$h, signature: \$s}]}' |
	    bzn-cri --now $clock verify"
}

@test "vmp 13.50: a foreign library verifies it, by the PEM and by the kid" {
	/usr/bin/python3 -c 'import jwt, cryptography' 2>/dev/null ||
	    skip "no python3-jwt"
	certified
	cat >verify.py <<-'END'
		import json, jwt, sys
		token = sys.argv[1]
		kid = jwt.get_unverified_header(token)["kid"]
		of_set = [k.key for k in jwt.PyJWKSet.from_dict(
		    json.load(open("keys"))).keys if k.key_id == kid]
		for key in [open("pub.pem").read()] + of_set:
		    print(jwt.decode(token, key, algorithms=["RS256"],
		        issuer="grid.example", options={"verify_exp": False,
		        "verify_iat": False, "require": ["exp", "iat", "iss",
		        "sub", "jti"]})["cri"]["score"])
	END
	is 0 $'30.0\n30.0' "" /usr/bin/python3 verify.py "$token"
	for bad in "$head.${body/e/f}.$sig" "$head.$body.${sig:0:-4}AAAA" \
	    "$(forged '{"alg":"none"}' "$good")"; do
		run /usr/bin/python3 verify.py "$bad"
		[[ $status != 0 ]]
	done
	# And so does nothing but openssl.
	unb64 <<<"$sig" >sig
	printf %s "$head.$body" | openssl dgst -sha256 -verify pub.pem \
	    -signature sig
}

@test "a key that was rotated is in the set until its last hour is over" {
	local old

	certified
	old=$token
	pass 60
	at bzn-keygen rotate token >after
	token=$(at bzn-cri certificate alice | jq -r .certificate)
	[[ $(jq '.keys | length' after) == 2 ]]
	cmp -s pub.pem <(bzn-keygen export token) && fail "the same key"
	pass 3539
	is 0 "$(printf '%s\n' "$kid" "$(jq -r '.keys[0].kid' after)")" "" \
	    bash -c "bzn-cri --now $clock verify '$old' '$token' |
	    jq -r .kid"
	at bzn-keygen export jwks | cmp - after
	pass 1
	is 1 '{"valid":false,"error":"Certificate expired. Request a fresh '\
'one from the node.","code":"expired"}' \
	    "bzn-cri: its exp has passed (expired)" at bzn-cri verify "$old"
	pass 59
	at bzn-keygen export jwks | cmp - after
	pass 1
	is 0 "$(jq -c '.keys[0]' after)" "" \
	    bash -c "bzn-keygen --now $clock export jwks | jq -c '.keys[]'"
	refused 1 unknown_signer "0 keys are called '$kid'" "$old"
}

@test "refused: any certificate with one character changed, or cut off" {
	certified
	python3 - "$token" >changed <<-'END'
		import sys
		token = sys.argv[1]
		for i, c in enumerate(token):
		    print(token[:i] + ("B" if c != "B" else "C") + token[i + 1:])
		    print(token[:i] + token[i + 1:])
		    if i > 0:
		        print(token[:i])
	END
	is 1 "$(wc -l <changed) 0" "" bash -c "bzn-cri --now $clock verify \
<changed 2>log | tee out | wc -l | tr '\n' ' '; rc=\${PIPESTATUS[0]}
	    grep -c '\"valid\":true' out; exit \$((rc == 3 ? 1 : 0))"
}
