# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
load common

# signup [OPTION...]: print the token
signup() {
	at bzn-node signup --email Ann@Example.com "$@" | jq -r .signup_token
}

# solved NODE [OPTION...]: ask for a challenge, and set $answer
solved() {
	at bzn-node challenge "$@" >asked.json
	answer=$(answers <asked.json | jq -r .solution)
}

@test "a signup gives a token, and duplicates are allowed" {
	home
	run --separate-stderr at bzn-node signup --email Ann@Example.com \
	    --name ann --type code --capability rust --why 'because ü'
	[[ $status == 0 && -z $stderr && $output =~ \
^'{"signup_token":"ea_'[A-Za-z0-9_-]{22}'","status":"pre_eligible"}'$ ]] ||
	    fail "$output"
	[[ $(signup) != "$(signup)" ]]
	is 0 "ann@example.com" "" sqlite3 node.db \
	    'SELECT DISTINCT email FROM node_signup'
}

@test "what is no address is refused, and never repeated" {
	local bad

	home
	for bad in ann @b.com ann@ ann@b ann@.com ann@b. 'ann@b@c.com' \
	    'an n@b.com' "$(printf 'a%.0s' {1..250})@b.com"; do
		keeps is 3 "" "bzn-node: not an address of the form \
name@host.domain (bad_email)" at bzn-node signup --email "$bad"
	done
	keeps is 3 "" "bzn-node: the agent_type is not plain text of 1 to 50 \
characters (bad_label)" at bzn-node signup --email a@b.c \
	    --type "$(printf 'x%.0s' {1..51})"
	keeps is 2 "" "bzn-node: --email is missing; without it requests come \
from stdin (usage)" at bzn-node signup --name ann
	at bzn-node signup --email "$(printf 'a%.0s' {1..248})@b.com" >out
}

@test "a registration links its signup, once" {
	local token

	home
	token=$(signup)
	solved alice --signup-token "$token"
	at bzn-node register alice --solution "$answer" \
	    --signup-token "$token" >out
	is 0 true "" jq .early_access out
	is 0 true "" bash -c 'bzn-node show alice | jq .early_access'
	keeps is 9 "" "bzn-node: signup token already linked to a node \
(signup_linked)" at bzn-node challenge bob --signup-token "$token"
	solved bob
	keeps is 9 "" "bzn-node: signup token already linked to a node \
(signup_linked)" at bzn-node register bob --solution "$answer" \
	    --signup-token "$token"
	keeps is 9 "" "bzn-node: invalid signup_token: no matching early \
access signup found (signup_unknown)" at bzn-node register bob \
	    --solution "$answer" --signup-token ea_nothing
	keeps is 9 "" "bzn-node: invalid signup_token: no matching early \
access signup found (signup_unknown)" at bzn-node challenge bob \
	    --signup-token ea_nothing
	# Nothing was used up.
	at bzn-node register bob --solution "$answer" >out
	is 0 null "" jq .early_access out
	sound
}

@test "the challenge remembers the token" {
	local token

	home
	token=$(signup)
	solved alice --signup-token "$token"
	at bzn-node register alice --solution "$answer" >out
	is 0 true "" jq .early_access out
	token=$(signup)
	solved bob --signup-token "$token"
	solved bob
	at bzn-node register bob --solution "$answer" >out
	is 0 null "" jq .early_access out
	is 0 "alice" "" sqlite3 node.db \
	    'SELECT node_id FROM node_signup WHERE node_id IS NOT NULL'
}

@test "two that race for a token: one is linked" {
	local token one two

	home
	token=$(signup)
	solved alice --signup-token "$token"
	one=$answer
	solved bob --signup-token "$token"
	two=$answer
	at bzn-node register alice -s "$one" >a.out 2>a.err &
	at bzn-node register bob -s "$two" >b.out 2>b.err &
	wait
	is 0 1 "" sqlite3 node.db 'SELECT count(*) FROM node_node'
	is 0 "(signup_linked)" "" bash -c \
	    'cat a.err b.err | grep -o "(signup_linked)"'
	sound
}

@test "letters of people are in no log, no report and no message" {
	local token

	home
	token=$(signup --why secret-words --name anns-own)
	solved alice --signup-token "$token"
	at bzn-node register alice -s "$answer" >out
	{
		bzn-ledger export ndjson
		bzn-ledger export ndjson --memos
		bzn-node list
		bzn-node show alice
		cat out asked.json
	} >all
	run ! grep -qi 'example.com\|secret-words\|anns-own' all
	run ! grep -q "$token" all
}

@test "the funnel counts a registration once, and no play" {
	home
	member alice bob
	at bzn-node sandbox >out
	at bzn-node add house1 >out
	is 0 "alice|register
bob|register" "" sqlite3 node.db \
	    'SELECT node_id, type FROM node_funnel ORDER BY 1'
}
