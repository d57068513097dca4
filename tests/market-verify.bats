# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
load common

# judged RULES OUTPUT: what is said of it by these validators.
judged() {
	echo "$1" >rules.json
	run --separate-stderr bzn-market verify --validators rules.json <<<"$2"
}

# soon COMMAND...: it takes no longer than the whole start of a slow machine.
soon() {
	local began took got=0

	began=$(date +%s%N)
	"$@" || got=$?
	took=$((($(date +%s%N) - began) / 1000000))
	((took < 2000 * ${BZN_SAN:+5} + 2000)) || fail "$took ms: $*"
	return $got
}

@test "an output passes or fails, and the status says which" {
	echo '[{"type":"length","field":"t","min_words":2},
	    {"type":"regex","config":{"field":"t","pattern":"^a"}}]' >r.json
	is 0 '{"line":1,"passed":true,"results":[{"validator_type":"length",'\
'"passed":true,"result":"PASS"},{"validator_type":"regex","passed":true,'\
'"result":"PASS"}]}' "" bzn-market verify --validators r.json <<<'{"t":"a b"}'
	is 1 '{"line":1,"passed":false,"rule":"VALIDATOR_FAILED","details":{'\
'"validator_type":"length","config":{"type":"length","field":"t",'\
'"min_words":2},"error":"Field '\''t'\'' has 1 words, minimum is 2",'\
'"index":0},"results":[{"validator_type":"length","passed":false,'\
'"result":"FAIL","error":"Field '\''t'\'' has 1 words, minimum is 2"},'\
'{"validator_type":"regex","passed":false,"result":"FAIL",'\
'"error":"Field '\''t'\'' does not match pattern '\''^a'\''"}]}' \
	    "bzn-market: 1 of 1 outputs is not what was promised (rule_failed)" \
	    bzn-market verify --validators r.json <<<'{"t":"b"}'
}

@test "many, one a line, or each in a file" {
	echo '{"validators":[{"type":"non_empty","fields":["n"]}]}' >c.json
	printf '{"n":%s}\n' 1 '""' '[]' 0 '{' >in
	run --separate-stderr bzn-market verify --contract c.json <in
	[[ $status == 3 && $stderr == "bzn-market: stdin:5: byte 7: the text \
ends too soon (bad_json)"*"2 of 4 outputs are not what was promised (rule_failed)" ]] ||
	    fail "$status: $stderr"
	is 0 "1 true 2 false 3 false 4 true" "" bash -c 'jq -r \
	    "\"\(.line) \(.passed)\"" <<<"$1" | paste -sd" "' - "$output"
	printf '{\n "n": 1\n}\n' >a
	echo '{"n":[]}' >b
	is 1 "a true b false" "bzn-market: 1 of 2 outputs is not what was \
promised (rule_failed)" bash -o pipefail -c 'bzn-market verify \
	    --contract c.json a b | jq -r "\"\(.file) \(.passed)\"" |
	    paste -sd" "'
	is 0 '"-"' "" bash -c 'bzn-market verify --contract c.json - <a |
	    jq .file'
	is 4 "" "bzn-market: cannot open 'none': No such file or directory \
(no_file)" bzn-market verify --contract c.json none
}

@test "a skill's contract is judged as at delivery" {
	home
	member bob
	echo '{"output_schema":{"type":"object","required":["n"]},
	    "validators":[{"type":"schema"},{"type":"json_path","path":"n",
	    "min":2}]}' >meta.json
	id=$(at bzn-market publish -p bob -l x --price 1 -m meta.json |
	    jq -r .skill_id)
	printf '%s\n' '{"n":2}' '{}' '{"m":1}' '{"n":1}' 'null' '"{\"n\":3}"' |
	    run --separate-stderr bzn-market verify --skill "$id"
	is 0 "null PROOF_MISSING SCHEMA_MISMATCH VALIDATOR_FAILED \
PROOF_MISSING VALIDATOR_FAILED" "" bash -c 'jq -r .rule <<<"$1" |
	    paste -sd" "' - "$(printf '%s\n' '{"n":2}' '{}' '{"m":1}' \
	    '{"n":1}' 'null' '"{\"n\":3}"' |
	    bzn-market verify --skill "$id" 2>/dev/null)"
	is 4 "" "bzn-market: no skill 'x' (skill_missing)" \
	    bzn-market verify --skill x
}

