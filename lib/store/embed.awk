# embed.awk - turn .sql files into C, in SQLite's words.
#
#   awk -v kind=enum  -f embed.awk lib/*/*.sql            > gen/sql.h
#   awk -v kind=table -f embed.awk lib/*/*.sql            > gen/sql.c
#   awk -v kind=steps -f embed.awk lib/store/schema/*.sql > gen/schema.c
#   awk -v kind=plain -f embed.awk lib/store/schema/*.sql > gen/schema.sql
#
# A statement starts at "-- name: foo" and becomes SQL_FOO.  Every file in
# schema/ is one migration step, in the order of its number; "-- guard: foo"
# there makes table foo append-only.
#
# The files are in the dialect that both engines share: $1 parameters and the
# type tokens below.  SQLite would take "$1" as it is, but numbers such names
# as they appear, so that "... $2 ... $1" swaps the two: hence "?1".

function quote(s) {
	gsub(/\$/, "?", s)
	gsub(/[{]int[}]/, "INTEGER", s)
	gsub(/[{]bytes[}]/, "BLOB", s)
	gsub(/[{]strict[}]/, "STRICT", s)
	gsub(/[{]by_key[}]/, "STRICT, WITHOUT ROWID", s)
	if (kind == "plain")
		return s
	gsub(/\\/, "&&", s)		# awks differ about "\\\\"
	gsub(/"/, "\\\"", s)
	return "\t\"" s "\\n\""
}
function step(n) {
	if (n)
		print "PRAGMA user_version = " n ";"
}
function guard(table, act) {
	print quote("CREATE TRIGGER " table "_no_" tolower(act) " BEFORE " act \
	    " ON " table " BEGIN SELECT RAISE(ABORT, '" table \
	    " is append-only'); END;")
}
BEGIN {
	schema = kind == "steps" || kind == "plain"
	if (kind != "plain")
		print "/* made by embed.awk: do not edit */"
	if (kind == "enum")
		print "#ifndef SQL_H\n#define SQL_H\n\nenum sql {"
	else if (kind == "table")
		print "#include \"sql.h\"\n\nextern const char *const sql_text[];\nconst char *const sql_text[] = {"
	else if (kind == "steps")
		print "extern const char *const schema_step[];\nextern const int schema_steps;\n\nconst char *const schema_step[] = {"
}
kind == "steps" && FNR == 1 { if (NR > 1) print "\t,"; n++ }
kind == "plain" && FNR == 1 { step(n++) }
schema && /^-- guard: / { guard($3, "UPDATE"); guard($3, "DELETE") }
!schema && /^-- name: / {
	name = "SQL_" toupper($3)
	if (kind == "enum") {
		print "\t" name ","
	} else {
		if (n) print "\t,"
		print "\t[" name "] ="
	}
	n++
	next
}
{ sub(/[ \t]*--.*/, "") }
/^[ \t]*$/ { next }
!schema && !n {
	print FILENAME ": statement without a name" > "/dev/stderr"
	exit 1
}
kind != "enum" { print quote($0) }
END {
	if (kind == "enum")
		print "\tSQL__COUNT\n};\n\n#endif"
	else if (kind == "plain")
		step(n)
	else
		print "};"
	if (kind == "steps")
		print "\nconst int schema_steps = " n ";"
}
