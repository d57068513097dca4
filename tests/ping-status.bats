# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
load common
load health

status() {
	ping_now status "$@"
}

@test "what it made of a few nodes" {
	sickbay
	ward
	is 0 '{"out":"out","indicator":"major","nodes":7,"up":2,"degraded":1,'\
'"down":2,"unknown":1,"maintenance":1,"stale":false,"signed":false,'\
'"pages":1,"written":19,"unchanged":0}' "bzn-ping: the page is not signed: \
this home has no node identity: make one with 'bzn-keygen identity'" \
	    status --out out
	[[ $(stat -c %a out out/index.html out/badge | tr '\n' ' ') == \
	    "755 644 755 " ]]
	# The same again is not written again.
	status --out out | jq -e '.written == 0 and .unchanged == 19'
	[[ -z $(find out -name '*.*.??????') ]]
	# Pages of a time when there were more nodes go.
	touch out/page-2.html out/page-3.html
	status --out out >/dev/null
	[[ $(cd out && echo *) == "badge feed.atom index.html summary.json" ]]
	is 2 "" "bzn-ping: --out or --prom is needed (usage)" status
	is 2 "" "bzn-ping: --url: an address that begins with http:// or \
https:// and does not end in '/' (usage)" status --out o --url javascript:x
	is 2 "" "bzn-ping: --title, or grid_name: is not text of 1 to 128 \
bytes without control characters (usage)" status --out o --title $'a\nb'
	run status --out o --title "$(printf '%129s' x)"
	[[ $status == 2 ]]
	run --separate-stderr status --out out --tz Mars/Olympus
	[[ $status != 0 && $stderr == *"(bad_zone)" ]]
	touch file
	run status --out file
	[[ $status == 4 || $status == 7 ]]
}

@test "it opens no socket, and writes there and at home only" {
	[[ -z ${BZN_SAN-} ]] || skip "not with a sanitizer"
	sickbay
	ward
	strace -f -o calls bzn-ping status -q --now "@$now" --out out \
	    --require-sandbox --tz Europe/Berlin >said
	grep -q landlock_restrict_self calls
	[[ $(jq .written said) == 19 ]]
	is 1 "" "" grep -E 'socket\(|connect\(|EACCES|SIGSYS' calls
	grep -q ' CET<' out/index.html
}

@test "the page stands alone, and says in words what it draws" {
	sickbay
	ward
	status --out out --title 'My <grid> & "co"' >/dev/null
	python3 "$BZN_SRC/tests/tools/face.py" page
	python3 "$BZN_SRC/tests/tools/face.py" structure out/index.html
	# When nobody has looked for two intervals, it says so.
	now=$((now + 43300000))
	status --out out | jq -e '.stale'
	grep -q 'class="banner alarm"' out/index.html
	grep -q '<span id="old" role="status">That is longer' out/index.html
}

# judged STATUS CODE PAGE: what bzn-sign says of it.
judged() {
	run bzn-sign verify --now @$now --html -k key.pem "$3"
	[[ $status == "$1" && $(jq -r 'select(.path).code' <<<"${lines[0]}") == \
	    "$2" ]] || fail "$output"
}

