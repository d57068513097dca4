# shellcheck shell=bats disable=SC2154
# The status page of many nodes in a browser: spec/ops.md 6.  BZN_SHOTS is
# where pictures of it go, to be looked at.
load ../common
load ../health

@test "ten thousand nodes and 225 hostile names in Chromium" {
	sickbay
	ward
	{
		payloads
		echo '{"fill":10000,"rounds":4,"every":120,"from":'"$(ago 360)"'}'
	} | health .
	ping_now status -q --out out --title 'Grid <b>' >said
	jq -e '.nodes > 10000' said
	(($(stat -c %s out/index.html) <= 150000))
	python3 "$BZN_SRC/tests/tools/face.py" hostile
	python3 "$BZN_SRC/tests/tools/face.py" structure out/*.html
	in_chromium out ${BZN_SHOTS:+"$BZN_SHOTS"}
}
