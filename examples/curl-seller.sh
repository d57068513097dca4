#!/bin/sh
# curl-seller.sh [-1] URL KEYFILE LABEL PRICE COMMAND [ARGUMENT...] - sell
# over HTTP what a command does; needs curl, jq and sha256sum.
#
# The skill is offered, once; then what was bought of the node is asked for
# every five seconds.  The input of a task, a JSON object, goes into the
# command, and the JSON object that comes out is delivered; if none does, the
# buyer gets the money back when the task's time is up.  With -1 it ends when
# nothing is open.  KEYFILE is what curl-join.sh printed.
#
#	sh curl-seller.sh http://127.0.0.1:8080 bob.key word_count 1.00 \
#	    sh -c 'jq -r .text | wc -w | jq "{words: .}"'
set -u

once=
if [ "${1-}" = -1 ]; then
	once=yes
	shift
fi
if [ $# -lt 5 ]; then
	echo "usage: curl-seller.sh [-1] url keyfile label price" \
	    "command [argument ...]" >&2
	exit 2
fi
url=${1%/}
keyfile=$2
label=$3
price=$4
shift 4
umask 077
place=$(mktemp -d) || exit
trap 'rm -rf "$place"' EXIT
trap 'exit 1' HUP INT TERM
# The key is not an argument, which others on this machine could see.
printf 'X-API-KEY: %s\n' "$(cat "$keyfile")" >"$place/key" || exit

# ask PATH [CURL OPTION...]: the answer is in the file "said".
ask() {
	path=$1
	shift
	curl -sS --fail-with-body -m 30 -H @"$place/key" \
	    -H 'Content-Type: application/json' -o "$place/said" "$@" \
	    "$url$path" && return
	echo "curl-seller.sh: $path: $(cat "$place/said" 2>&1)" >&2
	return 1
}

# deliver TASK: what is in the file "out"; made twice, it acts once.
deliver() {
	proof=$(jq -cSj . "$place/out" | sha256sum | cut -d ' ' -f 1)
	jq -c --arg task "$1" --arg proof "$proof" '{task_id: $task,
	    output_data: ., proof_hash: $proof}' "$place/out" >"$place/body"
	ask /v1/tasks/complete --data-binary @"$place/body" \
	    -H "Idempotency-Key: deliver-$1" --retry 3
}

jq -cn --arg name "$label" --arg price "$price" '{type: "SKILL_OFFER",
    label: $name, price_tck: $price}' >"$place/body"
ask /v1/marketplace/publish --data-binary @"$place/body" || exit
jq -r .skill_id "$place/said"

tried=' '
while :; do
	worked=
	if ask '/v1/tasks/mine?status=OPEN'; then
		jq -c '.tasks[] | {task_id, input_data}' "$place/said" \
		    >"$place/open"
	elif [ -n "$once" ]; then
		exit 1
	else
		: >"$place/open"
	fi
	while read -r task; do
		id=$(printf '%s' "$task" | jq -r .task_id)
		case $tried in
		*" $id "*) continue ;;
		esac
		tried="$tried$id "
		worked=yes
		printf '%s' "$task" | jq -c .input_data >"$place/in"
		if "$@" <"$place/in" >"$place/out" &&
		    jq -e 'type == "object"' "$place/out" >"$place/is" 2>&1
		then
			deliver "$id"
		else
			echo "curl-seller.sh: task $id: no result" >&2
		fi
	done <"$place/open"
	if [ -z "$worked" ]; then
		[ -z "$once" ] || exit 0
		sleep 5
	fi
done
