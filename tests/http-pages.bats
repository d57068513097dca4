# shellcheck shell=bats disable=SC2030,SC2031,SC2154
# Pages for people, and badges: spec/vmp.md 8.2, 8.3, spec/ops.md 6.
load common
load http
load market

setup_file() {
	grid 'grid_name A <b>grid</b> & "more"'
	serve
}

evil='<script>alert(1)</script>"><img src=x onerror=alert(2)>'"'"

# made: once a file.
made() {
	if [[ -e $BATS_FILE_TMPDIR/skill ]]; then
		skill=$(<"$BATS_FILE_TMPDIR/skill")
		return 0
	fi
	join seller buyer
	offers seller 10.00 "{\"category\":\"text\",
	    \"description\":$(jq -n --arg t "$evil" '$t')}" \
	    "$(jq -n --arg t "$evil" '$t' | sed 's/^"//; s/"$//')"
	echo "$skill" >"$BATS_FILE_TMPDIR/skill"
	buys buyer
	delivers seller
	want 200 as buyer post /v1/tasks/dispute "$(jq -nc --arg t "$task" \
	    --arg r "$evil" '{task_id: $t, reason: $r}')"
	buys buyer
	delivers seller
	pass 86400
	sweep
}

# page PATH [CURL OPTION...]: an HTML page that holds no other's markup.
page() {
	want "${code_of_page:-200}" get "$@" -H 'Accept: text/html'
	[[ $(field content-type) == 'text/html; charset=utf-8' ]] || return 1
	safe "$(field content-security-policy)" || fail "$1 is not safe"
}

# safe POLICY: what $body says is escaped, its styles and scripts are those
# of the policy, it asks nobody, and its tags are closed.
safe() {
	/usr/bin/python3 -c '
import base64, hashlib, html.parser, sys
text, policy = sys.stdin.read(), sys.argv[1]
void = {"meta", "link", "br", "img"}
class page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.raw, self.og = [], "", {}
    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        assert tag != "img" and not any(k.startswith("on") for k in a), a
        assert "style" not in a, a
        for k in ("src", "href"):
            v = a.get(k, "/") or ""
            if tag == "link" and a.get("rel") == "canonical":
                continue
            assert v.startswith(("/", "data:,", "#")) and \
                not v.startswith("//"), (tag, v)
        if tag == "meta":
            self.og[a.get("property", a.get("name"))] = a.get("content")
        if tag not in void:
            self.open.append(tag)
            self.raw = ""
    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in void:
            self.open.pop()
    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag
        if tag in ("style", "script"):
            h = hashlib.sha256(self.raw.encode()).digest()
            assert "\x27sha256-%s\x27" % base64.b64encode(h).decode() \
                in policy, tag
    def handle_data(self, data):
        if self.open and self.open[-1] in ("style", "script"):
            self.raw += data
        else:
            assert "{{" not in data, data
p = page()
p.feed(text)
p.close()
assert not p.open, p.open
for k in ("og:type", "og:title", "og:description", "og:url", "og:site_name",
          "og:image", "twitter:card", "twitter:title",
          "twitter:description", "twitter:image"):
    assert p.og.get(k), k
assert p.og["og:url"].startswith("https://grid.example/"), p.og
assert p.og["og:site_name"] == "A <b>grid</b> & \"more\"", p.og
for word in ("default-src \x27none\x27", "frame-ancestors \x27none\x27",
             "base-uri \x27none\x27", "form-action \x27none\x27"):
    assert word in policy, policy
assert "unsafe" not in policy and "http" not in policy, policy
' "$1" <<<"$body"
}

@test "the page of a node, with names that others chose" {
	made
	page /nodes/seller
	[[ $body == *'&lt;script&gt;alert(1)&lt;/script&gt;'* ]]
	[[ $body == *'<b>2</b><span>trades'* || $body == *trades* ]]
	page /nodes/buyer
	code_of_page=404 page /nodes/nobody
	code_of_page=404 page '/nodes/%3Cscript%3E'
	[[ $body != *nobody* ]]
}

@test "the page of a skill, with what its seller says of it" {
	made
	[[ $(bzn-serve --routes | grep -c '/v1/skills/{skill_id}/page') == 1 ]] ||
	    skip "no route says what a skill is"
	page "/skills/$skill"
	[[ $body == *'&lt;img src=x onerror=alert(2)&gt;'* ]]
	[[ $body == *'<b>10.00</b>'* ]]
	code_of_page=404 page /skills/none
}

