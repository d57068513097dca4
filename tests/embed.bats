# shellcheck shell=bats disable=SC2154
load common

@test "what SQL says is what C says, backslashes and quotes too" {
	printf '%s\n' '-- name: odd' "SELECT '\\', \"a\" -- comment" >odd.sql
	awk -v kind=table -f "$BZN_SRC/lib/store/embed.awk" odd.sql >odd.c
	is 0 $'\t"SELECT \'\\\\\', \\"a\\"\\n"' "" grep SELECT odd.c
}

@test "a label is found by a text with characters that LIKE knows" {
	bzn-ledger init --no-node >made
	printf '{"node_id":"bob"}\n' | bzn-node challenge |
	    jq -c '{node_id, solution: ([.payload[] | select(. as $n |
		all(range(2; $n); $n % . > 0))] | add / 2 | tostring)}' |
	    bzn-node register >registered
	for label in '100%' 1000 'a_b' 'a\b'; do
		bzn-market publish --provider bob --price 1 --label "$label"
	done >published
	is 0 "" "" bzn-market list --text '%1'
	for label in '100%' 'a_b' 'a\b'; do
		run bash -c 'bzn-market list --text "$1" | jq -r .label' - \
		    "$label"
		[[ $output == "$label" ]] || fail "$label: '$output'"
	done
}
