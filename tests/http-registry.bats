# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2034,SC2094,SC2154
# The registry of nodes: spec/node.md 5.
load common
load http
load peer

A=9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60
B=4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb
ID_A=7f2d9ed0b71b8e5a6c5cf30e647d6e20b5bca6dac8071f11abe3fef8014db610
HASH_A=0x389ec80b0ca61a9b17c160ec894cf7cbf80b070a4cd49cc0337baaf4d37925fe
ID_B=bf019c455f05e75ce74ca02a55a4b88bab561f85a76555d8281a79f7c2985233
LABEL_A=p4wz5ufxdohfu3c46mhgi7loec23zjw2zadr6enl4p7pqaknwyia
WALLET=0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf
NOBODY=0x$(printf '%064d' 0)

# The server is of node B, on the clock of the vectors: 2026-03-09T14:23:00Z.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	grid_clock=@1773066180000 grid 'base_url https://b.example' \
	    'trust_verified_points 70' "registry_contract $WALLET"
	identity "$BZN_HOME" "$B"
	serve
}

# enrolls PARTY [JSON]: the body that registers it, with other members.
enrolls() {
	jq -nc --arg id "$(id "$1")" --arg hash "$(hash "$1")" \
	    --argjson pem "$(pem "$1")" --argjson more "${2:-{\}}" \
	    '{node_id: $id, node_hash: $hash, public_key: $pem} + $more'
}

# asks PARTY [FILTER]: a request to be verified.
asks() {
	at_home "$1" bzn-sign verify-request | jq -c "${2:-.}"
}

# at_home PARTY PROGRAM...: run there, at the moment of the clock.
at_home() {
	BZN_HOME=$PWD/$1 at "${@:2}"
}

@test "what every registry says first, and who is nobody" {
	want 200 .status ok .service 'BizNode Registry' .version 1.0.0 get /
	want 200 . '[]' get /nodes
	for path in "/node/$NOBODY" "/node/$NOBODY/documents" /dns/no.1bz \
	    "/dns/reverse/$NOBODY" /resolve/no.1bz /resolve/no.example \
	    /node/x; do
		want 404 .error.code node_missing \
		    .error.message 'Node not found' get "$path"
	done
	want 200 '. | tojson' '{"status":"UNVERIFIED"}' \
	    get '/verify?entity=nobody'
	want 422 .error.code validation get /verify
	for query in limit=0 limit=201 limit=x skip=-1 verified_only=7; do
		want 422 .error.code validation get "/nodes?$query"
	done
}

@test "a node registers itself, and is found by all its names" {
	party ann "$A" https://ann.example
	want 401 .error.code no_signature \
	    post /node/register "$(enrolls ann)"
	want 200 .status registered .node_hash "$HASH_A" \
	    by ann POST /node/register "$(enrolls ann '{"wallet":
	    "'$WALLET'","dns_name":"acme.1bz","ip_address":"203.0.113.7"}')"
	want 200 .status updated .node_hash "$HASH_A" by ann \
	    POST /node/register "{\"node_id\":\"$ID_A\",
	    \"node_hash\":\"$HASH_A\"}"
	want 200 .node_hash "$HASH_A" .node_id "$ID_A" .wallet $WALLET \
	    .dns_name acme.1bz .verified false .trust_tier UNVERIFIED \
	    .ip_address 203.0.113.7 .active true .stake_wei 0 \
	    .last_seen 2026-03-09T14:23:00.000Z '.trust_score | type' number \
	    get "/node/$HASH_A"
	# By a card its key is a peer's already, and what it says counts.
	want 200 .created false \
	    by ann POST /api/identity/import "$(<ann.card)"
	for name in acme.1bz ACME.1bz "$ID_A" "$ID_A.bzn" "$HASH_A" \
	    "$LABEL_A.bzn" "$LABEL_A.1bz" \
	    "${ID_A:0:32}.${ID_A:32}.bzn"; do
		want 200 .name "$name" .node_id "$ID_A" .wallet $WALLET \
		    '.public_key | tojson' "$(pem ann)" \
		    .ip 203.0.113.7 .endpoint https://ann.example \
		    .card.node_id "$ID_A" .tier UNVERIFIED .active true \
		    .ttl 300 .source registry get "/resolve/$name"
	done
	want 200 .dns_name acme.1bz .node_hash "$HASH_A" .wallet $WALLET \
	    '.public_key | tojson' "$(pem ann)" .active true \
	    .verified false .ip_address 203.0.113.7 get /dns/acme.1bz
	want 200 .dns_name acme.1bz get "/dns/reverse/$HASH_A"
	want 200 '. | length' 1 '.[0].node_hash' "$HASH_A" \
	    '.[0].registered_at' 2026-03-09T14:23:00.000Z get /nodes
	want 200 '. | length' 0 get '/nodes?verified_only=true'
	want 200 '. | length' 0 get '/nodes?skip=1'
	for name in acme.1bz "$ID_A" "$HASH_A" ann; do
		want 200 .status UNVERIFIED '. | has("trust_score")' true \
		    get "/verify?entity=$name"
	done
}

