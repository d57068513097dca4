# embed.awk - turn pages, styles and scripts into C.
#
#	awk -f embed.awk lib/page/*.html lib/page/*.css ... > gen/pages.c
#
# A file becomes a text under its name, and nothing of it is changed: the
# hashes that a page's policy names are those of these bytes.

function quote(s) {
	gsub(/\\/, "&&", s)
	gsub(/"/, "\\\"", s)
	gsub(/\t/, "\\t", s)
	return "\t\"" s "\\n\""
}
BEGIN {
	print "/* made by embed.awk: do not edit */"
	print "struct pages_file { const char *name, *text; };"
	print "extern const struct pages_file pages_file[];"
	print "const struct pages_file pages_file[] = {"
}
FNR == 1 {
	if (n++)
		print "\t},"
	name = FILENAME
	sub(/.*\//, "", name)
	print "\t{ \"" name "\","
}
{ print quote($0) }
END { print "\t},\n\t{ 0, 0 }\n};" }
