# shellcheck shell=bash disable=SC2094,SC2154,SC2034
# certificate.bash - certificates, good and bad; for suites that load common.

# certified: a home with a token key, and of alice the certificate $token.
certified() {
	home "base_url https://grid.example:8443/"
	member alice bob
	bzn-keygen token >keys
	bzn-keygen export token >pub.pem
	kid=$(jq -r '.keys[0].kid' keys)
	at bzn-cri certificate alice >certificate
	token=$(jq -r .certificate certificate)
	IFS=. read -r head body sig <<<"$token"
	good=$(unb64 <<<"$body")
	header='{"alg":"RS256","typ":"JWT"}'
}

b64() {
	base64 -w0 | tr '+/' '-_' | tr -d =
}

unb64() {
	local part

	part=$(tr -- '-_' '+/')
	while ((${#part} % 4)); do
		part+='='
	done
	base64 -d <<<"$part"
}

# forged HEADER PAYLOAD [KEY]: signed by the token key, whatever they are.
forged() {
	local text

	text=$(printf %s "$1" | b64).$(printf %s "$2" | b64)
	printf '%s.%s\n' "$text" "$(printf %s "$text" | openssl dgst -sha256 \
	    -sign "${3:-identity/token_private.pem}" | b64)"
}

# refused STATUS CODE COMPLAINT TOKEN [OPTION...]: no certificate.
refused() {
	is "$1" '{"valid":false,"error":"Invalid or tampered certificate",'\
'"code":"'"$2"'"}' "bzn-cri: $3 ($2)" at bzn-cri verify "${@:5}" "$4"
}

# claims FILTER: the good ones, changed.
claims() {
	jq -c "$1" <<<"$good"
}