@test "a registration that is not as it says" {
	party bea "$(printf '%064d' 21)" https://bea.example
	party cid "$(printf '%064d' 22)" https://cid.example
	want 422 .error.code hash_mismatch by bea POST /node/register \
	    "$(enrolls bea "{\"node_hash\":\"$HASH_A\"}")"
	want 422 .error.code hash_mismatch by bea POST /node/register \
	    "$(enrolls bea '{"node_hash":"0x3ecc717122ce8be54c676360276ea8'\
'94bd2f4974775ee0472886515afc92ca5f"}')"
	want 200 .status registered \
	    by bea POST /node/register "$(enrolls bea)"
	want 422 .error.code id_mismatch by bea POST /node/register \
	    "$(enrolls bea "{\"public_key\":$(pem cid)}")"
	want 422 .error.code bad_pem by bea POST /node/register \
	    "$(enrolls bea '{"public_key":"x"}')"
	# Of another, by whoever is known.
	want 401 .error.code unknown_peer \
	    by bea POST /node/register "$(enrolls cid)"
	want 401 .error.code unknown_peer by cid POST /node/register \
	    "$(enrolls bea)"
	want 401 .error.code unknown_peer by cid POST /node/register \
	    "$(enrolls cid '{"public_key":null}')"
	want 404 get "/node/$(hash cid)"
	for more in '{"dns_name":"x.example"}' '{"dns_name":"-x.1bz"}' \
	    "{\"dns_name\":\"$LABEL_A.1bz\"}"; do
		want 422 .error.code bad_name \
		    by bea POST /node/register "$(enrolls bea "$more")"
	done
	want 422 .error.code bad_address by bea POST /node/register \
	    "$(enrolls bea '{"wallet":"0x12"}')"
	want 422 .error.code bad_json by bea POST /node/register \
	    "$(enrolls bea '{"ip_address":"here"}')"
	want 422 .error.code bad_json by bea POST /node/register \
	    "$(enrolls bea '{"endpoint":"https://bea.example/x"}')"
	want 422 .error.code validation by bea POST /node/register '{}'
	# A name is one node's, until its key is revoked.
	want 200 by bea POST /node/register \
	    "$(enrolls bea '{"dns_name":"one.1bz"}')"
	want 409 .error.code name_taken by cid POST /node/register \
	    "$(enrolls cid '{"dns_name":"one.1bz"}')"
	at bzn-card revoke "$(id bea)" --reason lost >out
	want 403 .error.code revoked \
	    by bea POST /node/register "$(enrolls bea)"
	want 200 .active false get /resolve/one.1bz
	want 200 by cid POST /node/register \
	    "$(enrolls cid '{"dns_name":"one.1bz"}')"
	want 200 .node_id "$(id cid)" .active true get /resolve/one.1bz
	want 404 get "/dns/reverse/$(hash bea)"
}

@test "a heartbeat says where and when, and nothing else" {
	party dan "$(printf '%064d' 23)" https://dan.example
	want 200 by dan POST /node/register "$(enrolls dan)"
	want 200 .trust_tier UNVERIFIED get "/node/$(hash dan)"
	score=$(jq -r .trust_score <<<"$body")
	pass 60
	path=/node/$(hash dan)/heartbeat
	want 200 .status ok .last_seen 2026-03-09T14:24:00.000Z \
	    by dan POST "$path" '{"ip_address":"2001:db8::1",
	    "endpoint":"https://new.example:8443"}'
	want 200 .status ok by dan POST "$path"
	want 200 .ip_address 2001:db8::1 .trust_score "$score" \
	    .endpoint https://new.example:8443 \
	    .last_seen 2026-03-09T14:24:00.000Z \
	    .registered_at 2026-03-09T14:23:00.000Z get "/node/$(hash dan)"
	want 401 .error.code no_signature post "$path" '{}'
	want 422 .error.code bad_json \
	    by dan POST "$path" '{"ip_address":"1.2.3"}'
	want 422 .error.code validation \
	    by dan POST "$path" '{"ip_address":7}'
	want 404 .error.code node_missing \
	    by dan POST "/node/$NOBODY/heartbeat" '{}'
	party eve "$(printf '%064d' 24)"
	want 401 .error.code unknown_peer by eve POST "$path" '{}'
	want 200 by eve POST /node/register "$(enrolls eve)"
	want 401 .error.code unknown_peer by eve POST "$path" '{}'
}

