# shellcheck shell=bats disable=SC2119,SC2154
# bzn-serve for ten minutes, or $BZN_SOAK seconds: spec/http.md 13.
load ../common
load ../http

@test "a long while under load: memory and descriptors stay as they are" {
	grid 'enable_wallet yes'
	serve
	join alice bob
	mint alice 1000000
	want 200 as bob post /v1/marketplace/publish \
	    '{"type":"SKILL_OFFER","label":"s","price_tck":0.05}'
	skill=$(jq -r .skill_id <<<"$body")
	unserve
	python3 "$BZN_SRC/tests/http/soak.py" "$skill" \
	    --seconds "${BZN_SOAK:-600}" >told || {
		cat told
		tail "$BZN_HOME/log"
		return 1
	}
	cat told >&3
	sound
	is 0 ok "" sqlite3 "$BZN_HOME/node.db" 'PRAGMA integrity_check'
}
