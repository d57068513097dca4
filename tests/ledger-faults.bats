# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2086,SC2154
# What becomes of the books when a disk fails, lies, fills up or loses power.
# The programs are those that are shipped; preload/fault.so stands between
# them and libc.
#
# BZN_OPS	operations in the script whose crashes are looked at: 12
# BZN_IMAGES	images of the disk at each sync: 4
# BZN_MIXED	operations of all kinds, whose crashes are looked at: 10
# BZN_EVERY	every so manieth sync of those: 3
# BZN_SIZES	steps in KiB of a file system that fills up: a fifth of the whole
# BZN_SWAPS	writes that go to the wrong place: 40
# BZN_STEP	every so manieth of the calls that may fail: 1, and 13 of the
#		many that make a home
load common
load faults

step=${BZN_STEP:-1}

# pay ID: a transfer of 0.01 to bob.
pay() {
	bzn-ledger --now "$clock" transfer alice bob 0.01 TCK --id "$1"
}

# each KIND HOW COMMAND...: run "COMMAND ID" with the first, second, ... call
# of the kind failing, until there are no more.  What it says of each is held
# against what it says when asked again.
each() {
	local kind=$1 how=$2 n id again

	shift 2
	for ((n = 1; ; n += step)); do
		id=$kind.${how//:/.}.$n
		run --separate-stderr with "$kind:$n:$how" "$@" "$id"
		[[ -e hit ]] || break
		asked=$((asked + 1))
		told[$status]=1
		again=$("$@" "$id") || fail "$id: cannot be asked again"
		case $status in
		0)	[[ $again == *'"result":"exists"'* ]] ||
			    fail "$id: 0, and it is lost: $again" ;;
		7)	[[ -z $output && $again == *'"result":"posted"'* ]] ||
			    fail "$id: 7, and it is there: $output, $again" ;;
		8)	[[ -z $output ]] || fail "$id: $output" ;;
		*)	fail "$id: $status, $output, $stderr" ;;
		esac
		[[ $status == 0 || $stderr == "bzn-ledger: "*\) ]] ||
		    fail "$id: $stderr"
	done
	((n > 1)) || fail "$kind: no such call"
	# The last run was whole.
	[[ $status == 0 ]] || fail "$id: $status, $stderr"
	asked=$((asked + 1))
}

@test "each call of a transfer fails once, or for ever: 7 or 8, never a lie" {
	local asked=0 how
	local -A told=()

	away
	at bzn-ledger transfer MINT alice 100 TCK --type CREDIT_ISSUE >made
	for how in EIO ENOSPC EIO:ever ENOSPC:ever; do
		each any "$how" pay
	done
	each write EDQUOT pay
	each write EFBIG pay
	each write short pay
	each sync EIO:ever pay
	[[ ${told[0]-}${told[7]-}${told[8]-} == 111 ]] || fail "${!told[*]}"
	has bob "$(printf %d.%02d $((asked / 100)) $((asked % 100)))"
	sound
	cd home
	is 0 ok "" sqlite3 node.db 'PRAGMA integrity_check'
}

@test "each call fails while the log is long and is copied back" {
	local asked=0 i
	local -A told=()

	away
	at bzn-ledger transfer MINT alice 100 TCK --type CREDIT_ISSUE >made
	# A reader keeps the log from being cut, and then lets go.
	mkfifo wake
	sqlite3 home/node.db >read.txt <<-END &
		BEGIN;
		SELECT count(*) FROM ledger_entry;
		.shell cat wake >/dev/null
	END
	while [[ ! -s read.txt ]]; do :; done
	for i in {1..25}; do
		pay "long$i" >>out
		asked=$((asked + 1))
	done
	echo go >wake
	wait
	cp -r home long
	for how in EIO:ever ENOSPC EROFS:ever; do
		rm -r home
		cp -r long home
		asked=25
		each any "$how" pay
		has bob "$(printf %d.%02d $((asked / 100)) $((asked % 100)))"
		sound
	done
}

@test "each call fails while the home is made: it can be made later" {
	local n how got

	bare
	for how in EIO ENOSPC:ever; do
		for ((n = 1; ; n += ${BZN_STEP:-13})); do
			export BZN_HOME="$PWD/$how$n"
			mkdir "$BZN_HOME"
			got=0
			with "any:$n:$how" bzn-ledger init --no-node --origin \
			    one.example/log >out 2>err || got=$?
			[[ -e hit ]] || break
			[[ $got =~ ^[078]$ ]] || fail "$n: $got"
			[[ $got == 0 || ! -s out ]] || fail "$n: $(<out)"
			bzn-ledger init --no-node --origin one.example/log \
			    >again || fail "$n: not again"
			is 0 "" "" bzn-ledger verify -q
			[[ $got != 0 ]] || is 0 "$(jq .vkey out)" "" \
			    jq .vkey again
		done
		((n > 30)) || fail "only $n calls"
	done
}