@test "papers: what they hash to, once" {
	party fay "$(printf '%064d' 25)"
	want 200 by fay POST /node/register "$(enrolls fay)"
	path=/node/$(hash fay)/documents
	paper=$(jq -nc --arg h "$(sha256sum </dev/null | cut -c1-64)" '{cid:
	    "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku",
	    sha256: $h, kind: "licence", sealed: false}')
	want 200 .kind licence .sealed false .created_at \
	    "$(jq -rn "${clock#@} / 1000 | todate | sub(\"Z\"; \".000Z\")")" \
	    by fay POST "$path" "$paper"
	want 200 .existed true by fay POST "$path" "$paper"
	want 409 .error.code id_conflict by fay POST "$path" \
	    "$(jq -c '.sealed = true' <<<"$paper")"
	want 200 '.documents | length' 1 .documents[0].kind licence \
	    get "$path"
	want 401 .error.code no_signature post "$path" "$paper"
	want 422 .error.code bad_json by fay POST "$path" \
	    "$(jq -c '.cid = "Qm12345678"' <<<"$paper")"
	want 422 .error.code bad_json by fay POST "$path" \
	    "$(jq -c '.kind = "a b"' <<<"$paper")"
	want 422 .error.code validation by fay POST "$path" '{}'
	want 404 .error.code node_missing \
	    by fay POST "/node/$NOBODY/documents" "$paper"
}

@test "verification: proven once, answered by the registry's key" {
	party gil "$(printf '%064d' 26)"
	want 404 .error.code node_missing post /verify "$(asks gil)"
	want 201 by gil POST /api/identity/import "$(<gil.card)"
	want 200 .status self_declared .tier UNVERIFIED \
	    .badge 'SELF DECLARED' .node_hash "$(hash gil)" \
	    '. | has("certificate")' false '. | has("payment")' false \
	    post /verify "$(asks gil)"
	want 200 by gil POST /node/register "$(enrolls gil)"
	pass 1
	asks gil >ask
	want 401 .error.code bad_signature \
	    post /verify "$(jq -c '.timestamp += 1' ask)"
	want 401 .error.code bad_signature post /verify \
	    "$(jq -c --arg id "$(id gil)" '.signature = "x"' ask)"
	party hal "$(printf '%064d' 27)"
	want 201 by hal POST /api/identity/import "$(<hal.card)"
	want 401 .error.code bad_signature post /verify \
	    "$(jq -c --arg id "$(id hal)" '.node_id = $id' ask)"
	want 404 .error.code node_missing \
	    post /verify "$(jq -c '.node_id = "'"$ID_B"'"' ask)"
	want 422 .error.code validation post /verify '{}'
	want 422 .error.code bad_json \
	    post /verify "$(jq -c '.node_id = "gil"' ask)"
	want 200 .status pending .registry "$ID_B" .payment.chain_id 137 \
	    .payment.function 'verifyNode(bytes32)' \
	    .payment.node_hash "$(hash gil)" .payment.contract $WALLET \
	    .payment.fee_wei 10000000000000000000 \
	    '.trust_score | type' string post /verify "$(<ask)"
	jq -c . <<<"$body" >answer
	jq -c 'del(.registry) + {registry}' answer >again
	judge() {
		bzn-sign json --verify -n bzn-answer-v1 \
		    -k "$BZN_HOME/identity/node_public.pem" >verdict
	}
	judge <answer
	judge <again
	jq -c '.tier = "ENTERPRISE"' answer >again
	run ! judge <again
	# Once, also after a restart; and not late.
	want 409 .error.code replayed post /verify "$(<ask)"
	unserve
	serve
	want 409 .error.code replayed post /verify "$(<ask)"
	asks gil >late
	pass 301
	want 401 .error.code stale post /verify "$(<late)"
	at bzn-card revoke "$(id gil)" --reason lost >out
	want 403 .error.code revoked post /verify "$(asks gil)"
}

@test "the vectors of a request to be verified" {
	local ann=ann

	get "/node/$HASH_A"
	party ann "$A" https://ann.example
	[[ $code == 200 ]] || want 200 by ann POST /node/register \
	    "$(enrolls ann)"
	now=$((${clock#@} / 1000))
	pass $((1773066180 - now))
	want 200 .node_id "$ID_A" .node_hash "$HASH_A" post /verify \
	    "{\"node_id\":\"$ID_A\",\"timestamp\":1773066180,\"signature\":\
\"IECz0kyKRFd+AIBeeYSqwKM/iuHP4e5zUkpH2CQWnAXmCyb90hreSdizHFWGcasRMGr8uhfP7+\
CuneRJc1XsCg==\"}"
	pass $((now - 1773066180))
}

@test "what nodes say of each other, and a tier that strangers can check" {
	local a b

	party ida "$(printf '%064d' 28)"
	party jon "$(printf '%064d' 29)"
	a=$(id ida)
	b=$(id jon)
	want 200 by ida POST /node/register "$(enrolls ida)"
	want 200 by jon POST /node/register "$(enrolls jon)"
	enter ida jon
	skill=$(offer "$b" 1)
	task=$(buy "$a" "$skill")
	deliver "$task"
	pass 90000
	at bzn-settle --no-checkpoint >settled
	at_home ida bzn-cri endorse "$b" --order "$task" >praise
	echo proof >proof
	at_home ida bzn-cri complain "$b" --order "$task" \
	    --evidence proof >complaint
	path=/node/$(hash jon)
	want 401 .error.code no_signature post "$path/endorse" "$(<praise)"
	want 401 .error.code unknown_peer \
	    by jon POST "$path/endorse" "$(<praise)"
	want 422 .error.code bad_json \
	    by ida POST "$path/complain" "$(<praise)"
	want 422 .error.code validation \
	    by ida POST "$path/endorse" '{"event":7}'
	want 401 .error.code no_signature by ida POST "$path/endorse" '{}'
	want 404 .error.code node_missing \
	    by ida POST "/node/$NOBODY/endorse" "$(<praise)"
	want 404 .error.code node_missing \
	    by ida POST "/node/$NOBODY/complain" "$(<complaint)"
	want 200 .status endorsed .trust_tier UNVERIFIED \
	    '.trust_score | type' number \
	    by ida POST "$path/endorse" "$(<praise)"
	want 200 .status complaint_filed \
	    by ida POST "$path/complain" "$(<complaint)"
	# What was signed by another, or is not so.
	want 422 .error.code id_mismatch post /registry/update_trust \
	    "$(jq -c --arg id "$b" '.from = $id' praise)"
	want 401 .error.code bad_signature post /registry/update_trust \
	    "$(jq -c '.event.order_id = "another"' praise)"
	want 401 .error.code no_signature \
	    post /registry/update_trust "$(jq -c 'del(.signature)' praise)"
	at_home ida bzn-cri endorse "$b" --order none >none
	want 404 post /registry/update_trust "$(<none)"
	at_home jon bzn-cri event verify "$b" >own
	want 403 .error.code not_registry \
	    post /registry/update_trust "$(<own)"
	want 422 .error.code bad_json post /registry/update_trust \
	    '{"signature":"x"}'
	want 200 .existed true post /registry/update_trust "$(<praise)"
	# The registry's own word, and what follows from it.
	at bzn-cri event verify "$b" >seen
	want 200 .tier TRUSTED .node_hash "$(hash jon)" \
	    .components.verified.points 70 .components.verified.verified \
	    true post /registry/update_trust "$(<seen)"
	want 200 .verified true .trust_tier TRUSTED get "$path"
	want 200 '.[0].node_id' "$b" '. | length' 1 \
	    get '/nodes?verified_only=true&limit=1'
	want 200 .status TRUSTED get "/verify?entity=$b"
	want 200 .status verified .tier TRUSTED .badge '1BZ TRUSTED NODE' \
	    '. | has("payment")' false post /verify "$(asks jon)"
	jq -c .certificate <<<"$body" >tier
	bzn-sign json --verify -n bzn-answer-v1 \
	    -k "$BZN_HOME/identity/node_public.pem" <<<"$body" >verdict
	pem=$BZN_HOME/identity/node_public.pem
	mkdir -p far
	echo 'test_clock yes' >far/bzn.conf
	at_home far bzn-cri tier --verify --registry "$pem" tier |
	    jq -e '.valid and .badge == "1BZ TRUSTED NODE"'
	jq -c '.tier = "ENTERPRISE"' tier >raised
	run ! at_home far bzn-cri tier --verify --registry "$pem" raised
	# Scored anew, by the operator or a peer that is pinned.
	want 401 post "/admin/rescore/$(hash jon)"
	want 401 .error.code unknown_peer \
	    by ida POST "/admin/rescore/$(hash jon)"
	want 404 .error.code node_missing \
	    admin post "/admin/rescore/$NOBODY"
	want 200 .node_hash "$(hash jon)" .trust_tier TRUSTED \
	    admin post "/admin/rescore/$(hash jon)"
	at bzn-cri audit --model biznode >out
	pass 86400
	run at_home far bzn-cri tier --verify --registry "$pem" tier
	[[ $status == 1 && $output == *expired* ]]
	is 0 "" "" bzn-ledger verify -q
}
