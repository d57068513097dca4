# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
# The examples that speak to bzn-serve, run as they are.
load common
load http

setup_file() {
	grid "base_url https://grid.example" "trusted_proxies 127.0.0.1/32"
	serve
}

@test "a seller and a buyer in curl: joined, sold, delivered, paid" {
	local at=$BZN_SRC/examples task skill

	is 0 "" "" bash -c "set -e; umask 077
	    sh $at/curl-join.sh $url curl-buyer >buyer.key
	    sh $at/curl-join.sh $url/ curl-seller >seller.key"
	[[ $(<buyer.key) == bn_curl-buyer_* ]]
	is 1 "" "curl-buyer.sh: nobody sells 'count_of_words'" \
	    sh "$at/curl-buyer.sh" -n "$url" buyer.key count_of_words '{}'
	skill=$(sh "$at/curl-seller.sh" -1 "$url" seller.key count_of_words \
	    10.00 true)
	[[ $skill == ????????-????-7* ]]
	task=$(sh "$at/curl-buyer.sh" -n "$url" buyer.key count_of_words \
	    '{"text":"one two three"}')
	has curl-buyer 90.00
	sh "$at/curl-seller.sh" -1 "$url" seller.key other 5.00 sh -c \
	    'jq -r .text | wc -w | jq "{words: .}"' >out
	is 0 '"COMPLETED"' "" bash -c "bzn-escrow show $task | jq .status"
	is 0 '"python"' "" bash -c "bzn-escrow show $task | jq .proof_match"
	# Who waits for it is told what came.
	sh "$at/curl-buyer.sh" "$url" buyer.key "$skill" \
	    '{"text":"four five"}' >got 3>&- &
	soon is_open curl-seller
	sh "$at/curl-seller.sh" -1 "$url" seller.key again 5.00 sh -c \
	    'jq -r .text | wc -w | jq "{words: .}"' >out
	wait $!
	[[ $(<got) == '{"words":2}' ]]
	pass 86400
	at bzn-settle >out
	has curl-buyer 80.00
	# 100 - 3 times 0.50 to publish + twice 97 % of 10
	has curl-seller 117.90
	sound
}

# is_open NODE: something was bought of it.
is_open() {
	bzn-escrow list --seller "$1" --status OPEN | grep -q .
}

@test "what is refused is said, and ends them" {
	local at=$BZN_SRC/examples

	is 2 "" "usage: curl-join.sh url node" sh "$at/curl-join.sh" x
	is 2 "" "usage: curl-buyer.sh [-n] url keyfile skill input" \
	    sh "$at/curl-buyer.sh" x
	is 2 "" "usage: curl-seller.sh [-1] url keyfile label price command \
[argument ...]" sh "$at/curl-seller.sh" x
	run sh "$at/curl-join.sh" "$url" 'no/name'
	[[ $status == 1 && $output == *validation* ]]
	echo bn_nobody_0 >none.key
	run sh "$at/curl-seller.sh" -1 "$url" none.key x 1.00 true
	[[ $status == 1 && $output == *401* ]]
	run sh "$at/curl-buyer.sh" "$url" none.key \
	    00000000-0000-0000-0000-000000000000 '{}'
	[[ $status != 0 && $output == *401* ]]
	is 0 "" "" find . -name 'tmp.*'
}

# via CURL OPTION...: through nginx.
via() {
	curl -s -k --http2 --unix-socket "$PWD/tls" -m 20 "$@"
}

@test "nginx.conf: nginx takes it, and what it hands on is ours" {
	local pid

	command -v nginx >/dev/null || skip "no nginx"
	openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out \
	    cert.pem -subj /CN=grid.example -days 2 2>/dev/null
	sed -e "s|127.0.0.1:8080;|${url#http://};|" \
	    -e "s|listen 80;|listen unix:$PWD/plain;|" \
	    -e "s|listen 443 |listen unix:$PWD/tls |" \
	    -e "s|/etc/ssl/grid.example/fullchain.pem|$PWD/cert.pem|" \
	    -e "s|/etc/ssl/grid.example/key.pem|$PWD/key.pem|" \
	    -e 's|\$remote_addr|192.0.2.7|' \
	    -e "s|/var/www/status/;|$PWD/www/;|" \
	    "$BZN_SRC/examples/nginx.conf" >site	# as from TCP
	(($(grep -c "$PWD" site) == 5))
	bzn-ping status -q --out www >said
	cat >main.conf <<-END
	daemon off;
	master_process off;
	pid $PWD/pid;
	error_log $PWD/error;
	events { worker_connections 64; }
	http {
		access_log off;
		client_body_temp_path $PWD/t1;
		proxy_temp_path $PWD/t2;
		fastcgi_temp_path $PWD/t3;
		uwsgi_temp_path $PWD/t4;
		scgi_temp_path $PWD/t5;
		include $PWD/site;
	}
	END
	nginx -t -c "$PWD/main.conf" >out 2>&1 || { cat out; false; }
	is 1 "" "" grep -i warn out
	nginx -c "$PWD/main.conf" >out 2>&1 3>&- &
	pid=$!
	soon test -S tls
	soon via -f https://grid.example/health -o health
	is 0 2 "" via -D head -o page -w '%{http_version}' \
	    https://grid.example/docs
	grep -q '<details' page
	# One policy each: of the page, and of what has none.
	[[ $(grep -ic '^content-security-policy:' head) == 1 ]]
	is 1 "" "" grep -i "policy: default-src 'none'; frame" head
	via -D head -o said https://grid.example/health
	grep -i "policy: default-src 'none'; frame-ancestors 'none'" head
	grep -i '^strict-transport-security: max-age=31536000' head
	grep -i '^x-frame-options: deny' head
	# A status page has its own policy in it; badges may be kept a minute.
	is 0 "200 text/html" "" via -D head -o page -w \
	    '%{http_code} %{content_type}' https://grid.example/status/
	cmp page www/index.html
	grep -i "^content-security-policy: frame-ancestors 'none'" head
	[[ $(grep -ic '^content-security-policy:' head) == 1 ]]
	is 0 "200 image/svg+xml" "" via -D head -o page -w \
	    '%{http_code} %{content_type}' \
	    https://grid.example/status/badge/all.svg
	grep -i '^cache-control: max-age=60' head
	is 0 304 "" via -o page -w '%{http_code}' \
	    -H "$(sed -n 's/^etag/If-None-Match/Ip' head | tr -d '\r')" \
	    https://grid.example/status/badge/all.svg
	# A body, too.
	via -f https://grid.example/v1/node/register \
	    --json '{"node_id":"through-nginx"}' >said
	jq -e .verification_challenge said >out
	is 0 308 "" curl -sS -o out -w '%{http_code}' --unix-socket \
	    "$PWD/plain" http://grid.example/v1/levels
	kill "$pid"
	wait "$pid" || true
}