@test "killed before and after each call, what was answered is there" {
	local n how asked=0

	away
	at bzn-ledger transfer MINT alice 100 TCK --type CREDIT_ISSUE >made
	for how in kill "done"; do
		for ((n = 1; ; n += step)); do
			with "any:$n:$how" bzn-ledger --now "$clock" transfer \
			    alice bob 0.01 TCK --id "$how.$n" >out 2>err || true
			if [[ -s out ]]; then
				is 0 exists "" bash -c 'bzn-ledger --now "$1" \
				    transfer alice bob 0.01 TCK --id "$2" |
				    jq -r .result' - "$clock" "$how.$n"
			else
				pay "$how.$n" >again
			fi
			asked=$((asked + 1))
			[[ -e hit ]] || break
		done
		((n > 5)) || fail "only $n calls"
	done
	has bob "$(printf %d.%02d $((asked / 100)) $((asked % 100)))"
	sound
}

# script N: so many operations, noted, from the making of the home on.
script() {
	local i

	noted bzn-ledger --now "$clock" init --no-node \
	    --origin ledger.example/test >out
	noted bzn-ledger --now "$clock" transfer MINT alice 100 TCK \
	    --type CREDIT_ISSUE >out
	for ((i = 1; i <= $1; i++)); do
		noted pay "s$i" >>out
	done
}

# records N: the lines of an import, the last four a group.
records() {
	local i

	for i in {1..20}; do
		printf '{"id":"i%s.%s","from":"alice","to":"bob",' "$1" "$i"
		printf '"amount":"0.01","unit":"TCK"%s}\n' \
		    "$( ((i > 16)) && echo ',"group":"g"')"
	done
}

# mixed N: so many operations of all kinds, noted.  The clock goes on; an
# import looks at it after some lines, and finds that it is time to commit.
mixed() {
	local i

	at() {
		local program=$1

		shift
		noted "$program" --now "$clock" "$@"
	}
	printf '%s\n' 'canary_exposure_pct 0' 'settle_batch 2' \
	    >>"$BZN_HOME/bzn.conf"
	at bzn-ledger init --no-node --origin ledger.example/test >out
	member alice bob
	at bzn-ledger transfer MINT alice 1000 TCK --type CREDIT_ISSUE \
	    --id m >out
	skill=$(offer bob 1)
	for ((i = 1; i <= $1; i++)); do
		case $((i % 10)) in
		1)	for _ in 1 2 3; do
				deliver "$(buy alice "$skill")"
			done
			buy alice "$skill" ;;
		2)	at bzn-ledger checkpoint ;;
		3)	records "$i" | FAULT_CLOCK=${clock#@}:60 noted \
			    bzn-ledger import ;;
		4)	at bzn-ledger transfer alice bob 0.02 TCK \
			    --memo "of $i" --id "t$i" ;;
		5)	at bzn-ledger memo erase "t$((i - 1))" --id "e$i" ;;
		6)	pass 90000
			at bzn-settle ;;
		7)	at bzn-ledger reverse "t$((i - 3))" --id "r$i" ;;
		8)	at bzn-ledger export leaves --to "$i" \
			    --out "$BZN_HOME/$((i + 1)).leaves" ;;
		9)	at bzn-ledger receipt "t$((i - 5))" ;;
		0)	pass $((31 * 86400))
			at bzn-ledger checkpoint rotate --reason scheduled \
			    --id "k$i" ;;
		esac >>out || fail "$i"
	done
}

# crashes N [EVERY]: the disk as it might be, after what is in the log.
crashes() {
	local all

	all=$(crash images log image "$1" "${BZN_SEED:-1}" "${2:-1}" \
	    2>crash.err) || fail "$(tail -n 3 crash.err)"
	echo "# $all" >&3
	! grep -v "(no_ledger)$\|a reader may not finish it" crash.err ||
	    fail "?"
}

@test "the power fails at each sync, and nothing acknowledged is lost" {
	bare
	script "${BZN_OPS:-12}"
	crashes "${BZN_IMAGES:-4}"
}

