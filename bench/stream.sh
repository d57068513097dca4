#!/usr/bin/env bash
# stream.sh - events to a thousand who listen, on the same cores; see
# README.md.
#
#	bench/stream.sh [PREFIX]	only metrics that begin so
#
# BENCH_EVENTS a round, three rounds, the median counts.
set -euo pipefail

src=$(readlink -m "${BASH_SOURCE[0]%/*}/..")
build=$(readlink -m "${BZN_BUILD:-$src/build}")
events=${BENCH_EVENTS:-200}
want=${1:-stream_}

make -s -C "$src" BUILD="$build" all "$build/tools/toy" >&2
export PATH="$build/bin:$PATH" LC_ALL=C
ulimit -n 8192

dir=$(mktemp -d "${TMPDIR:-$build}/bench.XXXXXX")
server='' toy=''
end() {
	[[ -z $server ]] || kill "$server" 2>/dev/null || true
	[[ -z $toy ]] || kill "$toy" 2>/dev/null || true
	wait
	rm -rf "$dir"
}
trap end EXIT
export BZN_HOME=$dir/home
mkdir "$BZN_HOME"
printf '%s\n' 'rate_register 0' 'rate_verify 0' 'rate_publish 0' \
    >"$BZN_HOME/bzn.conf"
bzn-ledger init --no-node --origin ledger.example/bench >/dev/null
mkfifo "$dir/ready" "$dir/orders" "$dir/answers"
bzn-serve --listen 127.0.0.1:0 --sweep off --access-log off --ready-fd 4 \
    4>"$dir/ready" 2>"$dir/log" &
server=$!
read -r line <"$dir/ready" || { cat "$dir/log" >&2; exit 7; }
url=$(jq -r .url <<<"$line")
python3 "$src/bench/serve.py" "$url" "$dir/keys" "$dir/skills" 2

"$build/tools/toy" 127.0.0.1:0 <"$dir/orders" >"$dir/answers" &
toy=$!
exec {orders}>"$dir/orders" {answers}<"$dir/answers"
read -r toy_url <&"$answers"
cat <&"$answers" >/dev/null &

# measure CLIENTS: each round beside lib/net alone, which sends a text.
measure() {
	[[ stream_told_$1 == "$want"* ]] || return 0
	for _ in 1 2 3; do
		python3 "$src/bench/stream.py" "$server" "$url" "$1" \
		    "$events" "$(head -n 1 "$dir/keys")" \
		    "$(<"$BZN_HOME/identity/admin_key")" 2>"$dir/round"
		python3 "$src/bench/stream.py" "$toy" "$toy_url" "$1" \
		    "$events" 2>"$dir/control" 1>&"$orders"
		echo "$(<"$dir/round") $(<"$dir/control") $(awk '
		    /VmRSS/ { print $2 }' "/proc/$server/status") $(cut \
		    -d' ' -f1 /proc/loadavg)"
	done | sort -n | awk -v name="stream_told_$1" '
	    { rate[NR] = $1 }
	    NR == 2 {
		p50 = $2; p99 = $3; cpu = $4; control = $8; rss = $9
		load = $10
	    }
	    END {
		printf "{\"metric\":\"%s\",\"value\":%.0f,\"unit\":\"/s\"," \
		    "\"least\":%.0f,\"most\":%.0f,\"p50_us\":%d," \
		    "\"p99_us\":%d,\"cpu_us\":%.2f,\"control_cpu_us\":%.2f," \
		    "\"ratio\":%.3g,\"rss_kib\":%d,\"load\":%s}\n", name,
		    rate[2], rate[1], rate[3], p50, p99, cpu, control,
		    control / cpu, rss, load
	    }'
}

measure 1000
