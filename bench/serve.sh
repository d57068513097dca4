#!/usr/bin/env bash
# serve.sh - bzn-serve under load, by wrk on the same cores; see README.md.
#
#	bench/serve.sh [PREFIX]		only metrics that begin so
#
# BENCH_SECONDS a round, three rounds, the median counts.  After each the
# books have to verify.
set -euo pipefail

src=$(readlink -m "${BASH_SOURCE[0]%/*}/..")
build=$(readlink -m "${BZN_BUILD:-$src/build}")
seconds=${BENCH_SECONDS:-3}
want=${1:-serve_}
loops=$(($(nproc) < 4 ? $(nproc) : 4))

command -v wrk >/dev/null || { echo "serve.sh: no wrk here" >&2; exit 0; }
make -s -C "$src" BUILD="$build" all "$build/tools/toy" "$build/bench/serve" \
    "$build/preload/fault.so" >&2
export PATH="$build/bin:$PATH" LC_ALL=C

dir=$(mktemp -d "${TMPDIR:-$build}/bench.XXXXXX")
server='' toy='' idlers=''
end() {
	[[ -z $idlers ]] || kill "$idlers" 2>/dev/null || true
	[[ -z $server ]] || kill "$server" 2>/dev/null || true
	[[ -z $toy ]] || kill "$toy" 2>/dev/null || true
	wait
	rm -rf "$dir"
}
trap end EXIT
export BZN_HOME=$dir/home
mkdir "$BZN_HOME"
for limit in register verify tasks publish escrow_init; do
	echo "rate_$limit 0"
done >"$BZN_HOME/bzn.conf"
printf '%s\n' 'canary_exposure_pct 0' 'http_per_address 4096' \
    >>"$BZN_HOME/bzn.conf"
bzn-ledger init --no-node --origin ledger.example/bench >/dev/null

# start [US]: the server, each sync so much slower.  Sets $server, $url.
start() {
	local line

	mkfifo "$dir/ready"
	slow=${1:-0}
	if ((slow)); then
		FAULT_DIR=$dir FAULT_SYNC_US=$slow \
		    LD_PRELOAD=$build/preload/fault.so bzn-serve \
		    --listen 127.0.0.1:0 --loops "$loops" --sweep off \
		    --access-log off --ready-fd 4 4>"$dir/ready" \
		    2>>"$dir/log" &
	else
		bzn-serve --listen 127.0.0.1:0 --loops "$loops" --sweep off \
		    --access-log off --ready-fd 4 4>"$dir/ready" \
		    2>>"$dir/log" &
	fi
	server=$!
	read -r line <"$dir/ready" || { cat "$dir/log" >&2; exit 7; }
	rm "$dir/ready"
	url=$(jq -r .url <<<"$line")
	told=$(<"$BZN_HOME/identity/admin_key")
}

stop() {
	kill "$server"
	wait "$server"
	server=''
}

# sound: no cent is missing, and no leaf.
sound() {
	if ! bzn-ledger verify -q ||
	    ! bzn-ledger reconcile | jq -e .valid >/dev/null; then
		echo "serve.sh: the books do not verify" >&2
		exit 7
	fi
}

# cpu PID: microseconds of CPU that it has used.
cpu() {
	awk -v hz="$(getconf CLK_TCK)" '{ print ($14 + $15) / hz * 1e6 }' \
	    "/proc/$1/stat"
}

# batches: jobs and commits since the server began.
batches() {
	curl -sS -H "Authorization: Bearer $told" "$url/metrics" | awk '
	    $1 == "bzn_writer_batch_jobs_sum" { jobs = $2 }
	    $1 == "bzn_writer_batch_jobs_count" { n = $2 }
	    END { print jobs, n }'
}

# ask PID URL KIND CLIENTS RUN: one round: rate, p50, p99, CPU and errors; RUN
# is no other's, or what was bought is only told again.
ask() {
	local before after threads=$(($4 < loops ? $4 : loops))

	before=$(cpu "$1")
	wrk -t"$threads" -c"$4" -d"$seconds" -s "$src/bench/serve.lua" "$2" \
	    -- "$3" "$dir/keys" "$dir/skills" "$5-" >"$dir/out"
	after=$(cpu "$1")
	awk -v cpu="$after" -v was="$before" '$1 == "told" {
	    print $2 / $3 * 1e6, $4, $5, (cpu - was) / $2, $6 + $7 }' \
	    "$dir/out"
}

