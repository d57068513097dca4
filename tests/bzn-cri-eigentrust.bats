# shellcheck shell=bats disable=SC2154
# EigenTrust: graphs from files and from the log, against rationals.
load common

# edge FROM TO VALUE, weigh PEER VALUE: a record of either.
edge() {
	printf '{"from":"%s","to":"%s","value":%s}\n' "$@"
}
weigh() {
	printf '{"peer":"%s","value":%s}\n' "$@"
}

# trust PEER FILE: its share there.
trust() {
	jq -r --arg peer "$1" 'select(.peer == $peer) | .trust' "$2"
}

# sums_to_one FILE: exactly, in decimals.
sums_to_one() {
	is 0 1000000000000000000 "" bash -c "jq -r .trust $1 | tr -d . |
	    sed 's/^0*//; s/^\$/0/' | paste -sd+ | bc"
}

# paid SELLER BUYER [AMOUNT]: one trade that settles at the next sweep.
paid() {
	local id

	id=$(at bzn-escrow lock --buyer "$2" --seller "$1" \
	    --amount "${3:-10}" | jq -r .escrow_id)
	at bzn-escrow complete "$id" --proof-hash x >/dev/null
}

# settle: all that is delivered is paid.
settle() {
	pass 90000
	at bzn-settle --no-checkpoint >/dev/null
}

@test "shares of a graph from a file, or from a pipe, the best first" {
	{ edge ek sd 100; edge ek vm 75; edge vm sd 100; } >edges
	{ weigh ek 50; weigh vm 100; } >prior
	is 0 '{"peer":"vm","trust":"0.480620155038759690"}
{"peer":"sd","trust":"0.302325581395348837"}
{"peer":"ek","trust":"0.217054263565891473"}' "" \
	    bzn-cri eigentrust edges --pre-trust prior --alpha 1/2
	is 0 'PEER                 TRUST
sd    0.440113394755492558
vm    0.394519253484526341
ek    0.165367351759981101' "" bash -c "bzn-cri eigentrust --table \
	    --pre-trust prior - <edges"
	is 0 "" "" bash -c "shuf --random-source=prior edges |
	    bzn-cri eigentrust --pre-trust prior --alpha 2/4 --jobs 1 - |
	    diff - <(bzn-cri eigentrust edges --pre-trust prior --alpha 1/2)"
}

@test "the part of the pre-trust is a parameter, and an option" {
	{ edge a b 1; edge b c 1; } >edges
	weigh a 1 >prior
	home 'eigentrust_alpha 0.5'
	is 0 0.571428571428571429 "" bash -c "bzn-cri eigentrust edges \
	    --pre-trust prior | jq -r 'select(.peer == \"a\").trust'"
	is 0 1.000000000000000000 "" bash -c "bzn-cri eigentrust edges \
	    --pre-trust prior --alpha 1/1 |
	    jq -r 'select(.peer == \"a\").trust'"
}

@test "random graphs, against rationals" {
	run --separate-stderr python3 "$BZN_SRC/tests/eigen.py" 60 6
	[[ $status == 0 && $output == "60 graphs" ]] ||
	    fail "$status: $output $stderr"
}

@test "distrust is split off, and taken away in the end" {
	{ edge a b 3; edge b a 1; edge a c 1; edge c b -5; edge c a -15
	    edge a a 7; } >edges
	{ edge a b 3; edge b a 1; edge a c 1; } >trust
	weigh a 1 >prior
	bzn-cri eigentrust edges --pre-trust prior --alpha 1/2 >with
	bzn-cri eigentrust trust --pre-trust prior --alpha 1/2 >without
	is 0 "" "" diff <(jq -c '[.peer, .trust]' with) \
	    <(jq -c '[.peer, .trust]' without)
	sums_to_one with
	is 0 '["a","0.666666666666666667","0.604166666666666668"]
["b","0.250000000000000000","0.229166666666666667"]
["c","0.083333333333333333","0.083333333333333333"]' "" \
	    jq -c '[.peer, .trust, .discounted]' with
	is 0 "PEER                 TRUST            DISCOUNTED" "" bash -c \
	    "bzn-cri eigentrust edges --table | head -n 1"
}

