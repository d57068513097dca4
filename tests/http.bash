# shellcheck shell=bash disable=SC2154,SC2034,SC2119,SC2120
# http.bash - sourced by suites about bzn-serve, after common.bash.
#
# One server for a whole file, which is what most want:
#
#	load common
#	load http
#	setup_file() { grid; serve; }
#
# or one for a single test: call grid and serve in it.  Either is stopped by
# teardown, and must end with status 0 and no line of an error.
#
# The clock of the server stands still; "pass SECONDS" moves it, also for the
# programs that are run with "at", and survives from one test to the next.
#
#	join alice bob			register them over HTTP
#	post /v1/bounties "{...}"	sets $code, $body; the file "fields"
#	as alice get /v1/node/me	the same with the API key of alice
#	admin get /v1/admin/stats	with the admin key
#	want 200 .active true as alice get /v1/node/me
#	want 404 .code skill_missing get /v1/skills/none/page

# where: the home of the test, or of its file.
where() {
	if [[ -n ${BATS_TEST_TMPDIR:-} && ! -d $BATS_FILE_TMPDIR/home ]]; then
		BZN_HOME=$BATS_TEST_TMPDIR/home
	else
		BZN_HOME=$BATS_FILE_TMPDIR/home
	fi
	export BZN_HOME
}

setup() {
	export PATH="$BZN_BUILD/bin:$BZN_BUILD/tools:$PATH"
	export LC_ALL=C NO_COLOR=1
	cd "$BATS_TEST_TMPDIR" || return 1
	where
	if [[ -f $BZN_HOME/url ]]; then
		url=$(<"$BZN_HOME/url")
		clock=$(<"$BZN_HOME/clock")
	fi
}

teardown() {
	[[ -d $BATS_FILE_TMPDIR/home ]] || unserve
}

teardown_file() {
	where
	unserve
}

# grid [LINE...]: make a home whose limits on calls are off; the lines are for
# its bzn.conf, and win.  Its clock starts at $grid_clock, if that is set.
grid() {
	local line rates=()

	export PATH="$BZN_BUILD/bin:$BZN_BUILD/tools:$PATH" LC_ALL=C
	[[ -n ${BATS_TEST_TMPDIR:-} ]] || {
		mkdir "$BATS_FILE_TMPDIR/home"
		cd "$BATS_FILE_TMPDIR" || return 1	# calls leave files
	}
	where
	mkdir -p "$BZN_HOME/identity" "$BZN_HOME/keys"
	chmod 700 "$BZN_HOME/identity"
	for line in register verify early_access malfeasance share import \
	    tasks a2a_send registry escrow_init escrow_settle publish bounties \
	    webhooks failed_auth signed; do
		[[ " $*" == *" rate_$line "* ]] || rates+=("rate_$line 0")
	done
	[[ " $*" == *' sandbox_per_day_ip '* ]] ||
	    rates+=('sandbox_per_day_ip 0')
	[[ " $*" == *' base_url '* ]] ||
	    rates+=('base_url https://grid.example')
	# An RSA key takes a second to make.
	install -m 600 "$BZN_SRC/tests/golden/token.pem" \
	    "$BZN_HOME/identity/token_private.pem"
	clock=${grid_clock:-@1795161600000}	# 2026-11-20T08:00:00Z
	echo "$clock" >"$BZN_HOME/clock"
	printf '%s\n' 'test_clock yes' 'check_replies yes' "${rates[@]}" "$@" \
	    >"$BZN_HOME/bzn.conf"
	at bzn-ledger init --no-node --origin ledger.example/test \
	    >"$BZN_HOME/made.json"
}

# serve [OPTION...]: start it, and wait until it is ready.  Sets $url.
serve() {
	local line option usual=()

	for option in --listen=127.0.0.1:0 --sweep=off --loops=2 \
	    --access-log=-; do
		[[ " $*" == *" ${option%%=*} "* ]] || usual+=("$option")
	done
	mkfifo "$BZN_HOME/ready"
	rm -f "$BZN_HOME/status"
	# Who stops it may be another shell, which is told how it ended.
	{
		bzn-serve --clock "$BZN_HOME/clock" --now "$clock" \
		    --ready-fd 4 "${usual[@]}" "$@" 4>"$BZN_HOME/ready" \
		    >"$BZN_HOME/out" 2>"$BZN_HOME/log" &
		echo $! >"$BZN_HOME/pid"
		status=0
		wait $! || status=$?
		echo "$status" >"$BZN_HOME/status.new"
		mv "$BZN_HOME/status.new" "$BZN_HOME/status"
	} 3>&- 2>/dev/null &
	read -r line <"$BZN_HOME/ready" || true
	rm "$BZN_HOME/ready"
	url=$(jq -r .url <<<"$line")
	[[ -n $url ]] || { cat "$BZN_HOME/log"; return 1; }
	echo "$url" >"$BZN_HOME/url"
}

