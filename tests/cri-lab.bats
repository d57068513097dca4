# shellcheck shell=bats disable=SC2154,SC2034,SC2016
# bzn-cri simulate: the attack laboratory.
load common

# The run that all look at.
setup_file() {
	export PATH="${BZN_BUILD:-$BATS_TEST_DIRNAME/../build}/bin:$PATH"
	bzn-cri simulate --home "$BATS_FILE_TMPDIR/none" \
	    >"$BATS_FILE_TMPDIR/all"
}

# all FILTER: of its records, as one array.
all() {
	jq -rsc "$1" "$BATS_FILE_TMPDIR/all"
}

@test "the honest node is the whitepaper's in every scenario: 75.8" {
	is 0 '[75.8]' "" all 'map(select(.role == "honest").score) | unique'
	is 0 '[{"S":15,"B":15,"U":20,"m":2,"V":"300.00","D":90,"N":15,"X":0,'\
'"strikes":0,"banned":false}]' "" \
	    all 'map(select(.role == "honest").facts) | unique'
	is 0 '[30,16.5,10,6.2,8.13,5,0,0,0,0]' "" \
	    all 'map(select(.role == "honest"))[0].parts | [.[]]'
}

@test "a ring of 5 with 50 trades each is 15 points below it" {
	is 0 '[25,25,4,13,"50.00"]' "" \
	    all 'map(select(.node_id == "ring-0"))[0].facts |
	    [.S, .B, .U, .m, .V]'
	# The whitepaper's 59.4, and a day of age: 1.25.
	is 0 '[1,60.6]' "" all 'map(select(.node_id == "ring-0"))[0] |
	    [.done_day, .done_score]'
	is 0 '[15.2,8.3]' "" all 'map(select(.node_id == "ring-0"))[0] |
	    [.done_gap, .gap]'
	is 0 '[1.2,18.89,4.27]' "" \
	    all 'map(select(.node_id == "ring-0"))[0].parts |
	    [.diversity, .tx, .volume]'
	is 0 '["3.75","3.75","0.00"]' "" \
	    all 'map(select(.node_id == "ring-0"))[0].cost |
	    [.total, .tax, .fees]'
}

@test "a pair pays for having one partner; a star does not" {
	is 0 '[10,0.3]' "" all 'map(select(.scenario == "pair" and
	    .role == "attacker"))[0].parts | [.concentration, .diversity]'
	is 0 '[0,15]' "" all 'map(select(.scenario == "star" and
	    .role == "attacker"))[0].parts | [.concentration, .diversity]'
}

@test "a slow burner is banned, and loses what it has" {
	is 0 '[3,true,0]' "" all 'map(select(.node_id == "slow-0"))[0] |
	    [.facts.strikes, .facts.banned, .score]'
	is 0 true "" all 'map(select(.node_id == "slow-0"))[0] |
	    .best > 70 and .best_day <= 60 and
	    (.cost.confiscated | tonumber) > 100'
}

@test "a whitewasher changes names, and leaves money behind" {
	is 0 true "" all 'map(select(.scenario == "whitewash" and
	    .role == "attacker"))[0] | .members > 3 and .score < 60 and
	    (.money.credited | tonumber) > (.cost.total | tonumber) and
	    (.cost.lost | tonumber) > 0 and (.money.harm | tonumber) > 0'
}

@test "books and counters hold at the end of all" {
	is 0 '[true]' "" all 'map(.books, .counters) | unique'
	is 0 true "" all 'map(.trades > 100 and .entries > 3 * .trades) | all'
}