@test "what is no graph of trust is refused, where it is" {
	local whole=9223372036854775807

	edge a b 1 >good
	is 2 "" "bzn-cri: --jobs is 1 to 64 (usage)" \
	    bzn-cri eigentrust good --jobs 0
	for alpha in 0/1 3/2 1 1/0 -1/2 1/1000001 1/x '' /; do
		is 2 "" "bzn-cri: --alpha is a fraction over 0 and at most \
1, such as 1/10: not '$alpha' (usage)" bzn-cri eigentrust good --alpha "$alpha"
	done
	is 2 "" "bzn-cri: edges and pre-trust cannot both be standard input \
(usage)" bzn-cri eigentrust - --pre-trust - <good
	is 2 "" "bzn-cri: edges and pre-trust cannot both be standard input \
(usage)" bzn-cri eigentrust --facts - --pre-trust - <good
	is 2 "" "bzn-cri: a file of edges, or --facts and --at: not both \
(usage)" bzn-cri eigentrust --at 3 good
	is 4 "" "bzn-cri: cannot open 'none': No such file or directory \
(no_file)" bzn-cri eigentrust none
	is 3 "" "bzn-cri: there are no peers (bad_graph)" \
	    bzn-cri eigentrust /dev/null
	is 3 "" "bzn-cri: stdin:2: '/value' is not an integer \
written in digits (bad_json)" bash -c "{ cat good; echo '{\"from\":\"a\",\"to\":\"b\",\
\"value\":0.5}'; } | bzn-cri eigentrust -"
	is 3 "" "bzn-cri: stdin:1: a peer has no name (bad_graph)" \
	    bash -c "echo '{\"from\":\"\",\"to\":\"b\",\"value\":1}' |
	    bzn-cri eigentrust -"
	{ edge a b $whole; edge a c 1; } >big
	is 9 "" "bzn-cri: big:2: what 'a' says does not fit into 63 bits \
(amount_overflow)" bzn-cri eigentrust big
	{ edge a b -$whole; edge a c -1; } >big
	is 9 "" "bzn-cri: big:2: what 'a' says does not fit into 63 bits \
(amount_overflow)" bzn-cri eigentrust big
	{ weigh a 0; weigh b 0; } >prior
	is 3 "" "bzn-cri: the pre-trust is zero (bad_graph)" \
	    bzn-cri eigentrust good --pre-trust prior
	weigh c 1 >prior
	is 4 "" "bzn-cri: prior:1: no peer 'c' (node_missing)" \
	    bzn-cri eigentrust good --pre-trust prior
	weigh a -1 >prior
	is 3 "" "bzn-cri: prior:1: the pre-trust of 'a' is negative \
(bad_graph)" bzn-cri eigentrust good --pre-trust prior
	{ weigh a 1; weigh a 1; } >prior
	is 3 "" "bzn-cri: prior:2: 'a' has a pre-trust already (bad_graph)" \
	    bzn-cri eigentrust good --pre-trust prior
	{ weigh a $whole; weigh b 1; } >prior
	is 9 "" "bzn-cri: prior:2: the pre-trust of all peers does not fit \
into 63 bits (amount_overflow)" bzn-cri eigentrust good --pre-trust prior
}