@test "what there is to be judged by" {
	is 2 "" "bzn-market: one of --skill, --contract and --validators is \
needed (usage)" bzn-market verify
	echo '[]' >r.json
	is 2 "" "bzn-market: one of --skill, --contract and --validators is \
needed (usage)" bzn-market verify --contract r.json --validators r.json
	is 3 "" "bzn-market: r.json: 1 to 20 validators are wanted \
(bad_contract)" bzn-market verify --validators r.json
	jq -nc '[range(21) | {type: "schema"}]' >r.json
	is 3 "" "bzn-market: r.json: 1 to 20 validators are wanted \
(bad_contract)" bzn-market verify --validators r.json
	is 3 "" "bzn-market: r.json: the document is not an object \
(bad_json)" bzn-market verify --contract r.json
	echo '[{"type":"webhook","config":{"url":"https://a.example"}}]' >r.json
	is 3 "" "bzn-market: r.json: validator 0: metadata.validators.0.type: \
no validator is a 'webhook' (bad_contract)" \
	    bzn-market verify --validators r.json
	echo '[{"type":"regex","pattern":"a("}]' >r.json
	is 3 "" "bzn-market: r.json: validator 0: metadata.validators.0.\
pattern: byte 2: missing closing parenthesis (bad_pattern)" \
	    bzn-market verify --validators r.json
}

@test "vmp 13.19: ^(a+)+\$ on 28 a's and a b ends at once" {
	echo '[{"type":"regex","field":"t","pattern":"^(a+)+$"}]' >r.json
	soon judged '[{"type":"regex","field":"t","pattern":"^(a+)+$"}]' \
	    '{"t":"aaaaaaaaaaaaaaaaaaaaaaaaaaaab"}'
	[[ $status == 1 && $output == *'"result":"FAIL","error":"limit"'* ]] ||
	    fail "$output"
	# What it would take to be sure is more than there is: no is not said.
	judged '[{"type":"regex","field":"t","pattern":"^(a+)+$"}]' \
	    '{"t":"aaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'
	[[ $status == 0 ]] || fail "$output"
}

@test "vmp 13.19: ((.|\\n){0,3000})z\$ is refused or ends at once" {
	local text

	text=$(printf 'a%.0s' {1..10000})
	judged '[{"type":"regex","field":"t","pattern":"((.|\\n){0,3000})z$"}]' \
	    "{\"t\":\"$text\"}"
	[[ $status == [13] ]] || fail "$status $output"
	soon judged '[{"type":"regex","field":"t","pattern":"((.|\\n)*)z$"}]' \
	    "{\"t\":\"$text\"}"
	[[ $status == 1 ]] || fail "$output"
	# The same where nothing tells beforehand that there is no match.
	soon judged '[{"type":"regex","field":"t",
	    "pattern":"((.|\\n)*)[yz]$"}]' "{\"t\":\"$text\"}"
	[[ $status == 1 && $output == *'"error":"limit"'* ]] || fail "$output"
}

@test "vmp 13.20: an output of 1 MiB, and one that is longer" {
	echo '[{"type":"length","field":"t","min_chars":1}]' >r.json
	python3 -c 'print("{\"t\":\"" + "x" * (2**20 - 8) + "\"}", end="")' >in
	is 0 1048576 "" bash -c 'wc -c <in'
	soon is 0 true "" bash -c 'bzn-market verify --validators r.json <in |
	    jq .passed'
	soon is 0 true "" bash -c 'bzn-market verify --validators r.json in |
	    jq .passed'
	printf ' ' >>in
	soon is 3 "" "bzn-market: stdin:1: a line of over 1048576 bytes \
(too_long)" bzn-market verify --validators r.json <in
	is 3 "" "bzn-market: 'in' is over 1048576 bytes (too_long)" \
	    bzn-market verify --validators r.json in
}

