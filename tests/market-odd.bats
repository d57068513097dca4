# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2034,SC2154
# What a stranger at a shell does to the verbs of the market.
load common

# long N: so many letters.
long() {
	printf "%0$1d" 0 | tr 0 a
}

@test "what is longer than a label is in none, however long it is" {
	home
	member alice bob
	skill=$(offer bob 10)
	is 0 "" "" at bzn-market list --text "$(long 70000)"
	is 0 "" "" at bzn-market list --text '%'
	run at bzn-market quote "$(long 70000)" --buyer alice
	[[ $status == 4 && $output == *'(skill_missing)' ]]
	is 4 "" "bzn-escrow: no dispute 'none' (dispute_missing)" \
	    at bzn-escrow disputes none
}
