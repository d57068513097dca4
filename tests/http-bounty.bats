# shellcheck shell=bats disable=SC2030,SC2031,SC2154
# Rewards: spec/vmp.md 2.9.
load common
load http

setup_file() {
	grid 'canary_exposure_pct 0'
	serve
	(
		cd "$BATS_FILE_TMPDIR" && join alice bob carol
		mint alice 1000
		want 200 post /v1/sandbox/nodes
		jq -r .api_key <<<"$body" >"$BZN_HOME/keys/sandy"
	)
}

# promise NODE [FILTER]: a bounty of 10.00; its id is in $bounty.
promise() {
	local wish

	wish=$(jq -n '{title: "Translate", reward_tck: 10,
	    description: "From one language to another"} | '"${2:-.}")
	want 200 .status open as "$1" post /v1/bounties "$wish" || return 1
	bounty=$(jq -r .bounty_id <<<"$body")
}

# submit NODE: a solution of $bounty; its id is in $submission.
submit() {
	want 200 .status pending .bounty_id "$bounty" as "$1" \
	    post "/v1/bounties/$bounty/submissions" \
	    "{\"content\":\"Done by $1\",\"proof_url\":\"https://x.y/$1\"}" &&
	    submission=$(jq -r .submission_id <<<"$body")
}

award() {
	as "$1" post "/v1/bounties/$bounty/award" \
	    "{\"submission_id\":\"${2:-$submission}\"}"
}

cancel() { as "$1" post "/v1/bounties/$bounty/cancel"; }

@test "a bounty is promised, solved, awarded and paid, less the tax" {
	promise alice '.category = "translation" | .tags = ["a", "b"] |
	    .deadline_days = 3 | .reward_tck = "10.50"'
	want 200 .reward_tck 10.50 .category translation .title Translate \
	    .tags[1] b .status open .submission_count 0 \
	    .creator_node_id alice .creator_cri 30 .winner_node_id null \
	    .winner_submission_id null .awarded_at null .submissions '[]' \
	    .created_at 2026-11-20T08:00:00.000Z \
	    .deadline_at 2026-11-23T08:00:00.000Z \
	    .description 'From one language to another' \
	    get "/v1/bounties/$bounty"
	has alice 1089.50
	has "ESCROW:BOUNTY:$bounty" 10.50
	submit bob
	want 403 .code not_creator \
	    .detail 'Only the bounty creator can award' award bob
	want 404 .code submission_missing award alice nothing
	want 200 .status awarded .winner_node_id bob .payout 10.18 .tax 0.32 \
	    .awarded_at 2026-11-20T08:00:00.000Z award alice
	want 400 .code wrong_state .detail 'Bounty is not open' award alice
	has bob 110.18
	want 200 .winner_node_id bob ".winner_submission_id == \"$submission\"" \
	    true .submissions[0].content 'Done by bob' \
	    .submissions[0].status accepted get "/v1/bounties/$bounty"
	want 200 .total_tck_earned 10.18 as bob get /v1/seller/stats
}

@test "what a promise tells, and the warning of a soft gate" {
	promise alice
	want 200 '.bounties | length' 1 .bounties[0].bounty_id "$bounty" \
	    get '/v1/bounties?limit=1'
	want 200 '.escrow_reference == "ESCROW:BOUNTY:" + .bounty_id' true \
	    .deadline_at null '.warnings | length' 1 \
	    '.warnings[0] | test("requires Artisan \\(level 2\\)")' true \
	    as bob post /v1/bounties '{"title":"Other","reward_tck":"10",
	    "description":"Something to do"}'
}