@test "depth 10,000, lone surrogates, duplicate keys: a code each" {
	echo '[{"type":"non_empty","fields":["a"]}]' >r.json
	{
		python3 -c 'print("[" * 10000 + "]" * 10000)'
		echo '{"a":"\ud800"}'
		echo '{"a":"\udc00\ud800"}'
		echo '{"a":1,"\u0061":2}'
		printf '{"a":"\xed\xa0\x80"}\n'
		echo '{"a":9007199254740993}'
	} >in
	run --separate-stderr soon bzn-market verify --validators r.json <in
	[[ $status == 3 && ${#lines[@]} == 1 && $output == *'"line":6,'* ]] ||
	    fail "$output"
	is 0 "bzn-market: stdin:1: byte 64: nested more than 64 deep (bad_json)
bzn-market: stdin:2: byte 6: half a surrogate pair (bad_json)
bzn-market: stdin:3: byte 6: half a surrogate pair (bad_json)
bzn-market: stdin:4: byte 16: the value of a second 'a' (bad_json)
bzn-market: stdin:5: byte 6: not UTF-8 (bad_json)" "" cat <<<"$stderr"
}

@test "numbers beyond 2^53 are compared digit by digit" {
	local rule='[{"type":"json_path","path":"n","enum":[9007199254740993]}]'

	judged "$rule" '{"n":9007199254740993}'
	[[ $status == 0 ]] || fail "$output"
	judged "$rule" '{"n":9007199254740992}'
	[[ $status == 1 && $output == *"'n' is 9007199254740992"* ]] ||
	    fail "$output"
	judged '[{"type":"json_path","path":"n","max":1e400}]' '{"n":1e401}'
	[[ $status == 1 ]] || fail "$output"
	judged "$rule" "{\"n\":$(printf '9%.0s' {1..128})}"
	[[ $status == 3 && $stderr == *"(bad_json)"* ]] || fail "$stderr"
}

@test "a schema of an output: {\"type\":5}, and one that is passed" {
	echo '{"output_schema":{"type":5}}' >c.json
	is 3 "" "bzn-market: c.json: metadata.output_schema: '/type' is not \
the name of a type, nor a list of such (bad_schema)" \
	    bzn-market verify --contract c.json
	echo '[{"type":"schema","config":{"schema":{"type":"object",
	    "properties":{"n":{"type":"integer"}}}}}]' >r.json
	is 0 true "" bash -c 'echo "{\"n\":1.0}" | bzn-market verify \
	    --validators r.json | jq .passed'
	is 1 false "bzn-market: 1 of 1 outputs is not what was promised \
(rule_failed)" bash -o pipefail -c 'echo "{\"n\":1.5}" | bzn-market verify \
	    --validators r.json | jq .passed'
}

@test "languages are those that the library's data has" {
	run --separate-stderr bzn-market languages
	[[ $status == 0 && -z $stderr ]]
	echo "$output" >all
	is 0 $'en\npt\nzh\nzh-cn' "" bash -c 'jq -r .language all |
	    grep -x -e en -e pt -e zh-cn -e zh | sort'
	is 0 $'no\nzh' "" bash -c 'jq -r "select(.alias) | .language" all |
	    sort'
	is 0 1 "" bash -c 'jq -r .version all | sort -u | wc -l'
	# What is listed may be expected.
	jq -c '[{type: "language", field: "t", expected: .language}]' all |
	    sed -n '1p;$p' | while read -r rule; do
		echo "$rule" >r.json
		is 0 "" "" bzn-market verify --validators r.json </dev/null
	done
}

# keeps_one NODE NAME TYPE CONFIG: a validator, and prints its id.
keeps_one() {
	echo "$4" | at bzn-market validator add --as "$1" --name "$2" \
	    --type "$3" --config - | jq -r .validator_id
}

# no STATUS TEXT TYPE CONFIG: it is not kept.
no() {
	echo "$4" >config.json
	keeps is "$1" "" "bzn-market: $2" at bzn-market validator add \
	    --as alice --name v --type "$3" --config config.json
}