@test "the page quotes what comes out" {
	all 'def one: (. * 10 | round) | "\(. / 10 | floor).\(. % 10)";
	    def row: group_by(.target) | map(.[0]) | . as [$fifty, $sixty,
	    $seventy] | $fifty | ".It \(.scenario) Ta \(.members) Ta " +
	    "\($sixty.day // "\\-") Ta \($seventy.day // "\\-") Ta " +
	    "\(.best | one) Ta \(.score | one) Ta \(.cost.total) Ta \(.money.bound)";
	    (reduce .[] as $r ([]; if index($r.scenario) then . else
		. + [$r.scenario] end)) as $names |
	    (($names[] as $n | map(select(.scenario == $n and
		.role == "attacker")) | select(length > 0) | row),
	    (map(select(.scenario == "market")) | row))' |
	    sed 's/^\.It market /.It honest /' >want
	grep -E '^\.It [a-z]+ Ta ([^ ]+ Ta ){6}[0-9.]+$' \
	    "$BZN_SRC/man/bzn-cri.1" >told
	diff want told
	all 'map(select(.biznode))[0].biznode | def two: (. * 100 | round) |
	    "\(. / 100 | floor).\("\(. % 100 + 100)"[1:])";
	    ".It \(.keys) Ta " +
	    "\(.before | two) Ta \(.after | two) Ta \(.rated | two)"' >want
	grep -E '^\.It [0-9]+ Ta [0-9.]+ Ta [0-9.]+ Ta [0-9.]+$' \
	    "$BZN_SRC/man/bzn-cri.1" >told
	diff want told
}

@test "one purchase for 1.00 lifts a newcomer to 55.3 in a day" {
	is 0 '[55.3,0,1,"1.00"]' "" jq -c 'select(.role == "attacker") |
	    [.score, .facts.S, .facts.B, .facts.V]' \
	    <(bzn-cri simulate whitewash --days 1 --target 55)
}

@test "1,000 fresh keys move what they endorse by less than one point" {
	is 0 '[1000,2000,true,100]' "" all 'map(select(.biznode))[0].biznode |
	    [.keys, .endorsements, (.moved | fabs) < 1, .ratings]'
	is 0 1 "" all 'map(select(.biznode and .target == 60)) | length'
}

@test "EigenTrust is beside it, and gives a ring, a star and a pair nothing" {
	is 0 '["0.000000000000000000"]' "" all 'map(select(.role ==
	    "attacker" and (.scenario | IN("ring", "star", "pair"))).eigentrust
	    | .trust, .names) | unique'
	is 0 true "" all 'map(select(.role == "honest").eigentrust.trust |
	    tonumber > 0.01) | all'
	is 0 false "" all 'map(select(.node_id == "slow-0").eigentrust |
	    has("trust")) | any'
}

@test "equal seeds give equal bytes, wherever; others do not" {
	local run=(bzn-cri simulate ring slowburn --days 30 --home "$PWD/none")

	"${run[@]}" --seed 7 --plot a.svg >a
	TZ=Asia/Tokyo LC_ALL=C.UTF-8 taskset -c 0 "${run[@]}" --seed 7 \
	    --plot b.svg >b
	cmp a b
	cmp a.svg b.svg
	"${run[@]}" --seed 8 --plot c.svg >c
	is 1 "" "" cmp -s a.svg c.svg
	jq -c 'del(.seed)' a >a.rest
	jq -c 'del(.seed)' c >c.rest
	is 1 "" "" cmp -s a.rest c.rest
}

@test "a picture is XML, says what it shows, and names both sides" {
	bzn-cri simulate star market --days 10 --target 60 --plot p.svg >out
	python3 - p.svg <<-'END'
		import sys, xml.etree.ElementTree as xml
		n = '{http://www.w3.org/2000/svg}'
		svg = xml.parse(sys.argv[1]).getroot()
		assert svg.get('role') == 'img'
		ids = {e.get('id') for e in svg.iter() if e.get('id')}
		assert set(svg.get('aria-labelledby').split()) <= ids
		assert svg.find(n + 'title').text
		assert 'star: the attacker ends at' in svg.find(n + 'desc').text
		assert 'prefers-color-scheme:dark' in svg.find(n + 'style').text
		lines = [e.get('points').split() for e in svg.iter(n +
		    'polyline')]
		assert [len(l) for l in lines] == [11, 11, 11], lines
		box = [float(x) for x in svg.get('viewBox').split()]
		for l in lines:
		    for x, y in (p.split(',') for p in l):
		        assert 0 <= float(x) <= box[2]
		        assert 0 <= float(y) <= 240
		text = [t.text for t in svg.iter(n + 'text')]
		for word in ('days', 'score', 'star: 20 names of one owner '
		    'trade once with the 21st'):
		    assert word in text, text
		assert any(t.startswith('attacker ') for t in text)
		assert any(t.startswith('honest ') for t in text)
	END
	[[ $(stat -c %a p.svg) == 644 ]]
}