@test "promises that cannot be" {
	local wish='{"title":"Translate","description":"Something to do"}'
	local pair

	want 401 .code api_key_format post /v1/bounties "$wish"
	want 422 '.|[.detail[].field] | sort | join(" ")' \
	    'description reward_tck title' as alice post /v1/bounties '{}'
	for pair in title:'"x"' title:7 description:'"short"' \
	    reward_tck:9.99 reward_tck:10.001 reward_tck:100000.01 \
	    reward_tck:true reward_tck:'"x"' category:'"moon"' tags:'"x"' \
	    deadline_days:0 deadline_days:91 deadline_days:1.5; do
		want 422 .code validation .detail[0].field "${pair%%:*}" \
		    as alice post /v1/bounties "$(jq -c \
		    "{reward_tck: 10} + . + {${pair%%:*}: ${pair#*:}}" \
		    <<<"$wish")"
	done
	want 422 '.detail[0].path | join("/")' tags/0 as alice post \
	    /v1/bounties "$(jq -c '. + {reward_tck: 10, tags: [7]}' \
	    <<<"$wish")"
	want 422 .code validation as alice post /v1/bounties \
	    "$(jq -c '. + {reward_tck: 10, title: "a\nbcde"}' <<<"$wish")"
	want 402 .code insufficient_funds .detail 'Insufficient balance' \
	    as carol post /v1/bounties \
	    "$(jq -c '. + {reward_tck: 100.01}' <<<"$wish")"
	has carol 100.00
}

@test "29: caps hold for bounties, and say how" {
	local wish='{"title":"Translate","description":"Something to do",
	    "reward_tck":60}'

	at bzn-node caps carol --exposure-pct 50 >out
	want 429 .code cap_exposure .error canary_cap_exceeded \
	    .cap_type exposure .requested 60.00 .limit 50.00 \
	    as carol post /v1/bounties "$wish"
	[[ $(field retry-after) == 3600 ]]
	at bzn-node caps carol --per-task 20 >out
	want 400 .code cap_exceeded .cap_type per_task .limit 20.00 \
	    as carol post /v1/bounties "$wish"
	at bzn-node caps carol --per-task none --daily 30 >out
	want 400 .code cap_exceeded .cap_type daily .spent_today 0.00 \
	    .remaining_today 30.00 as carol post /v1/bounties "$wish"
	at bzn-node caps carol --daily none --exposure-pct none >out
}

@test "solutions that cannot be" {
	promise alice
	want 401 .code api_key_format post "/v1/bounties/$bounty/submissions"
	want 422 .detail[0].field content as bob post \
	    "/v1/bounties/$bounty/submissions" '{"content":"x"}'
	want 404 .code bounty_missing .detail 'Bounty not found' as bob post \
	    /v1/bounties/nothing/submissions '{"content":"hello"}'
	want 400 .code own_bounty .detail 'Cannot submit to your own bounty' \
	    as alice post "/v1/bounties/$bounty/submissions" \
	    '{"content":"hello"}'
	submit bob
	want 400 .code submission_dup as bob post \
	    "/v1/bounties/$bounty/submissions" '{"content":"again"}'
	want 404 .code bounty_missing as alice post \
	    /v1/bounties/nothing/award '{"submission_id":"x"}'
	want 422 .detail[0].field submission_id as alice post \
	    "/v1/bounties/$bounty/award" '{}'
	want 401 .code api_key_format post "/v1/bounties/$bounty/award"
	want 200 cancel alice
	want 400 .code wrong_state as carol post \
	    "/v1/bounties/$bounty/submissions" '{"content":"too late"}'
}

@test "a bounty is cancelled by its creator, once" {
	promise alice
	want 401 .code api_key_format post "/v1/bounties/$bounty/cancel"
	want 403 .code not_creator \
	    .detail 'Only the bounty creator can cancel' cancel bob
	want 200 .status cancelled .refunded_tck 10.00 \
	    .cancelled_at 2026-11-20T08:00:00.000Z cancel alice
	want 400 .code wrong_state .detail 'Bounty is not open' cancel alice
	want 404 .code bounty_missing as alice post \
	    /v1/bounties/nothing/cancel
	has "ESCROW:BOUNTY:$bounty" 0.00
}

@test "17: neither promises nor solutions cross realms" {
	promise sandy
	want 403 .code realm \
	    .detail 'Production nodes cannot trade with sandbox nodes' \
	    as bob post "/v1/bounties/$bounty/submissions" \
	    '{"content":"hello"}'
	promise alice
	want 403 .code realm \
	    .detail 'Sandbox nodes cannot trade with production nodes' \
	    as sandy post "/v1/bounties/$bounty/submissions" \
	    '{"content":"hello"}'
	want 200 '.|[.bounties[].creator_node_id] | unique | join(" ")' \
	    'alice bob' get /v1/bounties
	want 200 .total 1 as sandy get /v1/bounties
	want 200 '.total > 2' true get '/v1/bounties?realm=all'
	want 200 .total 1 get '/v1/bounties?realm=sandbox'
}