@test "a buyer keeps validators, and removes them" {
	local a b

	home
	member alice bob
	a=$(keeps_one alice first regex '{"pattern":"x"}')
	pass 1
	b=$(keeps_one alice second schema '{"schema":{"type":"object"}}')
	pass 1
	keeps_one alice third webhook '{"url":"https://a.example/v"}' >out
	keeps_one bob other regex '{"pattern":"y","field":"f"}' >out
	is 0 '{"validator_id":"'"$a"'","node_id":"alice","name":"first",'\
'"type":"regex","config":{"pattern":"x"},'\
'"created_at":"2026-11-20T08:00:00.000Z"}' "" bash -c 'bzn-market validator \
	    list --as alice | head -1'
	is 0 "first second third" "" bash -c 'bzn-market validator list \
	    --as alice | jq -r .name | paste -sd" "'
	keeps is 4 "" "bzn-market: no validator '$a' (validator_missing)" \
	    at bzn-market validator remove "$a" --as bob
	is 0 '{"validator_id":"'"$a"'","status":"deleted"}' "" \
	    at bzn-market validator remove "$a" --as alice
	keeps is 4 "" "bzn-market: no validator '$a' (validator_missing)" \
	    at bzn-market validator remove "$a" --as alice
	is 0 '{"validator_id":"'"$b"'","status":"deleted"}' "" \
	    at bzn-market validator remove "$b"
	is 0 third "" bash -c 'bzn-market validator list --as alice |
	    jq -r .name'
	is 2 "" "bzn-market: list: those of which node? see --as (usage)" \
	    bzn-market validator list
	is 2 "" "bzn-market: add, list or remove? (usage)" \
	    bzn-market validator change
	is 2 "" "bzn-market: --as, --name, --type and --config belong \
together; without them requests come from stdin (usage)" \
	    bzn-market validator add --as alice
}

@test "what a buyer's validator must be" {
	home
	member alice
	no 9 "config.schema: is what a schema validator needs \
(validator_schema)" schema '{}'
	no 9 "config.pattern: is what a regex validator needs \
(validator_pattern)" regex '{"field":"x"}'
	no 9 "config.url: is not an https URL, which a webhook validator \
needs (validator_https)" webhook '{"url":"http://a.example"}'
	no 9 "config.url: is not an https URL, which a webhook validator \
needs (validator_https)" webhook '{}'
	no 3 "config.timeout_ms: is not of 1 to 10000 (bad_contract)" \
	    webhook '{"url":"https://a.example","timeout_ms":10001}'
	no 3 "config.pattern: byte 1: missing closing parenthesis \
(bad_pattern)" regex '{"pattern":"("}'
	no 3 "config.schema: '/type' is not the name of a type, nor a list of \
such (bad_schema)" schema '{"schema":{"type":5}}'
	no 3 "type: no validator of a buyer is a 'length' (bad_contract)" \
	    length '{}'
	keeps is 3 "" "bzn-market: name: is not of 1 to 100 characters \
(bad_contract)" bash -c "echo '{\"pattern\":\"x\"}' | bzn-market --now $clock \
	    validator add --as alice --name '' --type regex --config -"
	keeps is 4 "" "bzn-market: no node 'dave' (node_missing)" bash -c \
	    "echo '{\"pattern\":\"x\"}' | bzn-market --now $clock \
	    validator add --as dave --name v --type regex --config -"
}

@test "twenty validators a node, and one more is refused" {
	local id

	home
	member alice bob
	jq -nc 'range(20) | {node_id: "alice", name: "v\(.)", type: "regex",
	    config: {pattern: "x"}}' | at bzn-market validator add >out
	is 0 20 "" bash -c 'wc -l <out'
	no 9 "'alice' has 20 validators, which is the most (validator_limit)" \
	    regex '{"pattern":"x"}'
	keeps_one bob v regex '{"pattern":"x"}' >bobs
	id=$(jq -r .validator_id out | head -1)
	at bzn-market validator remove "$id" >gone
	at bzn-market validator add --as alice --name v --type regex \
	    --config - --id k >first <<<'{"pattern":"x"}'
	keeps at bzn-market validator add --as alice --name v --type regex \
	    --config - --id k >again <<<'{"pattern":"x"}'
	is 0 true "" jq .idempotent again
	# The key of another act is another key.
	keeps is 4 "" "bzn-market: no validator 'x' (validator_missing)" \
	    at bzn-market validator remove x --as alice --id k
}