@test "pages and summary.json are signed, and are checked offline" {
	sickbay
	ward
	(umask 077 && echo secret >pw)
	bzn-keygen identity -q --passphrase-file pw >made.json
	bzn-keygen export pem >key.pem
	is 5 "" "bzn-ping: cannot open '$PWD/identity/node_private.pem': no \
passphrase: give --passphrase-file, --passphrase-fd, --passphrase-cmd, \
\$BZN_PASSPHRASE_FILE, \$CREDENTIALS_DIRECTORY/bzn-passphrase or a terminal \
(no_passphrase)" setsid -w bzn-ping status --now @$now --require-signed \
	    --out out
	[[ ! -e out ]]
	# Who has no passphrase gets pages all the same, and a word about it.
	run --separate-stderr setsid -w bzn-ping status --now @$now --out out
	[[ $status == 0 && $stderr == *"the page is not signed: "* ]]
	judged 1 no_signature out/index.html
	# A source that is wrong is no reason to sign nothing.
	run status --out out --passphrase-file nothing
	[[ $status == 4 ]]
	export BZN_PASSPHRASE_FILE=$PWD/pw
	is 0 true "" jq .signed < <(status --out out)
	judged 0 ok out/index.html
	bzn-sign verify --now @$now -n bzn-status-v1 -k key.pem \
	    out/summary.json >verdict
	jq -se '.[0].code == "ok" and .[0].comment == "summary.json"' verdict
	grep -qF "Signed by the node <code>$(jq -r .node_id made.json)</code>" \
	    out/index.html
	# Whoever has no such program can do the same.
	[[ $(sed '/^<script type="text.plain"/,/^<.script>/d' out/index.html |
	    sha256sum) == "$(sed -n 's/^sha256 //p' out/index.html)  -" ]]
	# A flipped letter anywhere, another key, another kind of signature.
	sed 's/2 of 7 nodes are down/0 of 7 nodes are down/' out/index.html \
	    >a.html
	judged 1 hash_mismatch a.html
	sed 's/^comment index/comment other/' out/index.html >a.html
	judged 1 bad_signature a.html
	{ cat out/index.html && echo '<b>and more</b>'; } >a.html
	judged 3 bad_sig a.html
	{
		sed '/^<script type="text.plain"/,$d' out/index.html
		sed -n '/^<script type="text.plain"/,/^<.script>/p' \
		    out/index.html
		sed -n '/^<script type="text.plain"/,$p' out/index.html
	} >a.html
	judged 3 bad_sig a.html
	run bzn-sign verify --now @$now --html -n bzn-file-v1 -k key.pem \
	    out/index.html
	[[ $status == 1 && $output == *wrong_namespace* ]]
	echo "other node:$(printf '%064d' 1)" >trust
	run bzn-sign verify --now @$now --html -t trust out/index.html
	[[ $status == 1 && $output == *unknown_signer* ]]
	is 2 "" "bzn-sign: --html has the signature in the page: no -a, -m or \
-s, and no --quorum (usage)" bzn-sign verify --html -a out/index.html
	# Unsigned again, no signature of another summary stays.
	unset BZN_PASSPHRASE_FILE
	setsid -w bzn-ping status -q --now @$now --out out >/dev/null
	[[ ! -e out/summary.json.sig ]]
	judged 1 no_signature out/index.html
	run ! grep -q 'Signed by' out/index.html
}

@test "summary.json has the shape that status pages share" {
	sickbay
	ward
	status --out out --url https://status.example >/dev/null
	jq -e '.page.name == "Status" and .page.time_zone == "UTC" and
	    .page.url == "https://status.example" and
	    .status.indicator == "major"' out/summary.json
	jq -e '.components | map({(.name): .status}) | add == {
		"well": "operational", "slow": "degraded_performance",
		"down <i>": "major_outage", "both": "partial_outage",
		"mended": "under_maintenance", "gone & back": "operational",
		"quiet": "degraded_performance"}' out/summary.json
	jq -e '.components | map(select(.name == "quiet"))[0].state ==
	    "unknown"' out/summary.json
	jq -e '[.incidents[] | .name] | sort ==
	    ["both is down (connect)", "down <i> is down (connect)"] or
	    contains(["down <i> is down (connect)"])' out/summary.json
	jq -e '.incidents | all(.status == "investigating" and
	    .resolved_at == null and (.components | length) == 1 and
	    (.incident_updates | length) == 1 and (.id as $id |
	    .incident_updates[0] | .incident_id == $id and .id != $id))' \
	    out/summary.json
	python3 "$BZN_SRC/tests/tools/face.py" summary
	jq -e '[.scheduled_maintenances[] | [.name, .status,
	    (.components | length)]] == [["disks", "in_progress", 1],
	    ["kernel <b>", "scheduled", 0]]' out/summary.json
}

