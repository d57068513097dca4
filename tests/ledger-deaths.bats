# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
# Each verb that writes, with each of its calls failing, and killed at any
# moment: it never says yes to what is lost; asked again it ends as one clean
# run would have, to the byte; and the books are true.
#
# BZN_STEP	every so manieth of the calls that may fail: 40
# BZN_KILLS	kills of an import: 12
load common
load faults

step=${BZN_STEP:-40}
kills=${BZN_KILLS:-12}

# The home that all begin with is made once.
setup_file() {
	export BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR

	[[ -z $BZN_SAN ]] || return 0
	setup
	make_good
}

# make_good: "good" is a home in which there is work for each of them.
make_good() {
	local i

	export BZN_HOME=$PWD/good
	identity "$BZN_HOME" "$(printf '%064d' 7)"
	printf '%s\n' 'test_clock yes' 'canary_exposure_pct 0' \
	    'settle_batch 2' >"$BZN_HOME/bzn.conf"
	clock=@1795161600000
	at bzn-ledger init --origin ledger.example/test >made.json
	member alice bob
	at bzn-ledger transfer MINT alice 1000 TCK --type CREDIT_ISSUE \
	    --id m >out
	skill=$(offer bob 1)
	for i in 1 2 3; do
		deliver "$(buy alice "$skill")"
	done
	buy alice "$skill" >out
	at bzn-ledger transfer alice bob 2 TCK --memo private --id t1 >out
	at bzn-ledger transfer alice bob 3 TCK --id t2 >out
	echo old >"$BZN_HOME/books"
	for i in {1..40}; do
		printf '{"id":"i%s","from":"alice","to":"bob",' "$i"
		printf '"amount":"0.01","unit":"TCK"%s}\n' \
		    "$( ((i % 8 > 4)) && echo ",\"group\":\"g$((i / 8))\"")"
	done >records
	(umask 077 && openssl genpkey -algorithm ed25519 -out next.pem \
	    2>/dev/null)
}

# begin: a place of our own, and when it is.
begin() {
	bare
	good=$BATS_FILE_TMPDIR
	clock=@1795251700000
}

# The verbs.  An import of chunks looks at the clock, and finds it later.
import() {
	at bzn-ledger import "$good/records"
}

chunks() {
	FAULT_CLOCK=${clock#@}:60 bzn-ledger import "$good/records" \
	    --accept-clock
}

whole() {
	at bzn-ledger import "$good/records" --all-or-nothing
}

settle() {
	at bzn-settle
}

checkpoint() {
	at bzn-ledger checkpoint
}

receipt() {
	at bzn-ledger receipt t2
}

rotate() {
	at bzn-ledger checkpoint rotate --reason scheduled \
	    --key "$good/next.pem" --id r1
}

# With a key that is made on the way: the leaf is another each time.
renew() {
	at bzn-ledger checkpoint rotate --reason scheduled --id r1
}

reverse() {
	at bzn-ledger reverse t2 --id v1
}

erase() {
	at bzn-ledger memo erase t1 --id e1
}

books() {
	bzn-ledger export leaves --out "$BZN_HOME/books"
}

# state VERB: the log; of what is another in each run, as much as is not.
state() {
	case $1 in
	chunks)	bzn-ledger export leaves | sed 's/"at_ms":[0-9]*,//' ;;
	renew)	bzn-ledger export leaves | sed 's/"key_sig".*//' ;;
	*)	bzn-ledger export leaves ;;
	esac | sha256sum
}

# told FILE: what was said to be there, however often one has to ask.
told() {
	grep '}$' "$1" | grep -v '"result":"summary"' |
	    sed 's/"result":"posted"/"result":"exists"/' | sort
}

# clean VERB: what it does if nothing fails.
clean() {
	fresh
	with "" "$1" >clean.out 2>err || fail "$1: $(<err)"
	[[ ! -s err ]] || fail "$1: $(<err)"
	clean=$(state "$1")
	rm -rf clean
	mv home clean
}

