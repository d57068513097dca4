# shellcheck shell=bats disable=SC2154
# Pages for people, as axe-core sees them in Chromium: ops.md 6.
load common
load http
load market
load health
load npm

# pages URL...: no fault, at three widths, light and dark; all that can be
# pressed is reached by Tab.
pages() {
	run node "$BZN_BUILD/npm/axe.mjs" \
	    "$BZN_BUILD/npm/node_modules/axe-core/axe.min.js" "$@"
	[[ $status == 0 ]] || fail "$output"
	# Each was looked at, six times.
	[[ $(awk '$2 > 100 && $3 == "rules,"' <<<"$output" | wc -l) == "$#" ]] ||
	    fail "$output"
	echo "# $(awk '{ n += $2 } END { print n }' <<<"$output") rules," \
	    "$# pages, no violation" >&3
}

needs_browser() {
	needs axe-core
	command -v chromium >/dev/null || skip "NOT RUN: no chromium"
}

@test "the status page" {
	needs_browser
	mkdir "$BZN_HOME"
	cd "$BZN_HOME" || return 1
	sickbay
	ward
	ping_now status --out out
	pages "file://$PWD/out/index.html"
}

@test "pages of bzn-serve" {
	local key

	needs_browser
	grid
	serve
	join seller buyer
	offers seller 10.00 '{"category":"text"}' words
	buys buyer
	delivers seller
	key=$(<"$BZN_HOME/identity/admin_key")
	pages "$url/nodes/seller" "$url/genesis" "$url/docs" \
	    "$url/skills/$skill" \
	    "${url/\/\//\/\/x:$key@}/v1/admin/dashboard"
}

@test "a page with faults is found out" {
	needs_browser
	echo '<html><body><p style="color:#ccc">pale</p>' \
	    '<p style="width:2000px"><a href="/" style="outline:none">x</a>' \
	    >bad.html
	run node "$BZN_BUILD/npm/axe.mjs" \
	    "$BZN_BUILD/npm/node_modules/axe-core/axe.min.js" \
	    "file://$PWD/bad.html"
	[[ $status == 1 && $output == *color-contrast* ]]
	[[ $output == *' 2000 wide'* || $output == *' 20'[0-9][0-9]' wide'* ]]
	[[ $output == *'focus is not seen'* ]]
}
