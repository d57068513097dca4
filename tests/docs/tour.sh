#!/usr/bin/env bash
# tour.sh FILE - FILE with the output of its ```console blocks as it is now.
#
# The blocks run in one shell, from where this is started, which needs
# build/bin.  To bring the README up to date:
#
#	bash tests/docs/tour.sh README.md >new && mv new README.md
set -eu

here=$(readlink -f "${0%/*}")
file=$1

# Run the commands in a block of text, and print them with what they print.
play() {
	local command

	while IFS= read -r -d '' command; do
		printf '$ %s\n' "$command"
		eval "$command" 2>&1 </dev/null || true
	done < <("$here/commands.sh" <<<"$1")
}

block=
inside=no
while IFS= read -r text; do
	case $inside$text in
	'no```console')
		inside=yes block=
		printf '%s\n' "$text" ;;
	'yes```')
		play "$block"
		inside=no
		printf '%s\n' "$text" ;;
	yes*)	block+=$text$'\n' ;;
	no*)	printf '%s\n' "$text" ;;
	esac
done <"$file"
