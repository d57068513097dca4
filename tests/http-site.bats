# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
# What the server says of itself, and files: spec/vmp.md 2.15.
load common
load http

setup_file() {
	grid "static_root site"
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
	    '.skills|keys|length' 3 get /health/extended
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