fresh() {
	rm -rf home
	cp -a "$good/good" home
}

# ask VERB FAULT: with that call failing, and answers through a pipe.
ask() {
	with "$2" "$1" 2>err | cat >out
	got=${PIPESTATUS[0]}
}

# true_to VERB HOW WHAT: was what it said so, and does it end well?
true_to() {
	local verb=$1 how=$2 what=$3

	case $how:$got in
	kill:137 | done:137) ;;
	kill:* | done:*) [[ ! -e hit || $how == kill* ]] || fail "$what: lives" ;;
	*:0)	[[ $(state "$verb") == "$clean" ]] ||
		    fail "$what: 0, and it is lost" ;;
	*:7 | *:8)
		grep -qv '^bzn-[a-z]*: .*)$' err &&
		    fail "$what: $got, '$(<err)'"
		[[ -s err ]] || fail "$what: $got, and no word why" ;;
	*)	fail "$what: $got, '$(<out)', '$(<err)'" ;;
	esac
	whole_files "$verb" "$what"
	"again_$verb" "$what"
	[[ $(state "$verb") == "$clean" ]] || fail "$what: not as one run"
	bzn-ledger verify -q --max-age 9999d || fail "$what: untrue"
	diff <(cd home && find . -type f ! -name '*.[0-9][0-9][0-9]*' | sort) \
	    <(cd clean && find . -type f | sort) || fail "$what: files"
	# Killed, or where nothing can be done any more, a program cannot
	# remove what it wrote beside; but keys are not left about.
	case $how in
	kill | done | *:ever) ! compgen -G 'home/identity/*.pem.[0-9]*' ;;
	*)	! find home -name '*.[0-9][0-9][0-9]*' | grep . ;;
	esac || fail "$what: left behind"
}

# whole_files VERB WHAT: before it is asked again.
whole_files() {
	local was=old

	[[ $1 != books ]] || was="$(<clean/books)"
	[[ "$(<home/books)" == old || "$(<home/books)" == "$was" ]] ||
	    fail "$2: books cut short"
	[[ $1 != books || $got != 0 || "$(<home/books)" == "$was" ]] ||
	    fail "$2: 0, and no books"
}

# again WHAT VERB: once more, without faults.
again() {
	with "" "$2" >again.out 2>again.err ||
	    fail "$1: not again: $? $(<again.err)"
	[[ ! -s again.err ]] || fail "$1: $(<again.err)"
}

# exists WHAT VERB: each answer is given again.
exists() {
	again "$@"
	[[ -z $(comm -23 <(told out) <(told again.out)) ]] ||
	    fail "$1: answered otherwise"
}

pins() {
	diff -r -x '*.[0-9]*' home/pins clean/pins || fail "$1: pins"
}

# same WHAT VERB: the same is said, or as much of it as was said.
same() {
	again "$@"
	cmp -s clean.out again.out || fail "$1: $(<again.out)"
	[[ ! -s out ]] || cmp -n "$(stat -c %s out)" out clean.out ||
	    fail "$1: said otherwise"
	[[ $got != 0 ]] || cmp -s out clean.out || fail "$1: 0, not all said"
	diff -r home/pins clean/pins || fail "$1: pins"
}

again_import() { exists "$1" import; }
again_chunks() { exists "$1" chunks; }
again_whole() { exists "$1" whole; }
again_reverse() { exists "$1" reverse; }
again_erase() { exists "$1" erase; }
again_renew() { exists "$1" renew; }
again_checkpoint() { same "$1" checkpoint; }
again_receipt() { same "$1" receipt; }
again_books() { again "$1" books; cmp home/books clean/books; }

again_rotate() {
	exists "$1" rotate
	pins "$1"
	diff -r -x '*.[0-9]*' home/identity clean/identity || fail "$1: keys"
}