@test "half of them down is critical, a tenth major, one of many minor" {
	local n

	echo 'health_check_interval 120s' >bzn.conf
	sickbay
	for n in 1 2 3 4 5 6 7 8 9; do
		probed "$n" "n$n" oooo
	done | health .
	status --out out | jq -e '.indicator == "none"'
	grep -q 'All 9 nodes are up' out/index.html
	# Before it was known is no unknown time.
	[[ $(grep -c '<summary>100.00 % up in 1 day<' out/index.html) == 9 ]]
	probed aa na ooofff | health .
	status --out out | jq -e '.indicator == "major"'
	probed ab nb oooo | health .
	status --out out | jq -e '.indicator == "minor"'
	for n in 1 2 3 4 5; do
		now=$((now + 60000))
		probed $n n$n fff
		now=$((now - 60000))
	done | health .
	now=$((now + 60000))
	status --out out | jq -e '.indicator == "critical"'
}

@test "the feed and the badges are XML, and badges are small" {
	sickbay
	ward
	status --out out --url https://status.example >/dev/null
	python3 "$BZN_SRC/tests/tools/face.py" badges
	# What a feed reader knows by its id keeps it.
	python3 "$BZN_SRC/tests/tools/face.py" atom >before
	now=$((now + 86400000))
	printf '{"node":"%s","name":"down <i>","from":%s,"every":60,
	    "found":"%s"}' b $((now - 120000)) ooo | tr -d '\n' | health .
	status -q --out out --url https://status.example >/dev/null
	python3 "$BZN_SRC/tests/tools/face.py" atom >after
	[[ $(wc -l <before) -ge 4 ]]
	[[ $(cut -f 1 before) == "$(cut -f 1 after)" ]]
	[[ $(diff before after | grep -c '^>.*up again') == 1 ]]
	# Without an address it has one of its own, which stays.
	status -q --out out >/dev/null
	grep -qE '^<id>urn:uuid:[0-9a-f-]{36}</id>$' out/feed.atom
	python3 "$BZN_SRC/tests/tools/face.py" atom >after
}

@test "whoever sees the badge of a job does not know its id" {
	local id

	sickbay
	ping_now push --name backup --status 0
	id=$(sqlite3 node.db "SELECT node_id FROM health_node")
	status -q --out out >said
	jq -e '.nodes == 1' said
	[[ $(find out/badge -type f | wc -l) == 4 && ${#id} == 64 ]]
	run ! grep -rq "${id:0:12}" out
	[[ -z $(find out -name "*${id:0:12}*") ]]
	[[ -s out/badge/$(jq -r '.components[0].id' out/summary.json).svg ]]
	jq -e '.label == "Status" and .message == "1 of 1 up" and
	    .color == "blue"' out/badge/all.json
}

@test "metrics are what Prometheus reads" {
	sickbay
	ward
	status --prom m.prom
	[[ $(stat -c %a m.prom) == 644 ]]
	ping_now check well --prom c.prom >/dev/null
	cmp m.prom c.prom
	python3 "$BZN_SRC/tests/tools/face.py" prom
}

@test "hostile names stay names" {
	sickbay
	ward
	payloads >lines
	(($(wc -l <lines) > 225))
	health . <lines
	status -q --out out \
	    --title '<script>document.title="PWNED"</script>' >/dev/null
	python3 "$BZN_SRC/tests/tools/face.py" hostile
	python3 "$BZN_SRC/tests/tools/face.py" structure out/*.html
	in_chromium out
	jq -e '.pages > 1 and .rows > 50 and .states == 5' seen
}

@test "a thousand nodes: the first page stays below 150 kB" {
	sickbay
	echo '{"fill":1000,"rounds":12,"every":120,"from":'"$(ago 1320)"'}' |
	    health .
	status --out out >said
	jq -e '.nodes == 1000 and .pages > 2' said
	(($(stat -c %s out/index.html) <= 150000))
	[[ -z $(find out -name '*.html' -size +150000c) ]]
	# Each is on one page, and those in trouble on the first.
	[[ $(cat out/*.html | grep -c '<li><p class="who">') == 1000 ]]
	[[ $(grep -c '^<li><p.*state down"' out/index.html) == \
	    $(jq .down said) ]]
	run ! grep -q '^<li><p.*state down"' out/page-2.html
	[[ -e out/page-$(jq .pages said).html ]]
	[[ ! -e out/page-$(($(jq .pages said) + 1)).html ]]
}

@test "colours of pages can be told from what they are on" {
	python3 "$BZN_SRC/tests/tools/face.py" contrast \
	    "$BZN_SRC"/lib/page/{page,status}.css
}
