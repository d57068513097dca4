#!/usr/bin/env bash
# net.sh - the bytes of HTTP alone: a handler that answers a constant, which
# is also the control of serve.sh; see README.md.
#
#	bench/net.sh [PREFIX]	only metrics that begin so
set -euo pipefail

src=$(readlink -m "${BASH_SOURCE[0]%/*}/..")
build=${BZN_BUILD:-$src/build}
seconds=${BENCH_SECONDS:-3}
want=${1:-net_}
loops=$(($(nproc) < 4 ? $(nproc) : 4))

command -v wrk >/dev/null || { echo "net.sh: no wrk here" >&2; exit 0; }
make -s -C "$src" BUILD="$build" "$build/tools/toy" >&2

coproc TOY { exec "$build/tools/toy" "loops=$loops" per_address=4096 \
    127.0.0.1:0; }
toy=$TOY_PID
trap 'kill "$toy" 2>/dev/null' EXIT
read -r url <&"${TOY[0]}"

# cpu: microseconds of CPU that the toy has used.
cpu() {
	awk -v hz="$(getconf CLK_TCK)" '{ print ($14 + $15) / hz * 1e6 }' \
	    "/proc/$toy/stat"
}

# measure NAME PATH CLIENTS: the median of three rounds, as a line of JSON.
measure() {
	local i before after threads=$(($3 < loops ? $3 : loops))

	[[ $1 == "$want"* ]] || return 0
	for i in 1 2 3; do
		before=$(cpu)
		wrk -t"$threads" -c"$3" -d"$seconds" --latency "$url$2" >"$out"
		after=$(cpu)
		awk -v cpu="$after" -v was="$before" '
		function us(t) {
			return t ~ /us$/ ? t + 0 : t ~ /ms$/ ? t * 1e3 : t * 1e6
		}
		$1 == "50%" { p50 = us($2) }
		$1 == "99%" { p99 = us($2) }
		$2 == "requests" { n = $1 }
		/Socket errors|Non-2xx/ { bad = 1 }
		$1 == "Requests/sec:" { rate = $2 }
		END { print rate, p50, p99, (cpu - was) / n, bad + 0 }' "$out"
	done | sort -n | awk -v name="$1" -v load="$(cut -d' ' -f1 \
	    /proc/loadavg)" -v rss="$(awk '/VmRSS/ { print $2 }' \
	    "/proc/$toy/status")" '
	    { rate[NR] = $1; bad += $5 }
	    NR == 2 { p50 = $2; p99 = $3; cpu = $4 }
	    END {
		printf "{\"metric\":\"%s\",\"value\":%.0f,\"unit\":\"/s\"," \
		    "\"least\":%.0f,\"most\":%.0f,\"p50_us\":%d," \
		    "\"p99_us\":%d,\"cpu_us\":%.2f,\"rss_kib\":%d," \
		    "\"load\":%s,\"errors\":%d}\n", name, rate[2], rate[1],
		    rate[3], p50, p99, cpu, rss, load, bad
	    }'
}

out=$(mktemp "${TMPDIR:-$build}/bench.XXXXXX")
trap 'kill "$toy" 2>/dev/null; rm -f "$out"' EXIT
for clients in 1 8 32 128 512; do
	measure "net_constant_$clients" /constant "$clients"
done
measure net_7k_128 /bytes/7000 128

# 900 that say nothing beside 32 that are busy.
[[ net_idle_900_busy_32 == "$want"* ]] || exit 0
exec {ready}< <(
	for ((i = 0; i < 900; i++)); do
		# shellcheck disable=SC2034 # held open, that is all
		exec {fd}<>"/dev/tcp/127.0.0.1/${url##*:}"
	done
	echo there
	exec sleep 1000
)
idle=$!
trap 'kill "$toy" "$idle" 2>/dev/null; rm -f "$out"' EXIT
read -r _ <&"$ready"
measure net_idle_900_busy_32 /constant 32