@test "trades of the log: buyers trust whom they paid" {
	local task

	home 'strikes_to_ban 1'
	is 3 "" "bzn-cri: there are no peers (bad_graph)" \
	    at bzn-cri eigentrust
	member alice bob carol dave
	paid bob alice 20
	paid bob carol
	settle
	paid bob dave				# not settled yet
	{ edge alice bob 2000; edge carol bob 1000; edge dave dave 0; } >edges
	at bzn-cri eigentrust --alpha 1/2 >out
	is 0 "" "" diff out <(bzn-cri eigentrust edges --alpha 1/2)
	sums_to_one out
	settle
	edge dave bob 1000 >>edges
	is 0 "" "" diff <(at bzn-cri eigentrust --alpha 1/2) \
	    <(bzn-cri eigentrust edges --alpha 1/2)
	# The same from an export, and as it was then.
	bzn-ledger export leaves >whole.log
	is 0 "" "" diff <(bzn-ledger export ndjson |
	    bzn-cri eigentrust --facts - --alpha 1/2 --home nowhere) \
	    <(bzn-cri eigentrust edges --alpha 1/2)
	# What comes to nothing says nothing, either way; what ends well does.
	task=$(buy bob "$(offer carol 10)")
	deliver "$task"
	at bzn-escrow dispute "$task" --reason bad >/dev/null
	at bzn-escrow resolve "$task" --to refund_buyer --reason bad >/dev/null
	task=$(buy bob "$(offer alice 10)")
	deliver "$task"
	at bzn-escrow dispute "$task" --reason bad >/dev/null
	at bzn-escrow resolve "$task" --to release_to_seller \
	    --reason good >/dev/null
	edge bob alice 1000 >>edges
	is 0 "" "" diff <(at bzn-cri eigentrust --alpha 1/2) \
	    <(bzn-cri eigentrust edges --alpha 1/2)
	is 0 "" "" diff <(bzn-cri eigentrust --at "$(($(wc -l <whole.log) - 1))" \
	    --alpha 1/2) <(bzn-cri eigentrust --facts whole.log --alpha 1/2)
	# A sandbox is no peer, nor is who is banned.
	at bzn-node sandbox >/dev/null
	at bzn-node strike carol --reason x >/dev/null
	grep -v carol edges >fewer
	is 0 "" "" diff <(at bzn-cri eigentrust --alpha 1/2) \
	    <(bzn-cri eigentrust fewer --alpha 1/2)
	weigh carol 1 >prior
	is 4 "" "bzn-cri: prior:1: no peer 'carol' (node_missing)" \
	    at bzn-cri eigentrust --pre-trust prior
	is 0 "alice 0.333333333333333333
bob 0.666666666666666667
dave 0.000000000000000000" "" bash -c "bzn-cri --now $clock eigentrust \
	    --alpha 1/2 --pre-trust <(echo '{\"peer\":\"bob\",\"value\":3}') |
	    jq -r '\"\(.peer) \(.trust)\"' | sort"
}

@test "a ring of Sybils that no Genesis node buys from has exactly nothing" {
	local i

	home
	early gena
	early genb
	member alice bob syb1 syb2 syb3
	paid gena alice				# which makes it Genesis
	paid genb alice
	paid alice gena
	paid bob alice 5
	for i in 1 2 3; do			# rich, and loud
		for _ in 1 2; do
			paid "syb$i" "syb$((i % 3 + 1))"
		done
		paid gena "syb$i" 1		# praise buys nothing back
	done
	settle
	is 0 "gena genb" "" bash -c "bzn-cri --now $clock genesis |
	    jq -r .node_id | sort | xargs"
	at bzn-cri eigentrust >out
	sums_to_one out
	for i in 1 2 3; do
		is 0 0.000000000000000000 "" trust "syb$i" out
	done
	is 0 "alice bob gena genb" "" bash -c "jq -r 'select(.trust |
	    test(\"[1-9]\")) | .peer' out | sort | xargs"
	# One purchase by one who is trusted, and all of them have something.
	paid syb1 bob 1
	settle
	at bzn-cri eigentrust >out
	for i in 1 2 3; do
		[[ $(trust "syb$i" out) != 0.000000000000000000 ]] ||
		    fail "syb$i still has nothing"
	done
}
