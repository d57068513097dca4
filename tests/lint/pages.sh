#!/bin/sh
# pages.sh BUILD - every page is clean, and every program's page names each of
# its verbs (.Cm) and options (.Fl -name), as the program itself lists them.
build=$1
here=${0%/*}
allow=$(grep -v '^#' "$here/mandoc.allow" || echo '^$')
bad=0
tab=$(printf '\t')

complain() {
	echo "$*"
	bad=1
}

# named PAGE PROGRAM [VERB]: the page knows what "PROGRAM [VERB] --options"
# prints.
named() {
	page=$1
	shift
	list=$("$@" --options) || complain "$*: --options fails"
	who=${1##*/}${2:+ $2}
	while IFS=$tab read -r word _; do
		case $word in
		'')	continue ;;
		--*)	word=${word%=}
			want="Fl ${word#-}" ;;
		*)	want="Cm $word" ;;
		esac
		grep -Eq -- "$want( |$)" "$page" ||
		    complain "$page: lacks $word of $who"
	done <<-END
		$list
	END
}

for page in "$build"/man/*.[1-8]; do
	[ -e "$page" ] || continue
	said=$(mandoc -Tlint -Wwarning "$page" | grep -Ev "$allow")
	[ -z "$said" ] || complain "$said"
done
for p in "$build"/bin/*; do
	[ -x "$p" ] || continue
	page=$build/man/${p##*/}.1
	named "$page" "$p"
	for verb in $("$p" --options | cut -f1 | grep -v '^--'); do
		named "$page" "$p" "$verb"
	done
done
exit $bad