# measure NAME KIND CLIENTS: three rounds of it, each beside its control.
measure() {
	local i jobs commits jobs0 commits0 mean control fsync

	[[ $1 == "$want"* ]] || return 0
	for i in 1 2 3; do
		read -r jobs0 commits0 < <(batches)
		ask "$server" "$url" "$2" "$3" "$1-$i" >"$dir/round"
		read -r jobs commits < <(batches)
		mean=$(awk -v j=$((jobs - jobs0)) -v c=$((commits - commits0)) \
		    'BEGIN { printf "%.1f", c ? j / c : 0 }')
		sound
		mkdir "$dir/raw"
		read -r control fsync < <(FAULT_DIR=$dir FAULT_SYNC_US=$slow \
		    LD_PRELOAD=$build/preload/fault.so "$build/bench/serve" \
		    "$dir/raw" "$(awk -v m="$mean" \
		    'BEGIN { print m < 1 ? 1 : int(m + .5) }')" 1)
		rm -r "$dir/raw"
		[[ $2 == lock || $2 == hot ]] || control=$(constant "$3")
		echo "$(<"$dir/round") $mean $control $fsync" "$(awk \
		    '/VmRSS/ { print $2 }' "/proc/$server/status")" \
		    "$(cut -d' ' -f1 /proc/loadavg)"
	done | sort -n | awk -v name="$1" '
	    { rate[NR] = $1; bad += $5; all += $7 }
	    $9 > rss { rss = $9 }
	    $10 > load { load = $10 }
	    NR == 2 { p50 = $2; p99 = $3; cpu = $4; mean = $6; sync = $8 }
	    END {
		printf "{\"metric\":\"%s\",\"value\":%.0f,\"unit\":\"/s\"," \
		    "\"control\":%.0f,\"ratio\":%.3g,\"least\":%.0f," \
		    "\"most\":%.0f,\"p50_us\":%d,\"p99_us\":%d," \
		    "\"cpu_us\":%.1f,\"batch\":%s,\"rss_kib\":%d," \
		    "\"fsync_p50_us\":%d,\"load\":%s,\"errors\":%d}\n",
		    name, rate[2], all / NR, rate[2] / (all / NR), rate[1],
		    rate[3], p50, p99, cpu, mean, rss, sync, load, bad
	    }'
}

# purchases RATE|max: of one buyer, at a rate that does not wait for replies;
# a line for each in sent: when, its status, how many us it took.
purchases() {
	local rps=()

	[[ $1 == max ]] || rps=(--rps "$(awk -v r="$1" -v c="$flows" \
	    'BEGIN { printf "%.3f", r / c }')")
	rm -f "$dir/sent"
	h2load --h1 -t1 -c"$flows" -D"$seconds" "${rps[@]}" \
	    --log-file="$dir/sent" -d "$dir/order" -H "X-API-KEY: $buyer" \
	    -H 'Content-Type: application/json' "$url/v1/tasks/create" \
	    >"$dir/out"
	sound
}

# open_loop: at shares of what it can do; goodput is to level off, not fall.
open_loop() {
	local flows=1000 buyer most share

	if ! command -v h2load >/dev/null; then
		echo "serve.sh: no h2load here: serve_open_* is left out" >&2
		return 0
	fi
	buyer=$(head -1 "$dir/keys")
	jq -nc --arg skill "$(head -1 "$dir/skills")" \
	    '{skill_id: $skill, input_data: {text: "a b"}}' >"$dir/order"
	purchases max
	most=$(awk -v s="$seconds" '$2 == 200 { n++ } END { print n / s }' \
	    "$dir/sent")
	for share in 50 80 100 150 200; do
		[[ serve_open_$share == "$want"* ]] || continue
		purchases "$(awk -v m="$most" -v s="$share" \
		    'BEGIN { print m * s / 100 }')"
		sort -n -k3 "$dir/sent" | awk -v s="$seconds" -v m="$most" \
		    -v share="$share" '
		    $2 == 200 { us[++n] = $3 }
		    $2 == 503 { refused++ }
		    $2 != 200 && $2 != 503 { bad++ }
		    END {
			printf "{\"metric\":\"serve_open_%d\",\"value\":" \
			    "%.0f,\"unit\":\"/s\",\"asked\":%.0f," \
			    "\"refused\":%.0f,\"p50_us\":%d," \
			    "\"p99_us\":%d,\"errors\":%d}\n", share,
			    n / s, m * share / 100, refused / s,
			    us[int(n * .5) + 1], us[int(n * .99) + 1], bad
		    }'
	done
}

# idle N: hold so many connections that say nothing, until rest.
idle() {
	exec {held}< <(
		for ((i = 0; i < $1; i++)); do
			# shellcheck disable=SC2034 # held open, that is all
			exec {fd}<>"/dev/tcp/127.0.0.1/${url##*:}"
		done
		echo there
		exec sleep 1000
	)
	idlers=$!
	read -r _ <&"$held"
}

rest() {
	kill "$idlers"
	wait "$idlers" || true
	exec {held}<&-
	idlers=''
}

# constant CLIENTS: lib/net alone, which says the same to everybody.
constant() {
	local threads=$(($1 < loops ? $1 : loops))

	wrk -t"$threads" -c"$1" -d1 "$toy_url/constant" |
	    awk '$1 == "Requests/sec:" { print $2 }'
}

coproc TOY { exec "$build/tools/toy" "loops=$loops" per_address=4096 \
    127.0.0.1:0; }
toy=$TOY_PID
read -r toy_url <&"${TOY[0]}"

start
python3 "$src/bench/serve.py" "$url" "$dir/keys" "$dir/skills" 200
for ((i = 0; i < 200; i += 2)); do
	printf -v node node-%03d "$i"
	bzn-ledger transfer MINT "$node" 10000000 TCK --type CREDIT_ISSUE \
	    >/dev/null
done

measure serve_health_1 health 1
measure serve_health_128 health 128
measure serve_list_32 list 32
measure serve_varied_32 varied 32
for clients in 1 8 32 128 512; do
	measure "serve_lock_$clients" lock "$clients"
done
measure serve_hot_8 hot 8
measure serve_mix_128 mix 128
if [[ serve_idle_900_busy_32 == "$want"* ]]; then
	idle 900
	measure serve_idle_900_busy_32 list 32
	rest
fi
[[ serve_open_ != "$want"* && $want != serve_open_* ]] || open_loop
stop
for us in 1000 5000; do
	start "$us"
	measure "serve_lock_128_slow_$us" lock 128
	stop
done
