# shellcheck shell=bats disable=SC2154
load common

@test "forms that proof hashes are of are those of Python and ECMAScript" {
	is 0 "3067 documents" "" python3 "$BZN_SRC/tests/forms.py" 9 3000
}

@test "the form of half a million marks takes no longer than its bytes" {
	python3 -c 'print("\"a" + "\u0301\u0323" * 260000 + "\"")' >marks
	run timeout 10 sh -c 'form <marks | wc -c'
	[[ $status == 0 && $output -gt 1000000 ]]
}