# What was told to be closed is told once, and all are by then.
again_settle() {
	again "$1" settle
	[[ -z $(comm -23 <(cat out again.out | grep '}$' | sort) \
	    <(sort clean.out)) ]] || fail "$1: closed otherwise, or twice"
	# A checkpoint may be stored, and its pin be moved when it is asked for.
	checkpoint >/dev/null
	pins "$1"
}

# fall VERB: each of its calls fails in each way; calls for memory, too.
fall() {
	local verb=$1 kind how n from=1 every before=$asked

	clean "$verb"
	for kind in sync:EIO any:EIO any:ENOSPC:ever any:EROFS write:short \
	    any:kill any:done; do
		how=${kind#*:}
		kind=${kind%%:*}
		every=$step
		[[ $kind != sync ]] || every=$(((step + 7) / 8))
		# Not the same calls for each way.
		for ((n = 1 + from % every; ; n += every)); do
			fresh
			ask "$verb" "$kind:$n:$how"
			[[ -e hit ]] || break
			true_to "$verb" "$how" "$verb $kind:$n:$how"
			asked=$((asked + 1))
		done
		from=$((from + 5))
	done
	((asked > before)) || fail "$verb: no such calls"
}

@test "each call of an import fails: chunks, groups, all or nothing" {
	local asked=0

	begin
	fall import
	fall chunks
	fall whole
	echo "# $asked faults" >&3
}

@test "each call of a sweep fails, and of what signs" {
	local asked=0

	begin
	fall settle
	fall checkpoint
	fall receipt
	echo "# $asked faults" >&3
}

@test "each call fails while the key of the log is replaced" {
	local asked=0

	begin
	fall rotate
	fall renew
	echo "# $asked faults" >&3
}

@test "each call of reverse, memo erase and export --out fails" {
	local asked=0

	begin
	fall reverse
	fall erase
	fall books
	echo "# $asked faults" >&3
}

# lines N: a file of so many transfers, in lines as an import reads them.
lines() {
	seq "$1" | sed 's/.*/{"id":"k&","from":"alice","to":"bob",'`
	    `'"amount":"0.01","unit":"TCK"}/' | awk '
	{ if (NR % 5 > 2) sub(/}$/, ",\"group\":\"g" int(NR / 5) "\"}"); print }'
}

@test "an import killed at any moment, again and again, ends as one that was not" {
	local dead=0 round=0 span most=30

	begin
	fresh
	# More than one transaction holds.
	lines 9000 >many
	at bzn-ledger import many >out
	clean=$(state import)
	while ((dead < kills && ++round <= 4 * kills)); do
		((round % 6 != 1)) || { fresh; : >told; }
		printf -v span 0.%03d $((RANDOM % most + 1))
		timeout -s KILL "$span" bzn-ledger --now "$clock" import many \
		    2>err | cat >out
		got=${PIPESTATUS[0]}
		[[ $got == 137 || $got == 0 ]] || fail "$got: $(<err)"
		if [[ $got == 137 ]]; then
			dead=$((dead + 1))
			((most > 900)) || most=$((most * 5 / 4 + 1))
		else
			most=$((most * 3 / 4 + 1))
		fi
		grep '"result":"posted".*}$' out | sed 's/.*"id":"//; s/".*//' \
		    >>told || true
		sort -o told told
		[[ -z $(uniq -d told) ]] || fail "posted twice: $(uniq -d told)"
		bzn-ledger export leaves | grep -o '"id":"[^"]*' |
		    sed 's/.*"//' | sort >stored
		[[ -z $(comm -23 told stored) ]] ||
		    fail "lost: $(comm -23 told stored)"
		((round % 6)) || true_again
	done
	((dead >= kills)) || fail "only $dead kills"
	true_again
	echo "# $dead kills" >&3
}

# true_again: to its end, and it is as if nothing had happened.
true_again() {
	at bzn-ledger import many >out || fail "not again"
	[[ $(state import) == "$clean" ]] || fail "not as one run"
	is 0 "" "" bzn-ledger verify -q --max-age 9999d
}
