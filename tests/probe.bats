# shellcheck shell=bats disable=SC2030,SC2031,SC2154,SC2317
# What probes find, over real sockets: tests/tools/nodes.py is well, ill and
# hostile.  No test waits longer than a node is given to answer.
load common

# certificate NAME SUBJECT DAYS CA
certificate() {
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -keyout "$1.key" -out "$1.csr" -subj "/CN=$1"
	openssl x509 -req -in "$1.csr" -CA "$4.pem" -CAkey "$4.key" \
	    -CAcreateserial -days "$3" -out "$1.pem" -extfile <(
		echo "subjectAltName=$2")
}
authority() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
	    -nodes -keyout "$1.key" -out "$1.pem" -subj "/CN=$1" -days 30
}

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	{
		authority ca
		authority no_ca
		certificate tls IP:127.0.0.1,DNS:localhost 40 ca
		certificate tls_soon IP:127.0.0.1 13 ca
		certificate tls_expired IP:127.0.0.1 0 ca
		certificate tls_other DNS:other.example 40 ca
		certificate tls_self IP:127.0.0.1 40 no_ca
	} 2>openssl.txt
	mkfifo asked told
	python3 "$BZN_SRC/tests/tools/nodes.py" . 0<>asked 1<>told \
	    2>errors 3>&- 4>&- &
	echo $! >pid
	while read -r name port; do
		[[ $name != ready ]] || break
		echo "$name $port"
	done <told >ports
	[[ $name == ready ]]		# nobody waits for one that is not there
}

teardown_file() {
	kill "$(<"$BATS_FILE_TMPDIR/pid")"
	[[ ! -s $BATS_FILE_TMPDIR/errors ]] || cat "$BATS_FILE_TMPDIR/errors"
}

# port NAME: also the other words that the nodes say first.
port() {
	awk -v name="$1" '$1 == name { print $2 }' "$BATS_FILE_TMPDIR/ports"
}

# Connections, most at once, whole requests, since the last time.
count() {
	echo "count $1" >"$BATS_FILE_TMPDIR/asked"
	read -r counted <"$BATS_FILE_TMPDIR/told"
}

