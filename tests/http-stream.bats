# shellcheck shell=bats disable=SC2030,SC2031,SC2154
# Streams of events: spec/http.md 8.
load common
load http
load market

setup_file() {
	grid 'http_streams 70' 'strikes_to_ban 1'
	serve
	(
		cd "$BATS_FILE_TMPDIR" && join alice bob carol dan erin &&
		    offers bob 2 && buys alice && delivers bob &&
		    pass 90000 && sweep
	)
}

stream() {
	/usr/bin/python3 "$BZN_SRC/tests/http/stream.py" "$1" "$url" \
	    "$BZN_HOME" "${@:2}"
}

@test "the log, leaf by leaf, as it is and as it grows" {
	stream log
}

@test "a node hears what is its own, and of no other's money" {
	stream own
}

@test "ids that are none, or of leaves that are not there yet" {
	stream ids
}

@test "only GET listens, and only who may" {
	stream methods
}

@test "a comment every 15 s" {
	stream beats
}

@test "resumed behind a restart: no gap, nothing twice" {
	stream before
	unserve
	at bzn-ledger transfer MINT alice 1 TCK --type CREDIT_ISSUE >/dev/null
	serve
	stream after
}

@test "all see one order" {
	stream many "${BZN_STREAMS:-60}"
}

@test "more streams than there may be: 503" {
	stream full 70
}

@test "who does not read is dropped, and resumes at his own pace" {
	stream slow
}

@test "a ban, another key, the end of a token: the stream ends, too" {
	stream denied
}

@test "a stop says goodbye to all" {
	stream drain "$(<"$BZN_HOME/pid")"
	soon test -e "$BZN_HOME/status"
	[[ $(<"$BZN_HOME/status") == 0 ]]
}