@test "a trade that is shared, in the words of who did" {
	local id

	want 200 post /v1/sandbox/share "$(jq -nc --arg t "$evil" \
	    '{node_id: $t, skill: $t, price: 10, balance: "<b>90.00</b>"}')"
	id=$(jq -r .share_id <<<"$body")
	page "/sandbox/trade/$id"
	[[ $body == *'&lt;b&gt;90.00&lt;/b&gt;'* ]]
	[[ $body == *'nobody has checked'* ]]
	code_of_page=404 page /sandbox/trade/nothing0
}

@test "Genesis, the first page, the routes" {
	made
	page /genesis
	[[ $body == *'Genesis: 0/200'* ]]
	page /
	want 200 .service 'BizNode Registry' get /
	# Of the same address, so that caches keep both apart, and origins.
	want 200 .status ok get / -H 'Accept: */*' \
	    -H 'Origin: https://grid.example'
	is 0 $'Accept\nOrigin' "" bash -c "sort <<<'$(field vary)'"
	[[ $(field access-control-allow-origin) == https://grid.example ]]
	want 200 .status ok get / -H 'Origin: https://evil.example'
	[[ -z $(field access-control-allow-origin) ]]
	page /docs
	[[ $body == */v1/tasks/create* ]]
	page /docs/
	want 200 call HEAD /genesis
}

@test "a badge says what its node has done, and writes nothing" {
	local before

	made
	before=$(bzn-ledger export ndjson | sha256sum)
	want 200 get /v1/node/seller/badge.svg
	[[ $(field content-type) == image/svg+xml ]]
	[[ $(field cache-control) == \
	    'no-cache, no-store, must-revalidate' ]]
	badge=$body
	[[ $badge == '<svg '*'width="460" height="80"'* ]]
	[[ $badge == *'>BotNode Node<'* && $badge == *'>seller<'* ]]
	want 200 get /v1/nodes/seller
	cri=$(jq '.cri_score + 0.5 | floor' <<<"$body")
	[[ $badge == *">CRI: $cri · TX: 1 · Active: 1d · Skills: 1<"* ]]
	/usr/bin/python3 -c 'import sys, xml.dom.minidom
xml.dom.minidom.parseString(sys.argv[1])' "$badge"
	want 404 .code node_missing get /v1/node/nobody/badge.svg
	[[ $(field content-type) == application/json ]]
	[[ $(bzn-ledger export ndjson | sha256sum) == "$before" ]]
}

@test "the dashboard: for the operator, by either way to say the key" {
	local key

	made
	key=$(<"$BZN_HOME/identity/admin_key")
	want 401 .code admin_missing get /v1/admin/dashboard
	[[ $(field www-authenticate) == $'Basic realm="bzn"\nBearer' ]]
	want 401 get /v1/admin/dashboard -u "x:wrong"
	want 401 get /v1/admin/dashboard -u "x:${key%?}"
	want 401 get /v1/admin/dashboard -u "$key:"
	want 401 get "/v1/admin/dashboard?key=$key"
	# As a browser does: first without, then with what was asked for.
	want 401 get /v1/admin/dashboard -A 'Mozilla/5.0 Chrome/120.0'
	page /v1/admin/dashboard -u "x:$key" -A 'Mozilla/5.0 Chrome/120.0'
	admin page /v1/admin/dashboard
	[[ $body == *'The books are true'* ]]
	[[ $body == *'10.00 in escrow'* ]]
	[[ $body == *'BUYER_DISPUTE'* && $body == *'1 in dispute'* ]]
	[[ $body == *'&lt;script&gt;'* ]]
	[[ $body == *'<b>10.00</b><span>GMV 30 d'* ]]
	[[ $body == *'role="img"'*'<details>'* ]]
	[[ ${#body} -lt 150000 ]]
}

@test "in Chromium: no line on its console, and nobody else is asked" {
	local key shown

	command -v chromium >/dev/null || skip "there is no chromium"
	made
	key=$(<"$BZN_HOME/identity/admin_key")
	for shown in nodes/seller genesis v1/admin/dashboard; do
		timeout 60 chromium --headless --no-sandbox --disable-gpu \
		    --user-data-dir="$PWD/profile" --enable-logging=stderr \
		    --virtual-time-budget=2000 --dump-dom \
		    "${url/\/\//\/\/x:$key@}/$shown" >dom 2>log || return 1
		[[ $(grep -ci 'CONSOLE\|Refused\|Content Security' \
		    log) == 0 ]] || fail "$(<log)"
		grep -q '</html>' dom
	done
	grep -q 'where you are' dom
	grep -q '<svg class="chart"' dom
}