# unserve [SIGNAL]: stop it, if it runs; it must end well.
unserve() {
	local pid status

	[[ -f $BZN_HOME/pid ]] || return 0
	pid=$(<"$BZN_HOME/pid")
	kill -"${1:-TERM}" "$pid" 2>/dev/null || true
	soon test -e "$BZN_HOME/status" || {
		# It is not to outlive its test.
		kill -KILL "$pid" 2>/dev/null || true
		soon test -e "$BZN_HOME/status" && rm "$BZN_HOME/pid"
		return 1
	}
	rm "$BZN_HOME/pid"
	status=$(<"$BZN_HOME/status")
	saw
	[[ $status == 0 || -n ${1:-} ]] || {
		echo "bzn-serve: $status"
		cat "$BZN_HOME/log"
		return 1
	}
	if grep -E '"code":"(internal|io_error|commit_un|store_)|Sanitizer' \
	    "$BZN_HOME/log" | grep -v "${expected_in_log:-^$}"; then
		return 1
	fi
}

# saw: keep which route gave which status, for "make seen" to tell what no test
# has met.
saw() {
	local text='"\([^"]*\)"' number='\([0-9]*\)'

	[[ -s $BZN_HOME/out ]] || return 0
	mkdir -p "$BZN_BUILD/seen"
	text=".*\"route\":$text,\"method\":$text.*\"status\":$number"
	sed -n "s/$text.*/\2 \1 \3/p" "$BZN_HOME/out" |
	    sort -u >>"$BZN_BUILD/seen/${BATS_TEST_FILENAME##*/}"
	: >"$BZN_HOME/out"
}

# soon COMMAND...: it becomes true, in a while, which $patience says.
soon() {
	local end=$((SECONDS + ${patience:-20}))

	until "$@"; do
		((SECONDS < end)) || {
			fail "$*: not in ${patience:-20} s"
			return 1
		}
	done
}

# pass SECONDS: set the clock forward, the server's too.
pass() {
	clock=@$((${clock#@} + $1 * 1000))
	echo "$clock" >"$BZN_HOME/clock.new"
	cat "$BZN_HOME/clock.new" >"$BZN_HOME/clock"
}

# call METHOD PATH [BODY] [CURL OPTION...]: sets $code and $body; the fields
# of the reply are in the file "fields".
call() {
	local method=$1 path=$2 data=()

	shift 2
	if [[ $# -gt 0 && $1 != -* ]]; then
		data=(--data-binary "$1")
		shift
		[[ " $*" == *' Content-Type: '* ]] ||
		    data+=(-H 'Content-Type: application/json')
	fi
	[[ $method == HEAD ]] && data+=(-I)
	code=$(curl -sS -X "$method" -o body -D fields -w '%{http_code}' \
	    "${data[@]}" ${credentials[@]+"${credentials[@]}"} "$@" \
	    "$url$path" -m 20 --path-as-is) || return 1
	body=$(cat body 2>/dev/null)
	[[ $method != HEAD ]] || body=
	rm -f body
}

get() { call GET "$@"; }
post() { call POST "$@"; }
put() { call PUT "$@"; }
delete() { call DELETE "$@"; }

# as NODE COMMAND...: with its API key.
as() {
	local credentials=(-H "X-API-KEY: $(<"$BZN_HOME/keys/$1")")

	shift
	"$@"
}

# admin COMMAND...: with the operator's key.
admin() {
	local credentials=(-H \
	    "Authorization: Bearer $(<"$BZN_HOME/identity/admin_key")")

	"$@"
}

# internal COMMAND...: with the key of other services.
internal() {
	local credentials=(-H \
	    "X-INTERNAL-API-KEY: $(<"$BZN_HOME/identity/internal_key")")

	"$@"
}

# field NAME: of the last reply, as it was sent.
field() {
	tr -d '\r' <fields | sed -n "s/^$1: //Ip"
}

# want CODE [FILTER VALUE]... COMMAND...: what must come of a call; filters
# are jq's and begin with a dot.
want() {
	local code_want=$1 filters=() program='' got=() i

	shift
	while [[ $1 == .* ]]; do
		filters+=("$1" "$2")
		# All of them in one program: starting jq takes longest.
		program+="([$1] | map(if type == \"string\" then . else tojson
		    end) | join(\"\\n\")), "
		shift 2
	done
	"$@" || fail "$*: no answer"
	if [[ $code != "$code_want" ]]; then
		fail "$*: $code, not $code_want: $body"
		return 1
	fi
	[[ -n $program ]] || return 0
	mapfile -d $'\001' -t got < <(jq -j \
	    "[$program \"\"] | join(\"\\u0001\")" <<<"$body" || echo failed)
	for ((i = 0; i < ${#filters[@]}; i += 2)); do
		[[ ${got[i / 2]-} == "${filters[i + 1]}" ]] || {
			fail "$*: ${filters[i]} is '${got[i / 2]-}', not" \
			    "'${filters[i + 1]}': $body"
			return 1
		}
	done
}

# solve: half the sum of the primes in the challenge in $body.
solve() {
	jq '[.verification_challenge.payload[] | select(. as $n |
	    all(range(2; $n); $n % . > 0))] | add / 2' <<<"$body"
}

# join NODE...: register them, and keep their API keys.
join() {
	local node

	for node; do
		want 200 .status challenge_issued \
		    post /v1/node/register "{\"node_id\":\"$node\"}" &&
		    want 200 .status NODE_ACTIVE post /v1/node/verify \
		    "{\"node_id\":\"$node\",\"solution\":$(solve)}" ||
		    return 1
		jq -r .api_key <<<"$body" >"$BZN_HOME/keys/$node"
	done
}