# files: all there are, and what is in them.
files() {
	find . -type f ! -name 'separate*' -exec sha256sum {} + | sort
}

@test "the parameters are those of bzn.conf, and the home is not touched" {
	home 'initial_node_balance 0'
	files >../before
	at bzn-cri simulate star --days 1 --target 70 >../out
	# The same for money that somebody has to bring along.
	is 0 '["9.00","0.00","630.00",72.1]' "" jq -sc '.[0] |
	    [.cost.total, .money.credited, .money.bought, .done_score]' ../out
	files >../after
	diff ../before ../after
}

@test "what no play can be is refused" {
	is 2 "" "bzn-cri: there is no scenario 'sybil': market, ring, star, \
pair, whitewash, slowburn, flood (usage)" bzn-cri simulate ring sybil
	is 2 "" "bzn-cri: --days is 1 to 366 (usage)" \
	    bzn-cri simulate --days 0
	is 2 "" "bzn-cri: --days is 1 to 366 (usage)" \
	    bzn-cri simulate --days 367
	is 2 "" "bzn-cri: --nodes is 21 to 500 (usage)" \
	    bzn-cri simulate --nodes 20
	is 2 "" "bzn-cri: --nodes is 21 to 500 (usage)" \
	    bzn-cri simulate --nodes 9223372036854775807
	is 2 "" "bzn-cri: --keys is 2 to 2000 (usage)" \
	    bzn-cri simulate --keys 1
	is 2 "" "bzn-cri: --target is 0 to 100 (usage)" \
	    bzn-cri simulate --target 100.1
	for s in "" "," "50," 5x -1 60.55 "50 60" 1e1; do
		run --separate-stderr bzn-cri simulate --target "$s"
		[[ $status == 2 && -z $output && $stderr == \
		    "bzn-cri: --target: '"*"(usage)" ]] ||
		    fail "$s: $status, $stderr"
	done
	is 2 "" "bzn-cri: --target: 8 at most (usage)" \
	    bzn-cri simulate --target 1,2,3,4,5,6,7,8,9
	is 2 "" "bzn-cri: --seed is 0 to 9007199254740991 (usage)" \
	    bzn-cri simulate --seed 9007199254740992
	is 2 "" "bzn-cri: --seed: '-1' is not a number (usage)" \
	    bzn-cri simulate --seed -1
	is 4 "" "bzn-cri: cannot create 'no/p.svg': No such file or \
directory (no_file)" bzn-cri simulate ring --plot no/p.svg
	is 4 "" "bzn-cri: '.' is not a file that can be replaced (no_file)" \
	    bzn-cri simulate ring --plot .
	is 4 "" "bzn-cri: '/dev/null' is not a file that can be replaced \
(no_file)" bzn-cri simulate ring --plot /dev/null
	is 2 "" "bzn-cri: --plot: which file? (usage)" \
	    bzn-cri simulate ring --plot ''
}

@test "a picture where none may be written is told of before the play" {
	mkdir shut
	chmod 500 shut
	if [[ -w shut ]]; then
		skip "may write everywhere"
	fi
	run --separate-stderr bzn-cri simulate ring --plot shut/p.svg
	[[ $status == 5 && -z $output ]]
}

@test "who is interrupted leaves nothing behind, and the old picture" {
	local pid floods

	echo old >p.svg
	mkdir tmp
	# What follows the first takes longer than anybody waits.
	mapfile -t floods < <(yes flood | head -99)
	TMPDIR=$PWD/tmp bzn-cri simulate pair "${floods[@]}" \
	    --days 9 --plot p.svg >out 3>&- &
	pid=$!
	while [[ ! -s out ]]; do
		kill -0 $pid || fail "it ended"
		read -rt 0.05 <> <(:) || :
	done
	kill -TERM $pid
	wait $pid || :
	is 0 old "" cat p.svg
	is 0 "./p.svg" "" find . -name '*p.svg*'
	is 0 "" "" ls -A tmp
	# Records of what was played are whole.
	is 0 true "" jq -s 'length >= 6' out
}

@test "a closed output ends it with status 7" {
	run --separate-stderr bash -c 'bzn-cri simulate pair --days 2 >/dev/full'
	[[ $status == 7 ]]
}
