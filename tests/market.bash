# shellcheck shell=bash disable=SC2154,SC2034
# market.bash - sourced by suites that trade over HTTP, after http.bash.

# sandboxed NODE...: nodes of the sandbox, whose ids are chosen for them; $NODE
# is the id, and "as NODE" works.
sandboxed() {
	local name

	for name; do
		want 200 .balance 10000.00 post /v1/sandbox/nodes '{}' ||
		    return 1
		printf -v "$name" %s "$(jq -r .node_id <<<"$body")"
		jq -r .api_key <<<"$body" >"$BZN_HOME/keys/$name"
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
