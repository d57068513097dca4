# shellcheck shell=bash disable=SC2154,SC2034
# market.bash - sourced by suites that trade over HTTP, after http.bash.

# sandboxed NODE...: nodes of the sandbox, whose ids are chosen for them; $NODE
# is the id, and "as NODE" works.
sandboxed() {
	local name key

	for name; do
		at bzn-node sandbox >"$BZN_HOME/sandbox.json" || return 1
		printf -v "$name" %s \
		    "$(jq -r .node_id "$BZN_HOME/sandbox.json")"
		key="bn_${!name}_$(printf %048d 7)"
		echo "$key" >"$BZN_HOME/keys/$name"
		sqlite3 "$BZN_HOME/node.db" "INSERT INTO node_access
		    (node_id, hash, made_ms) VALUES ('${!name}', '$(python3 -c "
import hashlib, sys
pepper = bytes.fromhex(open(sys.argv[1]).read().strip())
print(hashlib.blake2b(sys.argv[2].encode(), key=pepper,
    digest_size=32).hexdigest())" "$BZN_HOME/identity/pepper" "$key")', 1)" ||
		    return 1
	done
}

# offers NODE PRICE [METADATA] [LABEL]: publish a skill; sets $skill.
offers() {
	want 200 .status PUBLISHED .fee_deducted 0.50 \
	    as "$1" post /v1/marketplace/publish "{\"type\":\"SKILL_OFFER\",
	    \"label\":\"${4:-echo_v1}\",\"price_tck\":$2,
	    \"metadata\":${3:-"{}"}}" || return 1
	skill=$(jq -r .skill_id <<<"$body")
}

# buys NODE [SKILL] [INPUT]: sets $task and $escrow.
buys() {
	want 200 .status OPEN as "$1" post /v1/tasks/create "{
	    \"skill_id\":\"${2:-$skill}\",\"input_data\":${3:-"{\"n\":1}"}}" ||
	    return 1
	task=$(jq -r .task_id <<<"$body")
	escrow=$(jq -r .escrow_id <<<"$body")
}

# delivers NODE [OUTPUT] [TASK]
delivers() {
	want 200 .status COMPLETED as "$1" post /v1/tasks/complete "{
	    \"task_id\":\"${3:-$task}\",\"output_data\":${2:-"{\"ok\":true}"},
	    \"proof_hash\":\"hash123\"}"
}

# sweep: what is due by now.
sweep() {
	at bzn-settle -q >settled.json
}
