# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
# What the server says of itself, and files: spec/vmp.md 2.15.
load common
load http

setup_file() {
	grid "static_root site" "skill_registry skills.json"
	echo '{"skills":[{"id":"csv_v1","name":"Tables","version":"2",
	    "url":"http://127.0.0.1:9"},{"id":"none-2.1"}]}' \
	    >"$BZN_HOME/skills.json"
	mkdir -p "$BZN_HOME/site/static/deep" "$BZN_HOME/site/docs" \
	    "$BZN_HOME/site/legal"
	echo 'body { }' >"$BZN_HOME/site/static/deep/a.css"
	echo '<p>guide' >"$BZN_HOME/site/docs/guide.html"
	echo '<p>ours' >"$BZN_HOME/site/legal/terms.html"
	echo secret >"$BZN_HOME/site/static/.hidden.txt"
	echo secret >"$BZN_HOME/site/static/key"
	ln -s ../../identity/admin_key "$BZN_HOME/site/static/link.txt"
	ln -s ../../identity "$BZN_HOME/site/static/linked"
	cp "$BZN_HOME/bzn.conf" "$BZN_HOME/site/static/conf.txt"
	mkfifo "$BZN_HOME/site/static/pipe.txt"
	serve
}

@test "health, told at length" {
	want 200 .status ok .database connected .settlement.overdue 0 \
	    .settlement.stale 0 .webhooks.pending 0 .webhooks.exhausted 0 \
	    '.ledger.size > 0' true '.ledger.root|length' 64 \
	    .skills.total_skills 2 .skills.healthy_skills 0 \
	    .skills.health_percentage 0 get /health/extended
}

@test "skills that programs of the operator run" {
	local run=/api/v1/skills/csv_v1/execute

	want 200 .total 2 '.skills[0] | del(.description, .category)' \
	    '{"id":"csv_v1","name":"Tables","version":"2","status":"unknown"}' \
	    .skills[1].name none-2.1 .skills[1].version null \
	    get /api/v1/skills
	want 200 .id csv_v1 .status unknown .checked_at null \
	    '. | has("url")' false get /api/v1/skills/csv_v1
	want 200 .skill_id none-2.1 .status unknown .checked_at null \
	    get /api/v1/skills/none-2.1/health
	want 200 .total_skills 2 .healthy_skills 0 .health_percentage 0 \
	    get /api/v1/skills/health/summary
	want 404 .code skill_missing get /api/v1/skills/x
	want 404 .code skill_missing get /api/v1/skills/x/health
	want 401 .code internal_denied .detail 'Authentication failed' \
	    post $run '{}'
	want 401 .code internal_denied admin post $run '{}'
	want 422 .detail[0].field data internal post $run '{"data":5}'
	want 404 .code skill_missing internal post /api/v1/skills/x/execute '{}'
	want 503 .code runtime_unconfigured \
	    .detail 'No runtime is configured' internal post $run '{"data":{"n":1}}'
	[[ $(field retry-after) -ge 1 ]]
	# What is wrong in the file does not take the place of what was right.
	echo '{"skills":[{"id":"new"}]}' >"$BZN_HOME/new"
	mv "$BZN_HOME/new" "$BZN_HOME/skills.json"
	kill -HUP "$(<"$BZN_HOME/pid")"
	soon listed new
	echo '{"skills":[{"id":"a"},{"id":"a"}]}' >"$BZN_HOME/skills.json"
	kill -HUP "$(<"$BZN_HOME/pid")"
	soon grep -q 'is that of another' "$BZN_HOME/log"
	listed new
}

# listed ID: it is the only one.
listed() {
	get /api/v1/skills
	[[ $(jq -r '[.skills[].id] | join(" ")' <<<"$body") == "$1" ]]
}

@test "a list of skills that is none: the server does not start" {
	local text

	mkdir -p home
	printf 'test_clock yes\nskill_registry %s\n' "$PWD/list" \
	    >home/bzn.conf
	bzn-ledger --home home --now "$clock" init --no-node \
	    --origin ledger.example/test >made
	is 4 "" "bzn-serve: cannot open '$PWD/list': No such file or \
directory (no_file)" bzn-serve --home home --listen 127.0.0.1:0 --now "$clock"
	for text in '[]' '{}' '{"skills":5}' '{"skills":[{}]}' \
	    '{"skills":[{"id":"a b"}]}' '{"skills":[{"id":""}]}' \
	    '{"skills":[{"id":"a","name":5}]}' '{' \
	    '{"skills":[{"id":"a","version":"a\nb"}]}'; do
		echo "$text" >list
		run bzn-serve --home home --listen 127.0.0.1:0 --now "$clock"
		[[ $status == 3 && $output == *"$PWD/list: "*"(bad_conf)" ]] ||
		    fail "$text: $status $output"
	done
}

@test "the mission, for programs and for browsers" {
	want 200 .protocol VMP-1.0 .rewards.initial_sync '100 $TCK' \
	    .discovery_endpoint https://grid.example/v1/marketplace \
	    get /mission.json
	[[ -n $(field etag) ]]
	want 304 get /mission.json -H "If-None-Match: $(field etag)"
	want 406 '.vision|test("Sovereign Economy")' true \
	    .mission_protocol_pdf https://grid.example/mission.pdf \
	    '.error|length > 0' true get /v1/mission-protocol
	[[ -n $(field x-request-id) && -n $(field vmp-version) ]]
	want 404 .detail 'Not Found' get /mission.pdf
	echo '%PDF-1.7' >"$BZN_HOME/site/mission.pdf"
	want 200 get /mission.pdf
	[[ $(field content-type) == application/pdf ]]
}

@test "files of the operator, by their types" {
	want 200 get /static/deep/a.css
	[[ $body == 'body { }' && $(field content-type) == text/css* ]]
	want 304 get /static/deep/a.css -H "If-None-Match: $(field etag)"
	want 200 get /static/grid.svg
	[[ $(field content-type) == image/svg+xml ]]
	want 200 get /favicon.ico
	want 200 get /docs/guide
	[[ $body == '<p>guide' ]]
	want 200 get /docs/guide.html
	want 200 get /legal/terms
	[[ $body == '<p>ours' ]]
	want 200 get /join
	[[ $(field content-type) == text/html* ]]
}

@test "nothing else: no link, no pipe, no way out, no name of a path" {
	local path

	for path in none none.css .hidden.txt key link.txt \
	    linked/admin_key linked/admin_key.txt deep deep/ pipe.txt \
	    ../identity/admin_key ..%2fidentity%2fadmin_key \
	    %2e%2e/identity/admin_key '..\identity\admin_key' \
	    ..%5cidentity deep/../../bzn.conf a%00.css \
	    "$(printf 'a%.0s' {1..300}).css"; do
		get "/static/$path"
		[[ $code == 404 || $code == 400 ]] || fail "$path: $code"
		[[ $body != *secret* && $body != *"$BZN_HOME"* &&
		    $body != *admin_key* ]] || fail "$path: $body"
	done
	want 404 get /legal/zzyzx
	want 200 get /static/deep/a.css
	want 404 .code not_found get /static/deep%2fa.css
	want 404 get /docs%2Fguide
	want 404 get /docs/zzyzx
	[[ $body != *zzyzx* ]]
	want 405 post /static/grid.svg
	want 404 get /transmissions/x
}
