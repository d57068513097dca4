# rules.awk - the hard rules of the style that one line can break.
#
#	awk -f rules.awk lib/*/*.[ch] bin/*.c
#
# Looks at code without its comments and strings, except for SQL, which is
# looked for in the strings.

BEGIN {
	sql = "(^|[ (|])(SELECT|INSERT (OR|INTO)|UPDATE [a-z_]+|" \
	    "DELETE FROM|REPLACE INTO|" \
	    "(CREATE|DROP|ALTER) (TABLE|INDEX|TRIGGER|VIEW)) "
}

function complain(what) {
	print FILENAME ":" FNR ": " what
	bad = 1
}

# Is a function of these names called?  A member of a struct may be so named.
function calls(names) {
	return (" " code) ~ ("[^A-Za-z0-9_.>](" names ")[ \t]*\\(")
}
function mentions(names) {
	return (" " code " ") ~ ("[^A-Za-z0-9_](" names ")[^A-Za-z0-9_]")
}

# Split a line into code and text (the contents of its strings); "comment"
# says whether a block comment is open.
function scan(s,   i, quote) {
	code = text = ""
	while (s != "") {
		if (comment) {
			i = index(s, "*/")
			if (!i)
				return
			comment = 0
			s = substr(s, i + 2)
			continue
		}
		if (!match(s, /["']|\/[*\/]/)) {
			code = code s
			return
		}
		quote = substr(s, RSTART, 1)
		code = code substr(s, 1, RSTART - 1) " "
		i = substr(s, RSTART, 2) == "//"
		comment = quote == "/"
		s = substr(s, RSTART + (comment ? 2 : 1))
		if (i) {
			comment = 0
			return
		}
		if (comment)
			continue
		if (quote == "\"")
			match(s, /^([^"\\]|\\.)*/)
		else
			match(s, /^([^'\\]|\\.)*/)
		if (quote == "\"")
			text = text "|" substr(s, 1, RLENGTH)
		s = substr(s, RLENGTH + 2)
	}
}

# One library, one place.
function check_include(   header) {
	header = $0
	sub(/^[^<"]*[<"]/, "", header)
	sub(/[>"].*/, "", header)
	if (header ~ /^sqlite3/ && FILENAME !~ /^lib\/store\//)
		complain(header " is for lib/store")
	if (header ~ /^(sodium|openssl|secp256k1)/ &&
	    FILENAME !~ /^lib\/crypto\//)
		complain(header " is for lib/crypto")
	if (header ~ /^(cjson\/)?cJSON/ && FILENAME !~ /^lib\/base\/json/)
		complain(header " is for lib/base/json")
	if (header ~ /^pcre2/ && FILENAME !~ /^lib\/regex\//)
		complain(header " is for lib/regex")
	if (header ~ /^qrencode/ && FILENAME !~ /^lib\/card\/qr/)
		complain(header " is for lib/card/qr")
	if (header ~ /^uni(case|norm)/ && FILENAME !~ /^lib\/base\//)
		complain(header " is for lib/base")
	if (header ~ /^textcat/ && FILENAME !~ /^lib\/validate\/language/)
		complain(header " is for lib/validate/language")
	if (header ~ /^(uv|llhttp)\.h|^curl\// && FILENAME !~ /^lib\/net\//)
		complain(header " is for lib/net")
}

function end_file() {
	if (lines > most && !excused) {
		printf "%s: %d lines: split it, or say \"Over %d lines " \
		    "because\" in its first 15\n", file, lines, most
		bad = 1
	}
}

FNR == 1 {
	end_file()
	file = FILENAME
	most = file ~ /^bin\// ? 200 : 500
	excused = comment = 0
	split(file, path, "/")
	module = path[1] == "bin" ? "bin" : path[2]
	quiet = module != "cli"
	rule = module !~ /^(base|crypto|store|net|cli|batch|bin)$/
	money = module ~ /^(ledger|escrow|settle|market|node|eigen)$/ ||
	    file ~ /^lib\/base\/amount/
}
{ lines = FNR }
FNR <= 15 && index($0, "Over " most " lines because") { excused = 1 }
!comment && /^[ \t]*#[ \t]*include/ { check_include(); next }
{ scan($0) }

# The C library knows time zones by a variable, and in no other way.
function sets_zone() {
	return calls("setenv|tzset") && file != "lib/uptime/zone.c"
}

calls("strcpy|strcat|sprintf|gets|atoi|strtok|rand|system|alloca") {
	complain("banned function: base has a bounded, checked one")
}
quiet && (calls("v?f?printf|v?dprintf|f?puts|put(char|c)|perror|psignal|" \
    "syslog|_?exit|_Exit|quick_exit|(secure_)?getenv|unsetenv|putenv|" \
    "clearenv|isatty|errx?|warnx?") || sets_zone() ||
    mentions("stdout|stderr|STDOUT_FILENO|STDERR_FILENO|environ")) {
	complain("prints, exits or reads the environment: for lib/cli")
}
rule && calls("time|clock_gettime|gettimeofday|getrandom|getentropy|" \
    "randombytes_buf|random|lrand48") {
	complain("time and randomness reach a rule as arguments")
}
FILENAME ~ /\.c$/ && text ~ sql {
	complain("SQL belongs in a .sql file")
}
money && mentions("double|float") {
	complain("money is integers")
}
END {
	end_file()
	exit bad
}
