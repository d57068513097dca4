#!/usr/bin/env bash
# commands.sh - the commands among lines of text, each ended by a NUL.
#
# One starts at "$ " and goes on until the shell would not ask for more; the
# lines between two commands are not looked at.
set -eu

# whole COMMAND: or is there more to come?
whole() {
	[[ $1 != *\\ ]] && bash -n <<<"$1" 2>/dev/null
}

command=
while IFS= read -r line; do
	if [[ -n $command ]]; then
		command+=$'\n'$line
	elif [[ $line =~ ^\ *'$ '(.*) ]]; then
		command=${BASH_REMATCH[1]}
	else
		continue
	fi
	if whole "$command"; then
		printf '%s\0' "$command"
		command=
	fi
done
if [[ -n $command ]]; then
	printf 'not whole: %s\n' "$command" >&2
	exit 1
fi