@test "the power fails amid an operation of any kind: books, keys and files" {
	bare
	mixed "${BZN_MIXED:-10}"
	crashes "${BZN_IMAGES:-4}" "${BZN_EVERY:-3}"
}

@test "a disk that does not sync would be found out" {
	bare
	script 6
	run crash deaf log image 4 1
	[[ $status == 1 ]] || fail "$status: $output"
}

@test "the power fails after a failed commit, and after its fence" {
	local n kind how got seen=

	bare
	script 3
	for kind in write sync; do
		for n in {1..9}; do
			case $kind$((n % 3)) in
			write0)	how=short ;;
			write1)	how=ENOSPC ;;
			sync0 | sync1)	how=EIO:ever ;;
			*)	how=EIO ;;
			esac
			rm -f hit
			got=0
			fault=$kind:$n:$how noted pay "f$kind$n" >>out 2>err ||
			    got=$?
			[[ -e hit ]] || break
			[[ $got == [078] ]] || fail "$kind:$n: $got, $(<err)"
			seen+=$got
			[[ $got != 7 ]] || crash denied log "f$kind$n"
			noted pay "o$kind$n" >>out
		done
	done
	[[ $seen == *7* && $seen == *8* ]] || fail "$seen"
	crashes "${BZN_IMAGES:-4}" 2
}

@test "a write that went to the wrong place is told, and never a crash" {
	bare
	home
	at bzn-ledger transfer MINT alice 100 TCK --type CREDIT_ISSUE >out
	seq 520 | sed 's/.*/{"id":"k&","from":"alice","to":"n&",'`
	    `'"amount":"0.0&","unit":"TCK"}/; s/0\.0[0-9]*\([1-9]\)0*"/0.0\1"/' \
	    >in
	at bzn-ledger checkpoint >out
	at bzn-ledger import in >out
	at bzn-ledger checkpoint >out
	cp home/node.db* .
	sqlite3 node.db 'PRAGMA wal_checkpoint(TRUNCATE);
	    PRAGMA journal_mode = DELETE' >out
	python3 -B "$BZN_SRC/tests/swap.py" node.db "${BZN_SWAPS:-40}" \
	    "${BZN_SEED:-$RANDOM}"
}

# mounted COMMAND...: with a file system of our own at the home.
mounted() {
	unshare -m bash -euc "$(declare -f fail is pay asks ballast full closed)"'
	mount -t tmpfs -o size="$1"k none "$BZN_HOME"
	shift
	"$@"' - "$@"
}

# asks ID: 7 or 8 with a word, or 0.
asks() {
	got=0
	pay "$1" >out 2>err || got=$?
	[[ $got == [078] ]] || fail "$1: $got, $(<err)"
	[[ $got == 0 || ! -s out ]] || fail "$1: $(<out)"
	[[ $got == 0 || $(<err) == "bzn-ledger: "*\) ]] || fail "$1: $(<err)"
}

# ballast MADE: a home that was made has room for some entries, and no more.
ballast() {
	local room

	[[ $1 == 0 ]] || return 0
	room=$(df --output=avail -k "$BZN_HOME" | tail -n 1)
	((room <= 60)) ||
	    head -c "$(((room - 60) * 1024))" /dev/zero >"$BZN_HOME/ballast"
}

# full: until nothing goes in; then there is room again.
full() {
	local got i last=0 made=0

	echo test_clock yes >"$BZN_HOME/bzn.conf"
	bzn-ledger --now "$clock" init --no-node --origin ledger.example/test \
	    >out 2>err || made=$?
	[[ $made == [078] ]] || fail "init: $made, $(<err)"
	bzn-ledger --now "$clock" transfer MINT alice 10 TCK --type \
	    CREDIT_ISSUE --id m >out 2>err || made=$?
	ballast "$made"
	for i in {1..600}; do
		[[ $made == 0 ]] || break
		asks "f$i"
		last=$i
		[[ $got == 0 ]] || break
	done
	[[ $made != 0 || $got != 0 ]] || fail "it was not full"
	if [[ $made == 0 ]]; then
		bzn-ledger verify -q || fail "untrue while full"
	fi
	mount -o remount,size=64m "$BZN_HOME"
	rm -f "$BZN_HOME/ballast"
	bzn-ledger --now "$clock" init --no-node --origin ledger.example/test \
	    >out
	bzn-ledger --now "$clock" transfer MINT alice 10 TCK --type \
	    CREDIT_ISSUE --id m >out
	for ((i = 1; i <= last; i++)); do
		pay "f$i" >out
		[[ $i == "$last" || $(<out) == *exists* ]] ||
		    fail "f$i is lost: $(<out)"
	done
	bzn-ledger verify -q || fail "untrue"
	[[ $(bzn-ledger export leaves | grep -c bob) == "$last" ]] ||
	    fail "not $last"
	echo "$made.${got-}" >>"$said"
}