@test "lists: what is asked for, in which order" {
	promise carol '.reward_tck = 12 | .category = "code" |
	    .deadline_days = 9'
	promise carol '.reward_tck = 11 | .category = "code" |
	    .deadline_days = 5'
	want 200 '.|[.bounties[].reward_tck] | join(" ")' '11.00 12.00' \
	    .total 2 .limit 20 .offset 0 .bounties[0].creator_cri 30 \
	    get '/v1/bounties?category=code'
	want 200 '.|[.bounties[].reward_tck] | join(" ")' '12.00 11.00' \
	    get '/v1/bounties?category=code&sort=reward'
	want 200 '.|[.bounties[].reward_tck] | join(" ")' '11.00 12.00' \
	    get '/v1/bounties?category=code&sort=deadline'
	want 200 .total 1 .bounties[0].reward_tck 12.00 \
	    get '/v1/bounties?category=code&min_reward=11.01'
	want 200 .bounties '[]' .total 2 get '/v1/bounties?category=code&offset=2'
	want 200 '.|[.bounties[].status] | unique | join(" ")' cancelled \
	    get '/v1/bounties?status=cancelled'
	for bad in status=x category=x sort=x realm=x min_reward=-1 \
	    min_reward=1.001; do
		want 422 .code validation get "/v1/bounties?$bad"
	done
	want 404 .code bounty_missing get /v1/bounties/nothing
}

@test "44: a solution is nobody's to read until it is awarded" {
	promise alice
	submit bob
	submit carol
	want 200 .submissions[0].content null .submissions[0].proof_url null \
	    .submissions[1].content null .submission_count 2 \
	    get "/v1/bounties/$bounty"
	want 200 .submissions[0].content 'Done by bob' \
	    .submissions[0].proof_url https://x.y/bob \
	    .submissions[1].content null as bob get "/v1/bounties/$bounty"
	want 200 .submissions[0].content 'Done by bob' \
	    .submissions[1].content 'Done by carol' \
	    as alice get "/v1/bounties/$bounty"
	want 200 award alice
	want 200 .submissions[0].content 'Done by bob' \
	    .submissions[0].status rejected .submissions[1].status accepted \
	    get "/v1/bounties/$bounty"
	want 400 .code wrong_state .detail 'Bounty is not open' \
	    award alice
}

@test "6: many awards at once pay once" {
	local before i

	promise alice
	submit bob
	before=$(bzn-ledger balance bob | jq -r .balance)
	for i in {1..20}; do
		printf '%s\n' "url = $url/v1/bounties/$bounty/award" \
		    "header = \"X-API-KEY: $(<"$BZN_HOME/keys/alice")\"" \
		    'header = "Content-Type: application/json"' \
		    "data = @award" "output = at.$i" 'silent' \
		    'write-out = "%{http_code}\n"' next
	done | sed '$d' >conf
	echo "{\"submission_id\":\"$submission\"}" >award
	is 0 $'      1 200\n     19 400' "" bash -c \
	    'curl --parallel --parallel-max 20 --parallel-immediate -K conf 2>err |
	    sort | uniq -c'
	has bob "$(awk -v was="$before" 'BEGIN { printf "%.2f", was + 9.7 }')"
}

@test "8: an award and a cancellation at once: one wins" {
	local i codes

	for i in 1 2 3 4; do
		promise alice
		submit bob
		echo "{\"submission_id\":\"$submission\"}" >award
		for act in award cancel; do
			printf '%s\n' "url = $url/v1/bounties/$bounty/$act" \
			    "header = \"X-API-KEY: $(<"$BZN_HOME/keys/alice")\"" \
			    'header = "Content-Type: application/json"' \
			    "data = @award" "output = $act" 'silent' \
			    'write-out = "%{http_code}\n"' next
		done | sed '$d' >conf
		codes=$(curl --parallel --parallel-immediate -K conf | sort |
		    xargs)
		[[ $codes == '200 400' ]]
		grep -q wrong_state award cancel
		has "ESCROW:BOUNTY:$bounty" 0.00
	done
	sound
}

@test "the same promise under a key is one promise" {
	local wish='{"title":"Translate","description":"Something to do",
	    "reward_tck":10,"idempotency_key":"k1"}' id

	want 200 as bob post /v1/bounties "$wish"
	id=$(jq -r .bounty_id <<<"$body")
	want 200 .bounty_id "$id" .idempotent true \
	    as bob post /v1/bounties "$wish"
	want 409 .code id_conflict as bob post /v1/bounties "${wish/10/11}"
	want 200 '.bounty_id == "'"$id"'"' false \
	    as carol post /v1/bounties "$wish"
}

@test "after the deadline only expiry is possible, swept or not" {
	promise carol '.deadline_days = 1'
	submit bob
	pass 86400
	want 400 .code window_closed .detail 'Bounty deadline has passed' \
	    award carol
	want 400 .code window_closed cancel carol
	want 400 .code window_closed as alice post \
	    "/v1/bounties/$bounty/submissions" '{"content":"hello"}'
	at bzn-settle >out
	want 200 .status expired .submissions[0].status rejected \
	    .submissions[0].content null get "/v1/bounties/$bounty"
	want 400 .code wrong_state award carol
	sound
}
