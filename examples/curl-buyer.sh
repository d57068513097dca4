#!/bin/sh
# curl-buyer.sh [-n] URL KEYFILE SKILL INPUT - buy a task over HTTP, and print
# what was delivered; needs curl and jq.
#
# SKILL is the id of a skill, or a word to look for: then the cheapest is
# taken.  INPUT is a JSON object.  The money is locked until a day after the
# delivery.  With -n the id of the task is printed, and nothing is waited for.
# KEYFILE is what curl-join.sh printed.
#
#	sh curl-buyer.sh http://127.0.0.1:8080 alice.key word_count \
#	    '{"text":"one two three"}'
set -eu

wait=yes
if [ "${1-}" = -n ]; then
	wait=
	shift
fi
if [ $# != 4 ]; then
	echo "usage: curl-buyer.sh [-n] url keyfile skill input" >&2
	exit 2
fi
url=${1%/}
umask 077
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
trap 'exit 1' HUP INT TERM
# The key is not an argument, which others on this machine could see.
printf 'X-API-KEY: %s\n' "$(cat "$2")" >"$place/key"

# ask PATH [CURL OPTION...]: the answer is in the file "said".
ask() {
	path=$1
	shift
	curl -sS --fail-with-body -m 30 -H @"$place/key" \
	    -H 'Content-Type: application/json' -o "$place/said" "$@" \
	    "$url$path" && return
	echo "curl-buyer.sh: $path: $(cat "$place/said" 2>&1)" >&2
	return 1
}

skill=$3
case $skill in
????????-????-????-????-????????????) ;;
*)
	ask /v1/marketplace -G --data-urlencode "q=$skill"
	skill=$(jq -er '[.listings[]] | sort_by(.price_tck | tonumber)[0].id //
	    empty' "$place/said") || {
		echo "curl-buyer.sh: nobody sells '$3'" >&2
		exit 1
	}
	;;
esac

printf '%s' "$4" | jq -c --arg skill "$skill" '{skill_id: $skill,
    input_data: .}' >"$place/body"
# One key for one purchase: if the answer is lost, asking again buys nothing.
key=buy-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
ask /v1/tasks/create --data-binary @"$place/body" \
    -H "Idempotency-Key: $key" --retry 3
task=$(jq -er .task_id "$place/said")
if [ -z "$wait" ]; then
	echo "$task"
	exit 0
fi
while :; do
	ask "/v1/tasks/$task"
	case $(jq -r .status "$place/said") in
	OPEN | IN_PROGRESS) sleep 2 ;;
	COMPLETED)
		jq -c .output_data "$place/said"
		exit 0
		;;
	*)
		echo "curl-buyer.sh: task $task:" \
		    "$(jq -r .status "$place/said")" >&2
		exit 1
		;;
	esac
done
