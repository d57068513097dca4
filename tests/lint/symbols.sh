#!/bin/sh
# symbols.sh OBJDIR OBJECT... - a module exports names with its own prefixes
# only, each once, and the library keeps no variables: symbols.allow and
# globals.allow list the exceptions.
objdir=$1
shift
here=${0%/*}
bad=0

nm -A -P -g --defined-only "$@" | awk -v objdir="$objdir/" '
FNR == NR {
	sub(/#.*/, "")
	for (i = 2; i <= NF; i++)
		extra[$1, ++n[$1]] = $i
	next
}
# Does the symbol begin with a prefix that the list gives to this path?
function allowed(path, symbol,   i) {
	for (i = 1; i <= n[path]; i++)
		if (index(symbol, extra[path, i]) == 1)
			return 1
	return 0
}
{
	file = substr($1, length(objdir) + 1)
	sub(/\.o:$/, "", file)
	split(file, part, "/")
	module = part[1] == "lib" ? part[2] : part[1]
	base = part[part[1] == "lib" ? 3 : 2]
	if (module != "bin" && $2 in home) {
		print file ": " $2 " is exported by " home[$2] ", too"
		bad = 1
	}
	home[$2] = file
	stem = base
	sub(/_.*/, "", stem)
	if ($2 == base || $2 == stem || index($2, stem "_") == 1)
		next
	if (module != "base" && ($2 == module || index($2, module "_") == 1))
		next
	if (allowed(file, $2) || allowed("lib/" module "/", $2))
		next
	print file ": " $2 " has not the prefix " stem "_"
	bad = 1
}
END { exit bad }' "$here/symbols.allow" - || bad=1

objdump -t "$@" | awk -v objdir="$objdir/" '
FNR == NR { sub(/#.*/, ""); if (NF) allowed[$1, $2]; next }
/file format/ {
	file = substr($1, length(objdir) + 1)
	sub(/\.o:$/, "", file)
}
/ O (\.t?bss|\.t?data|\*COM\*)/ && !/ O \.data\.rel\.ro/ {
	sub(/\.[0-9]+$/, "", $NF)	# a static inside a function
	if ($NF ~ /^__(a|t|ub|m)san|^\.L/ || (file, $NF) in allowed)
		next
	print file ": " $NF " is a variable of the whole program"
	bad = 1
}
END { exit bad }' "$here/globals.allow" - || bad=1
exit $bad
