#!/usr/bin/env bash
# ping.sh - sweeps of many nodes on this machine; see README.md.
#
#	bench/ping.sh [PREFIX]	only metrics that begin so
#
# Beside prometheus-blackbox-exporter, if it is there (apt install
# prometheus-blackbox-exporter): it is asked to probe the same nodes.
set -euo pipefail

src=$(readlink -m "${BASH_SOURCE[0]%/*}/..")
build=$(readlink -m "${BZN_BUILD:-$src/build}")
want=${1:-ping_}

make -s -C "$src" BUILD="$build" "$build"/bin/bzn-{ledger,ping} \
    "$build/bench/ping" >&2
dir=$(mktemp -d "${TMPDIR:-$build}/bench.XXXXXX")
exporter=''
end() {
	[[ -z $exporter ]] || kill "$exporter" 2>/dev/null || true
	wait
	rm -rf "$dir"
}
trap end EXIT

# The kinds of bench/crowd.h, and how many nodes.
for home in 0-1000 0-10000 1-1000 1-10000 2-1000 2-10000 3-10000; do
	mkdir "$dir/$home"
	"$build/bin/bzn-ledger" init --home "$dir/$home" --no-node \
	    --origin ledger.example/try >>"$dir/made"
done

port=''
if [[ ping_exporter != "$want"* ]]; then
	:
elif command -v prometheus-blackbox-exporter >/dev/null; then
	cat >"$dir/blackbox.yml" <<-END
	modules:
	  http_2xx:
	    prober: http
	    timeout: 10s
	    http:
	      preferred_ip_protocol: ip4
	      follow_redirects: false
	END
	port=$(python3 -c 'import socket; s = socket.socket();
s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	prometheus-blackbox-exporter --config.file="$dir/blackbox.yml" \
	    --web.listen-address="127.0.0.1:$port" --log.level=error \
	    >"$dir/log" 2>&1 &
	exporter=$!
	curl -s --retry 50 --retry-connrefused --retry-delay 0 \
	    --retry-max-time 10 -o /dev/null "http://127.0.0.1:$port/"
else
	echo "ping.sh: SKIPPED: ping_exporter, for there is no" \
	    "prometheus-blackbox-exporter here" >&2
fi
"$build/bench/ping" "$build/bin/bzn-ping" "$dir" "$want" \
    ${port:+"$port" "$exporter"}