# ask NAME [NAME=VALUE...]: the first sample of one node, as $ok $slow $class
# $http $signed $version.
ask() {
	local url

	url=http://127.0.0.1:$(port "$1")
	[[ $1 != tls* ]] || url=https${url#http}
	probe allow_private=1 total_ms=10000 "key=$(port key)" \
	    "id=$(port id)" "${@:2}" "$url" >samples || return
	read -r ok slow class http signed version < <(head -n 1 samples |
	    jq -r '"\(.ok) \(.slow) \(.class) \(.http) \(.signed) " +
		"\(.version)"')
}

# found "OK SLOW CLASS HTTP SIGNED" NAME [NAME=VALUE...]
found() {
	ask "${@:2}"
	[[ "$ok $slow $class $http $signed" == "$1" ]] || {
		echo "$2: want $1"
		cat samples
		return 1
	}
}

@test "a signed answer of the right node is good" {
	local name

	for name in good limit chunked pieces; do
		found 'true false null 200 true' $name
	done
	found 'true false null 201 true' created
	found 'true false null 200 true' good version=1.0
	[[ $version == 1.0 ]]
	found 'true false null 200 true' good require_signed=1
}

@test "what is degraded, late, of another version or not signed is slow" {
	found 'true true null 200 true' degraded
	found 'true true null 200 true' good slow_ms=0
	found 'true true null 200 true' good version=1.1
	found 'true true null 200 false' unsigned
	found 'true true null 200 false' old
	found 'true true null 200 false' old_degraded
	[[ $version == null ]]
	found 'true true null 200 false' good key=
}

@test "an answer that is wrong is a failure of its class" {
	local name

	for name in wrong_key wrong_id wrong_id_unsigned impostor no_nonce \
	    old_nonce edited; do
		found 'false false badsig 200 false' $name
		[[ $version == null ]]
	done
	found 'false false badsig 200 false' unsigned require_signed=1
	found 'false false badsig 200 false' old require_signed=1
	found 'false false badsig 200 false' good key= require_signed=1
	found 'false false badsig 200 false' impostor key=
	for name in down array text empty twice large endless extended gzip; do
		found 'false false body 200 false' $name
	done
	found 'false false body 204 false' no_content
	found 'false false http 503 false' unavailable
	found 'false false http 404 false' missing
	found 'false false http 500 false' flood
}

@test "what is not HTTP, or not all of it, is a failure too" {
	local name

	for name in garbage ancient nothing bomb reset reason; do
		found 'false false http null false' $name
	done
	found 'false false http 200 false' short
	found 'false false http 200 false' fields
	found 'false false http 200 false' field
	found 'false false timeout null false' silent total_ms=150
	found 'false false timeout 200 false' stuck total_ms=150
	found 'false false connect null false' good "http://127.0.0.1:1"
}

@test "a redirect is not followed" {
	local before

	count good
	before=$counted
	found 'false false http 302 false' redirect
	count good
	[[ $counted == "$before" ]]
}

@test "a request is what it says, without the proxies of the environment" {
	export http_proxy=http://127.0.0.1:1 all_proxy=http://127.0.0.1:1

	count created
	[[ $counted == "$((${counted%% *})) 1 ${counted##* }" ]]
	local -i before=${counted%% *} whole=${counted##* }
	found 'true false null 201 true' created
	count created
	[[ $counted == "$((before + 1)) 1 $((whole + 1))" ]]
}

@test "certificates are verified, and their ends are known" {
	local ca=$BATS_FILE_TMPDIR/ca.pem name

	found 'true false null 200 true' tls "ca=$ca"
	[[ $(head -n 1 samples | jq -r .cert_expires_at) == $(date -u \
	    -d "$(openssl x509 -in "$BATS_FILE_TMPDIR/tls.pem" -noout \
	    -enddate | cut -d= -f2)" +%FT%T.000Z) ]]
	head -n 1 samples | jq -e '.tls_ms > 0 and .connect_ms > 0 and
	    .dns_ms == null and .total_ms >= .tls_ms + .first_ms'
	found 'true true null 200 true' tls_soon "ca=$ca" \
	    "now_ms=$(date +%s000)"
	found 'true false null 200 true' tls_soon "ca=$ca" cert_ms=0 \
	    "now_ms=$(date +%s000)"
	for name in tls_expired tls_other tls_self; do
		found 'false false tls null false' $name "ca=$ca"
		head -n 1 samples | jq -e '.cert_expires_at == null'
	done
	found 'false false tls null false' tls
}

# classes [NAME=VALUE | URL]...: those of all samples, and what is left.
classes() {
	probe "$@" >samples || return
	sed '/^left/d' samples | jq -r '.class // "ok"' | sort | uniq -c |
	    awk '{ printf "%s %d, ", $2, $1 }'
	tail -n 1 samples
}

@test "TLS where there is none, and none where there is" {
	is 0 'tls 1, left 0' "" classes allow_private=1 \
	    "https://127.0.0.1:$(port good)"
	is 0 'http 1, left 0' "" classes allow_private=1 \
	    "http://127.0.0.1:$(port tls)"
}

@test "no connection is made to an address that is not global" {
	local p before host

	p=$(port good)
	count good
	before=$counted
	for host in 127.0.0.1 127.1.2.3 localhost '[::1]' '[::ffff:127.0.0.1]' \
	    10.0.0.1 169.254.169.254 192.168.1.1 100.64.0.1 '[fd00::1]' \
	    0.0.0.0; do
		is 0 'forbidden 1, left 0' "" classes "http://$host:$p"
	done
	head -n 1 samples | jq -e '.ip == "0.0.0.0" and .total_ms == null'
	for host in 0x7f.1 2130706433 127.1 0177.0.0.1 127.0.0.1. \
	    user@127.0.0.1; do
		is 0 'forbidden 1, left 0' "" classes "http://$host:$p"
	done
	is 0 'forbidden 5, left 0' "" classes allow_private=1 file:///etc/passwd \
	    "ftp://127.0.0.1:$p" "127.0.0.1:$p" "http://127.0.0.1:$p/x" ''
	count good
	[[ $counted == "$before" ]]
}

@test "a name, and one family of its addresses" {
	local p

	p=$(port good)
	is 0 'ok 1, left 0' "" classes allow_private=1 family=v4 \
	    "http://localhost:$p"
	head -n 1 samples | jq -e '.dns_ms != null and .ip == "127.0.0.1"'
	# The nodes are on IPv4 only: nothing falls back to it, whether this
	# machine has the other or not.
	classes allow_private=1 family=v6 "http://localhost:$p"
	head -n 1 samples | jq -e '.class == "connect" or .class == "dns"'
	is 0 'dns 1, left 0' "" classes allow_private=1 family=v6 \
	    "http://127.0.0.1:$p"
	is 0 'dns 1, left 0' "" classes connect_ms=400 "http://none.invalid"
}

@test "names: one address is tried, once, and no name holds up the others" {
	local p before name

	[[ -z ${BZN_SAN:-} ]] || skip 'sanitizers come first'
	cat >hosts <<-\EOF
		good.example 127.0.0.9
		other.example ::1 127.0.0.9
		inside.example 127.0.0.9 93.184.215.14
		mapped.example ::ffff:127.0.0.9
		silent.example never
	EOF
	export HOSTS=hosts
	p=$(port good)
	names() { LD_PRELOAD=$BZN_BUILD/preload/hosts.so classes "$@"; }
	is 0 'ok 1, left 0' "" names allow_private=1 "http://good.example:$p"
	head -n 1 samples | jq -e '.ip == "127.0.0.9" and .dns_ms > 0'
	count good
	before=$counted
	# The second address would answer, whatever becomes of the first.
	is 0 'connect 1, left 0' "" names allow_private=1 \
	    "http://other.example:$p"
	for name in inside mapped; do
		is 0 'forbidden 1, left 0' "" names "http://$name.example:$p"
	done
	count good
	[[ $counted == "$before" ]]
	is 0 'ok 1, left 0' "" names allow_private=1 family=v4 \
	    "http://other.example:$p"
	is 0 'dns 1, left 0' "" names allow_private=1 family=v6 \
	    "http://good.example:$p"
	# Ten that are never resolved: the others do not wait for them.
	is 0 'dns 10, ok 1, left 0' "" names allow_private=1 connect_ms=300 \
	    http://silent.example:{1..10} "http://good.example:$p"
	jq -se 'map(.total_ms | select(. > 5000)) == []' \
	    <(sed /^left/d samples)
	is 0 'left 1' "" names allow_private=1 deadline_ms=200 \
	    http://silent.example:1
}

@test "a host has two at a time at most, and all of them eight" {
	local p urls i

	p=$(port pair)
	for i in {1..12}; do
		urls+=" http://127.0.0.1:$p"
	done
	# shellcheck disable=SC2086 # a list
	is 0 'ok 12, left 0' "" classes allow_private=1 $urls
	count pair
	[[ $counted == "12 2 12" ]]
	p=$(port gather) urls=
	for i in {1..32}; do
		urls+=" http://127.0.0.$i:$p"
	done
	# shellcheck disable=SC2086 # a list
	is 0 'ok 32, left 0' "" classes allow_private=1 in_flight=8 $urls
	count gather
	[[ $counted == "32 8 32" ]]
}

@test "they begin in random order, spread over a time" {
	local p all=() i

	p=$(port good)
	for i in {1..10}; do
		all+=("http://127.0.0.$i:$p")
	done
	probe allow_private=1 seed=1 now_ms=0 spread_ms=200 "${all[@]}" >one
	probe allow_private=1 seed=2 in_flight=1 "${all[@]}" >two
	jq -se 'map(select(.ok) | .started_at[20:23] | tonumber) | sort |
	    length == 10 and all(range(10) as $i |
	    [.[$i], 20 * $i]; .[0] >= .[1])' <(sed /^left/d one)
	[[ $(jq -r .ip <(sed /^left/d two)) != \
	    "$(jq -r .ip <(sed /^left/d two) | sort -V)" ]]
	[[ $(jq -r .ip <(sed /^left/d two) | sort -u | wc -l) == 10 ]]
}

@test "a failure is repeated on a new connection, and marked so" {
	local p

	count missing
	local -i before=${counted%% *}
	probe allow_private=1 again_ms=30 repeat=2 \
	    "http://127.0.0.1:$(port missing)" >samples
	jq -se 'map(.confirm) == [false, true, true]' <(sed /^left/d samples)
	jq -se '(.[1].mono_ms - .[0].mono_ms) >= 30' <(sed /^left/d samples)
	[[ $(tail -n 1 samples) == "left 0" ]]
	count missing
	[[ $counted == "$((before + 3)) 1 $((before + 3))" ]]
}

@test "who is held up does not take it for the time of others" {
	local p all=() i

	p=$(port good)
	for i in {1..30}; do
		all+=("http://127.0.0.$i:$p")
	done
	is 0 'ok 30, left 0' "" classes allow_private=1 stall_ms=600 \
	    total_ms=500 connect_ms=500 "${all[@]}"
	jq -se 'all(.[]; .total_ms < 500)' <(sed /^left/d samples)
	# However often: who reads what is printed may be slow.
	is 0 'ok 8, left 0' "" classes allow_private=1 stall_ms=550 stalls=5 \
	    in_flight=2 total_ms=500 connect_ms=500 "${all[@]:0:8}"
	jq -se 'all(.[]; .total_ms < 500)' <(sed /^left/d samples)
}

@test "a deadline and a stop leave over what is not done" {
	local good silent

	good=http://127.0.0.1:$(port good)
	silent=http://127.0.0.1:$(port silent)
	is 0 'ok 1, left 3' "" classes allow_private=1 deadline_ms=300 \
	    "$silent" "$silent" "$silent" "$good"
	is 0 'ok 2, left 3' "" classes allow_private=1 in_flight=1 \
	    stop_after=2 "$good" "$good" "$good" "$good" "$good"
	# One that is to be repeated when time is over has been told of.
	is 0 'http 1, left 0' "" classes allow_private=1 deadline_ms=300 \
	    repeat=1 again_ms=60000 "http://127.0.0.1:$(port missing)"
}

@test "of a reference any answer of HTTP will do" {
	is 0 'ok 3, left 0' "" classes allow_private=1 reference=1 \
	    "http://127.0.0.1:$(port missing)" \
	    "http://127.0.0.1:$(port text)" "http://127.0.0.1:$(port good)"
	is 0 'connect 1, http 1, left 0' "" classes allow_private=1 \
	    reference=1 "http://127.0.0.1:$(port garbage)" http://127.0.0.1:1
}

@test "what this machine cannot do is no failure of a node" {
	local p many i

	is 4 "" "probe: cannot read authorities from 'none.pem' (no_file)" \
	    probe allow_private=1 ca=none.pem "https://127.0.0.1:$(port tls)"
	p=$(port good)
	for i in {1..40}; do
		many+=" http://127.0.0.$i:$p"
	done
	few() { (ulimit -n "$1" && shift && "$@"); }
	# shellcheck disable=SC2086 # a list
	is 0 'ok 40, left 0' "" few 24 classes allow_private=1 in_flight=40 \
	    $many
	# shellcheck disable=SC2086
	is 7 "" "probe: too few files may be open to ask anybody: 9 \
(io_error)" few 9 probe allow_private=1 in_flight=40 $many
}

@test "names that this machine cannot look up at once are looked up later" {
	local p many i

	[[ -z ${BZN_SAN:-} ]] || skip 'sanitizers come first'
	p=$(port good)
	for i in {1..40}; do
		echo "n$i.example 127.0.0.9"
		many+=" http://n$i.example:$p"
	done >hosts
	few() { (ulimit -n "$1" && shift && "$@"); }
	names() {
		# shellcheck disable=SC2086 # a list
		HOSTS=hosts LD_PRELOAD=$BZN_BUILD/preload/hosts.so classes \
		    allow_private=1 in_flight=40 $many
	}
	is 0 'ok 40, left 0' "" few 24 names
	THREADS=3 is 0 'ok 40, left 0' "" names
	THREADS=0 is 7 "" "probe: cannot ask: getaddrinfo() thread failed to \
start (io_error)" names
}
