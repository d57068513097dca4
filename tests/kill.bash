# shellcheck shell=bash disable=SC2034,SC2119,SC2154
# kill.bash - sourced by suites that kill bzn-serve under load, after
# http.bash.

# killed ROUNDS [OPTION...]: a market, and a server that dies so often.
killed() {
	local rounds=$1

	shift
	grid
	serve
	join alice bob
	mint alice 100000
	want 200 as bob post /v1/marketplace/publish \
	    '{"type":"SKILL_OFFER","label":"s","price_tck":1}'
	skill=$(jq -r .skill_id <<<"$body")
	unserve
	"$@" python3 "$BZN_SRC/tests/http/kill.py" "$skill" 1 \
	    --rounds "$rounds" >told || {
		cat told "$BZN_HOME/log"
		return 1
	}
	cat told >&3
	# Some were answered, and some cut off, or nothing was tested.
	jq -e '.acknowledged > 16 and .unanswered > 0' told
	sound
	is 0 ok "" sqlite3 "$BZN_HOME/node.db" 'PRAGMA integrity_check'
}