@test "a file system that is full, at each size, and then is not" {
	local size most

	[[ -z $BZN_SAN ]] || skip "too large for the smallest"
	unshare -m true 2>/dev/null || skip "no mounts here"
	bare
	# While it is made it takes its room twice: in the log, and in place.
	mkdir made
	bzn-ledger --home made init --no-node --origin ledger.example/test \
	    >out
	most=$((2 * $(stat -c %s made/node.db) / 1024 + 700))
	export clock said=$PWD/said
	for ((size = 64; size <= most; size += ${BZN_SIZES:-most / 5})); do
		mounted "$size" full || fail "$size KiB"
	done
	# It was full both while the home was made, and later.
	[[ $(<said) == *7.* && $(<said) == *0.7* ]] || fail "$(<said)"
}

# closed: what reads goes on; what writes says why it does not.
closed() {
	echo test_clock yes >"$BZN_HOME/bzn.conf"
	bzn-ledger --now "$clock" init --no-node --origin ledger.example/test \
	    >out
	bzn-ledger --now "$clock" transfer MINT alice 10 TCK --type \
	    CREDIT_ISSUE --id m >out
	pay r1 >out
	mount -o remount,ro "$BZN_HOME"
	asks r2
	[[ $got == 7 ]] || fail "r2: $got"
	cp err "$said"
	for verb in checkpoint "export leaves --out $BZN_HOME/x" \
	    "reverse r1 --id v" "import -"; do
		got=0
		bzn-ledger $verb >out 2>err <<-END || got=$?
			{"id":"r3","from":"alice","to":"bob","amount":"0.01","unit":"TCK"}
		END
		[[ $got == 7 && ! -s out && $(<err) == *ead-only* ]] ||
		    fail "$verb: $got, $(<out), $(<err)"
	done
	for verb in "verify -q" balance "show 1" "export leaves" tail \
	    reconcile "checkpoint --print 1"; do
		bzn-ledger $verb >out 2>err || fail "$verb: $? $(<err)"
	done
	mount -o remount,rw "$BZN_HOME"
	[[ $(pay r2) == *posted* ]]
	bzn-ledger verify -q
}

@test "a file system that was mounted again for reading only" {
	unshare -m true 2>/dev/null || skip "no mounts here"
	bare
	export clock said=$PWD/said
	mounted 65536 closed || fail "?"
	cat said
}

# other VERB...: as a user who is not the superuser.
other() {
	setpriv --reuid 65534 --regid 65534 --clear-groups "$PWD/bzn-ledger" \
	    --now "$clock" "$@"
}

@test "a home that its user may not write to: 5, and reading goes on" {
	local verb

	((!UID)) && setpriv --reuid 65534 --clear-groups true 2>/dev/null ||
	    skip "nobody else to be"
	away
	at bzn-ledger transfer MINT alice 1 TCK --type CREDIT_ISSUE --id m >out
	cp "$BZN_BUILD/bin/bzn-ledger" .
	chmod 755 .
	chown -R 65534:65534 home
	other --version >out || skip "this is no place for others"
	chmod 500 home home/pins
	pay a >out		# the superuser's; no one else is kept from it
	run --separate-stderr other checkpoint
	[[ $status == 7 && -z $output && $stderr == *"(pin_unwritable)" ]] ||
	    fail "$status, $stderr"
	for verb in "export leaves --out home/x" "backup home/x"; do
		run --separate-stderr other $verb
		[[ $status == 5 && -z $output && $stderr == *"(denied)" ]] ||
		    fail "$verb: $status, $stderr"
	done
	chmod 400 home/node.*
	for verb in "transfer alice bob 0.01 TCK" "reverse a" checkpoint; do
		run --separate-stderr other $verb
		[[ $status == 5 && -z $output && $stderr == *"node.lock': \
Permission denied (denied)" ]] || fail "$verb: $status, $stderr"
	done
	for verb in "verify -q" balance "export leaves" reconcile tail; do
		run --separate-stderr other $verb
		[[ $status == 0 && -z $stderr ]] || fail "$verb: $stderr"
	done
	chmod 600 home/node.*
	chmod 700 home home/pins
	other checkpoint >out
	sound
}
