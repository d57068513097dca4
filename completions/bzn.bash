# shellcheck shell=bash
# bzn.bash - one completion for every bzn-* program: it asks the program.

_bzn() {
	local cur=${COMP_WORDS[COMP_CWORD]} verb=${COMP_WORDS[1]} words

	words=$("$1" --options 2>/dev/null | cut -f1)
	COMPREPLY=()
	if ((COMP_CWORD > 1)) && [[ $verb != -* && \
	    $'\n'$words$'\n' == *$'\n'"$verb"$'\n'* ]]; then
		words=$("$1" "$verb" --options 2>/dev/null | cut -f1)
	fi
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
	elif ((COMP_CWORD == 1)); then
		words=$(grep -v '^--' <<<"$words")
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
	fi
	case ${COMPREPLY[0]-} in
	*=)	compopt -o nospace 2>/dev/null ;;
	'')	compopt -o default 2>/dev/null ;;
	esac
	return 0
}
complete -F _bzn "${BASH_SOURCE[0]##*/}"
