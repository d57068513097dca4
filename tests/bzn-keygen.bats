# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
load common

SEED=9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60
SEED_ID=7f2d9ed0b71b8e5a6c5cf30e647d6e20b5bca6dac8071f11abe3fef8014db610

# One identity with everything, for all tests that do not make their own: a
# key costs a tenth of a second to lock and to open.  And one for those that do
# so hundreds of times, which costs nothing.
setup_file() {
	export PATH="$BZN_BUILD/bin:$PATH"
	umask 077
	printf 'first canary %s\n' "$RANDOM" >"$BATS_FILE_TMPDIR/pw"
	printf 'second canary\n' >"$BATS_FILE_TMPDIR/pw2"
	everything home
	(quick; everything quick)
}

# everything NAME: make it there.
everything() {
	export BZN_HOME=$BATS_FILE_TMPDIR/$1
	mkdir "$BZN_HOME"
	cd "$BZN_HOME" || return 1
	bzn-keygen identity -q --passphrase-file ../pw >made.json
	bzn-keygen wallet --passphrase-file ../pw >wallet.record
	bzn-keygen token >jwks.json
	bzn-keygen log --passphrase-file ../pw --origin ledger.example/a \
	    >log.record
	bzn-keygen api-key alice >api.record
}

# whole: that home, as one of our own.
whole() {
	umask 077
	cp -a "$BATS_FILE_TMPDIR"/home/. .
	words
}

# whole_quick: that home, made so.
whole_quick() {
	quick
	umask 077
	cp -a "$BATS_FILE_TMPDIR"/quick/. .
	words
}

# words: files of passphrases, and what says so: "${pw[@]}", "${new[@]}".
words() {
	umask 077
	cp "$BATS_FILE_TMPDIR"/pw* .
	pw=(--passphrase-file pw) new=(--new-passphrase-file pw2)
}

# told NAME: a member of what was printed.
told() {
	jq -r ".$1" <<<"$output"
}

# denies WORD: the last command has refused with it.
denies() {
	[[ -z $output && $stderr == *"($1)" ]] ||
	    fail "$1: $status, '$output', '$stderr'"
}

# fingerprints: what must not change.
fingerprints() {
	find identity -type f -exec sha256sum {} + | sort
}

# --- identity ---------------------------------------------------------------

@test "identity: an id is the hash of the public file, under any umask" {
	local mask id

	words
	for mask in 000 022 077; do
		rm -rf identity
		umask "$mask"
		run --separate-stderr bzn-keygen identity "${pw[@]}"
		[[ $status == 0 && $stderr == "bzn-keygen: keep '$PWD/"*":"* ]]
		[[ $(told result) == made ]]
		id=$(sha256sum <identity/node_public.pem)
		[[ $(told node_id) == "${id%% *}" ]]
		[[ $(<identity/node_id.txt) == "${id%% *}" ]]
		is 0 "113" "" stat -c %s identity/node_public.pem
		is 0 "700 d" "" find identity -type d -printf '%m %y\n'
		is 0 "600" "" sh -c \
		    'find identity -type f -printf "%m\n" | sort -u'
	done
}

@test "--dry-run: a home that is not there is not made" {
	words
	is 0 '{"result":"made","dry_run":true}' "" \
	    bzn-keygen --home h identity -n
	is 0 '{"result":"made","dry_run":true}' "" \
	    bzn-keygen --home h wallet -n
	is 4 "" "bzn-keygen: this home has no node identity: make one with \
'bzn-keygen identity' (no_key)" bzn-keygen --home h rotate -n "${pw[@]}"
	is 4 "" "bzn-keygen: this home has no token key: make one with \
'bzn-keygen token' (no_key)" bzn-keygen --home h rotate -n token
	[[ ! -e h ]]
}

@test "identity: one there is stays, unless it is put aside" {
	local before id

	whole
	id=$(jq -r .node_id made.json)
	before=$(fingerprints)
	is 10 "" "bzn-keygen: this home has a node identity: 'bzn-keygen \
rotate' replaces its key (id_conflict)" bzn-keygen identity "${pw[@]}"
	is 0 '{"result":"made","dry_run":true}' "" \
	    bzn-keygen identity -f -n "${pw[@]}"
	[[ $(fingerprints) == "$before" ]]
	cp identity/node_private.pem old.pem
	chmod 644 identity/node_id.txt
	run --separate-stderr bzn-keygen identity -qf --passphrase-file pw2
	[[ $status == 0 && -z $stderr && $(told node_id) != "$id" ]]
	cmp old.pem "identity/old/$id/node_private.pem"
	is 0 600 "" stat -c %a identity/node_id.txt
	rm -rf identity
	is 0 '{"result":"made","dry_run":true}' "" bzn-keygen identity -n
	[[ ! -e identity ]]
}

@test "identity: halves are made whole, or refused for what they are" {
	local id

	whole
	id=$(jq -r .node_id made.json)
	rm identity/node_public.pem identity/revocation.json
	is 4 "" "bzn-keygen: this home has no node identity: make one with \
'bzn-keygen identity' (no_key)" bzn-keygen inspect
	run --separate-stderr bzn-keygen identity -q --passphrase-file pw2
	[[ $status == 5 ]]
	denies bad_passphrase
	run --separate-stderr bzn-keygen identity -q "${pw[@]}"
	[[ $status == 0 && $(told result) == restored ]]
	[[ $(told node_id) == "$id" && -e identity/revocation.json ]]
	mv identity/node_private.pem away
	run --separate-stderr bzn-keygen identity -q "${pw[@]}"
	[[ $status == 4 ]]
	denies no_key
	mv away identity/node_private.pem
	tr 0-9 1-90 <identity/node_id.txt >x
	mv x identity/node_id.txt
	run --separate-stderr bzn-keygen identity -q "${pw[@]}"
	[[ $status == 1 ]]
	denies id_mismatch
	rm -r identity/node_*
	bzn-keygen identity -q "${pw[@]}" >other.json
	cp "$BATS_FILE_TMPDIR"/home/identity/node_private.pem identity
	run --separate-stderr bzn-keygen revoke "${pw[@]}"
	[[ $status == 1 ]]
	denies key_mismatch
}

@test "identity: half of one is not completed with half of another" {
	whole
	rm identity/node_public.pem
	export LATE='bzn-keygen identity -fq --passphrase-file pw2'
	is 6 "" "bzn-keygen: another program has made the identity in the \
meantime (lock_timeout)" bzn-keygen identity \
	    --passphrase-cmd 'sh -c "$LATE >late.json; cat pw"'
	bzn-keygen revoke --passphrase-file pw2 >/dev/null ||
	    fail "halves of two keys"
	is 0 "$(jq -r .node_id late.json)" "" \
	    sh -c 'bzn-keygen inspect | jq -r .node_id'
}

@test "a public file with CRLF or cut short is refused, not hashed again" {
	local n

	whole
	cp identity/node_public.pem good
	sed 's/$/\r/' good >identity/node_public.pem
	run --separate-stderr bzn-keygen inspect
	[[ $status == 3 ]]
	denies bad_pem
	for n in 0 1 50 112; do
		head -c "$n" good >identity/node_public.pem
		run --separate-stderr bzn-keygen inspect
		[[ $status == 3 ]]
		denies bad_pem
	done
}

# --- killed -----------------------------------------------------------------

# kill_at CALL N ARGUMENT...: keygen is killed as it makes its Nth such call;
# false if it makes fewer.
kill_at() {
	local call=$1 n=$2

	shift 2
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 \
	    strace -qq -o /dev/null -e trace="$call" \
	    -e "inject=$call:signal=KILL:when=$n" \
	    bzn-keygen "$@" >killed.out 2>killed.err
	(($? == 137))
}

# traced: can calls be seen here?  Not in every container.
traced() {
	strace -qq -o /dev/null true 2>/dev/null || skip "no strace"
}

# private HOME: nothing in it is for others.
private() {
	local loose

	loose=$(find "$1"/identity -perm /077 ! -type l -print)
	[[ -z $loose ]] || fail "others can read $loose"
}

# The calls after which something else is there: what is left by a program
# that is killed at another one, it leaves at one of these, too.  "make torture"
# kills at all.
changes() {
	[[ -z ${TORTURE-} ]] || set -- access newfstatat getdents64 read fsync \
	    close flock munlock munmap fcntl exit_group
	echo mkdir openat fchmod write link unlink rename rmdir "$@"
}

# The few of them by which something comes to its place, or leaves it.
moves() {
	[[ -n ${TORTURE-} ]] && changes || echo link unlink rename rmdir
}

# Most calls to open are those of the loader.
first() {
	[[ $1 == openat && -z ${TORTURE-} ]] && echo 17 || echo 1
}

# opens HOME ARGUMENT...: the private key and the rest belong together.
opens() {
	local home=$1

	shift
	bzn-keygen --home "$home" check >/dev/null || fail "$*: not whole"
	bzn-keygen --home "$home" check --open "${pw[@]}" >/dev/null ||
	    fail "$*: halves of two keys"
}

# dies_as_it_makes_one CALL ARGUMENT...
dies_as_it_makes_one() {
	local call=$1 n again=''

	shift
	for ((n = $(first "$call"); ; n++)); do
		rm -rf h
		kill_at "$call" "$n" --home h "$@" -q "${pw[@]}" || break
		[[ -e h/identity ]] || continue
		private h
		bzn-keygen --home h inspect >seen 2>why || true
		# Whatever acts next finishes it, or clears it away.
		bzn-keygen --home h import none >/dev/null 2>&1 || true
		is 0 "" "" find h/identity -name '.*'
		if [[ -s seen ]]; then
			opens h "$call" "$n"
			continue
		fi
		grep -q no_key why || fail "$call $n: $(<why)"
		is 0 "" "" find h/identity -type f
		[[ -z $again || -n ${TORTURE-} ]] || continue
		bzn-keygen --home h "$@" -q "${pw[@]}" >/dev/null
		again=yes
	done
	((n > 1)) || fail "$call was never made"
}

@test "identity: killed at every change it is whole or not there" {
	local call

	[[ -z $BZN_SAN || -n ${TORTURE-} ]] || skip "slow, and the same"
	traced
	quick
	words
	for call in $(moves); do
		dies_as_it_makes_one "$call" identity
	done
}

@test "import: killed at a change it is whole or not there" {
	local call

	[[ -z $BZN_SAN || -n ${TORTURE-} ]] || skip "slow, and the same"
	traced
	quick
	words
	echo "$SEED" >seed
	for call in $(moves); do
		dies_as_it_makes_one "$call" import seed
		[[ ! -e h/identity/node_id.txt ||
		    $(<h/identity/node_id.txt) == "$SEED_ID" ]]
	done
}

dies_as_it_rotates() {
	local call=$1 n id chain

	for ((n = 1; ; n++)); do
		rm -rf h
		mkdir h
		cp -a "$BATS_FILE_TMPDIR"/quick/identity h
		kill_at "$call" "$n" --home h rotate -q "${pw[@]}" || break
		private h
		id=$(bzn-keygen --home h inspect | jq -r .node_id)
		opens h "$call" "$n"
		[[ $id != "$old" ]] || continue
		changed=$((changed + 1))
		cmp "h/identity/old/$old/node_private.pem" \
		    identity/node_private.pem || fail "$call $n: a lost key"
		chain=$(find h/identity -name rotations.jsonl)
		is 0 "$id" "" sh -c "bzn-keygen --home h check --key old.pem \
		    --chain $chain | jq -r .new_node_id"
	done
}

@test "rotate: killed at every change the key is the old one or the new one" {
	local call old changed=0

	[[ -z $BZN_SAN || -n ${TORTURE-} ]] || skip "slow, and the same"
	traced
	whole_quick
	old=$(jq -r .node_id made.json)
	bzn-keygen export pem >old.pem
	for call in $(moves); do
		dies_as_it_rotates "$call"
	done
	((changed > 3)) || fail "only $changed times was it the new one"
}

# dies HOLDS ARGUMENT...: killed at each of those calls, keygen leaves a home
# h that nobody else can read, in which every file is what it should be, and
# for which HOLDS is true, before it is tidied and afterwards.  It starts from
# this home.
dies() {
	local holds=$1 call n kills=0

	[[ -z $BZN_SAN || -n ${TORTURE-} ]] || skip "slow, and the same"
	shift
	for call in $(moves); do
		for ((n = $(first "$call"); ; n++)); do
			rm -rf h
			mkdir h
			cp -a identity h
			kill_at "$call" "$n" --home h "$@" || break
			kills=$((kills + 1))
			private h
			bzn-keygen --home h check >seen 2>&1 ||
			    fail "$call $n: $(<seen)"
			"$holds" || fail "$call $n: not $holds"
			bzn-keygen --home h import none >/dev/null 2>&1 || true
			is 0 "" "" find h/identity -name '.*'
			"$holds" || fail "$call $n: not $holds any more"
		done
	done
	((kills)) || fail "$*: never killed"
}

# one_wallet: it is there, the one or the other, and with it what was replaced.
one_wallet() {
	local now old=${1-}

	now=$(cat h/identity/.ready/wallet_address.txt 2>/dev/null ||
	    cat h/identity/wallet_address.txt 2>/dev/null) || true
	[[ $now != "$old" ]] || return 0
	[[ $now == 0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf ]]
	[[ -z $old ]] || cmp "h/identity/old/$old/wallet.json" \
	    identity/wallet.json
}

another_wallet() {
	one_wallet "$(<identity/wallet_address.txt)"
}

@test "wallet: killed at a change there is one or none, and none is lost" {
	traced
	whole_quick
	printf '%064d\n' 1 >hex
	dies another_wallet wallet -f --from hex "${pw[@]}"
	rm identity/wallet*
	dies one_wallet wallet --from hex "${pw[@]}"
}

# Tokens that the key has signed are still accepted.
key_is_told() {
	bzn-keygen --home h export jwks | jq -r '.keys[].kid' >kids
	[[ -z ${kid-} ]] || grep -qxF -- "$kid" kids
}

@test "token: killed at a change no key is forgotten" {
	local kid

	traced
	whole_quick
	kid=$(jq -r '.keys[] | select(.kty == "RSA") | .kid' jwks.json)
	dies key_is_told token -f
	rm identity/token_*
	kid=
	dies key_is_told token
}

# What was there first stays; and it is made if it is not there.
log_stays() {
	local key=h/identity/log_private.pem

	rm -f was
	[[ ! -e $key ]] || cp "$key" was
	bzn-keygen --home h log "${pw[@]}" >log.again || return 1
	bzn-keygen --home h check >/dev/null || return 1
	[[ ! -e was ]] || cmp "$key" was
}

pepper_stays() {
	local pepper=h/identity/pepper

	rm -f was
	[[ ! -e $pepper ]] || cp "$pepper" was
	bzn-keygen --home h api-key alice >api.again || return 1
	[[ ! -e was ]] || cmp "$pepper" was
}

@test "log, api-key: killed at a change the secret is whole or not there" {
	traced
	whole_quick
	rm identity/log_* identity/pepper
	dies log_stays log "${pw[@]}"
	dies pepper_stays api-key alice
}

# The file is what it was, or the new passphrase opens it.
node_opens() {
	cmp -s {,h/}identity/node_private.pem ||
	    bzn-keygen --home h revoke --passphrase-file pw2 >/dev/null
}

wallet_opens() {
	local file=h/identity/.ready/wallet.json

	[[ -e $file ]] || file=h/identity/wallet.json
	cmp -s identity/wallet.json "$file" ||
	    bzn-keygen --home none wallet -n --from "$file" \
	    --passphrase-file pw2 >/dev/null
}

@test "passwd: killed at a change the old passphrase opens, or the new one" {
	traced
	whole_quick
	dies node_opens passwd "${pw[@]}" "${new[@]}"
	dies wallet_opens passwd wallet "${pw[@]}" "${new[@]}"
}

# The key in use is the old one, or the one taken over, and the old one kept.
old_is_kept() {
	local id

	id=$(bzn-keygen --home h inspect | jq -r .node_id)
	[[ $id != "$old" ]] || return 0
	[[ $id == "$SEED_ID" ]] && cmp "h/identity/old/$old/node_private.pem" \
	    identity/node_private.pem
}

@test "import: killed at a change the key that is replaced is not lost" {
	local old

	traced
	whole_quick
	old=$(jq -r .node_id made.json)
	echo "$SEED" >seed
	dies old_is_kept import -fq seed "${pw[@]}"
}

@test "rotate: who reads meanwhile sees one key or the next, never halves" {
	whole
	for _ in 1 2 3 4; do
		bzn-keygen rotate -q "${pw[@]}" >/dev/null
	done &
	while [[ -n $(jobs -rp) ]]; do
		bzn-keygen inspect >/dev/null
		bzn-keygen export pem >/dev/null
	done
	wait %1
	is 0 4 "" sh -c 'bzn-keygen inspect | jq .rotations'
}

@test "what an interrupted change has left is finished before the next" {
	local id

	whole
	id=$(jq -r .node_id made.json)
	mkdir identity/.ready
	mv identity/node_public.pem identity/node_id.txt identity/.ready
	run --separate-stderr bzn-keygen inspect
	[[ $status == 0 && $(told node_id) == "$id" ]]
	run --separate-stderr bzn-keygen identity -q
	[[ $status == 0 && $(told result) == completed ]]
	[[ ! -e identity/.ready && -e identity/node_public.pem ]]
	mkdir identity/.new
	echo half >identity/.new/node_public.pem
	is 10 "" "bzn-keygen: this home has a node identity: 'bzn-keygen \
rotate' replaces its key (id_conflict)" bzn-keygen identity
	[[ ! -e identity/.new ]]
	flock identity sleep 5 &
	until ! flock -n identity true; do :; done
	run --separate-stderr bzn-keygen identity
	kill %1
	[[ $status == 6 ]]
	denies lock_timeout
}

# --- modes ------------------------------------------------------------------

# alone: no file here is for others, nor the directory of any.
alone() {
	is 0 "" "" find identity \( -type f ! -perm 600 \) -o \
	    \( -type d ! -perm 700 \)
}

@test "every file that a verb makes is 0600, under any umask" {
	local mask f

	quick
	words
	printf '%064d\n' 1 >hex
	echo "$SEED" >seed
	for mask in 000 022 077; do
		rm -rf identity
		umask "$mask"
		{
			bzn-keygen identity -q "${pw[@]}"
			bzn-keygen wallet "${pw[@]}"
			bzn-keygen token
			bzn-keygen log "${pw[@]}"
			bzn-keygen api-key alice
			bzn-card show "${pw[@]}"
		} >out
		for f in node_private.pem wallet.json token_private.pem \
		    log_private.pem pepper card.json; do
			[[ -e identity/$f ]] || fail "$f was not made"
		done
		alone
		# What is written over is so again; but for secrets, which
		# are refused if it was not.
		chmod 644 identity/{node_public.pem,node_id.txt,card.json} \
		    identity/{wallet_address.txt,log_cert.json,revocation.json}
		{
			bzn-keygen rotate -q "${pw[@]}"
			bzn-keygen wallet -f --from hex "${pw[@]}"
			bzn-keygen rotate token
			bzn-keygen log "${pw[@]}"
			bzn-keygen passwd "${pw[@]}" --new-passphrase-file pw
			bzn-keygen passwd wallet "${pw[@]}" \
			    --new-passphrase-file pw
			bzn-keygen import -fq seed "${pw[@]}"
			bzn-card show --sign "${pw[@]}"
		} >out
		[[ $(find identity/old -name node_private.pem | wc -l) == 2 ]]
		[[ $(find identity/old -name wallet.json | wc -l) == 1 ]]
		[[ -e identity/token_retired.jsonl ]]
		alone
	done
}

# --- opening ----------------------------------------------------------------

@test "passphrases: the wrong one, none, and from each kind of source" {
	whole
	run --separate-stderr bzn-keygen revoke --passphrase-file pw2
	[[ $status == 5 ]]
	denies bad_passphrase
	run --separate-stderr timeout 2 setsid bzn-keygen revoke </dev/null
	[[ $status == 5 ]]
	denies no_passphrase
	is 4 "" "bzn-keygen: cannot open '$PWD/identity/node_private.pem': \
--passphrase-file: cannot open 'none': No such file or directory (no_file)" \
	    bzn-keygen revoke --passphrase-file none
	run --separate-stderr setsid timeout 2 bzn-keygen revoke <&-
	[[ $status == 5 ]]
	denies no_passphrase
	bzn-keygen revoke --passphrase-fd 3 3<pw >/dev/null
	bzn-keygen revoke --passphrase-cmd 'cat pw' >/dev/null
	BZN_PASSPHRASE_FILE=pw bzn-keygen revoke >/dev/null
	# An identity needs one as well, and leaves nothing behind without.
	run --separate-stderr setsid bzn-keygen --home new identity </dev/null
	[[ $status == 5 && -z $(ls new/identity) ]]
	denies no_passphrase
}

@test "a secret that others can read, or that is another's, is refused" {
	local key=identity/node_private.pem

	whole
	chmod 640 "$key"
	run --separate-stderr bzn-keygen revoke "${pw[@]}"
	[[ $status == 5 ]]
	denies unsafe_mode
	chmod 600 "$key"
	mv "$key" elsewhere
	ln -s "$PWD/elsewhere" "$key"
	bzn-keygen revoke "${pw[@]}" >/dev/null
	rm "$key"
	mkfifo -m 600 "$key"
	run --separate-stderr timeout 5 bzn-keygen revoke "${pw[@]}"
	[[ $status == 5 ]]
	denies unsafe_mode
	rm "$key"
	ln -s /dev/null "$key"
	run --separate-stderr bzn-keygen revoke "${pw[@]}"
	[[ $status == 5 ]]
	denies unsafe_mode
	((UID)) || {
		chown 12345 elsewhere
		ln -sf "$PWD/elsewhere" "$key"
		run --separate-stderr bzn-keygen revoke "${pw[@]}"
		[[ $status == 5 ]]
		denies unsafe_mode
	}
}

# locked KDF PARAMETERS...: a key file with these, and nothing in it.
locked() {
	local kdf=$1

	shift
	{
		printf '%s\n' asn1=SEQUENCE:file '[file]' alg=SEQUENCE:alg \
		    "text=FORMAT:HEX,OCTETSTRING:$(printf '%096d' 0)" \
		    '[alg]' oid=OID:PBES2 params=SEQUENCE:params \
		    '[params]' kdf=SEQUENCE:kdf enc=SEQUENCE:enc \
		    '[enc]' oid=OID:aes-256-cbc \
		    "iv=FORMAT:HEX,OCTETSTRING:$(printf '%032d' 0)" \
		    '[kdf]' "oid=OID:$kdf" params=SEQUENCE:values \
		    '[prf]' oid=OID:hmacWithSHA256 null=NULL \
		    '[values]' \
		    "salt=FORMAT:HEX,OCTETSTRING:$(printf '%032d' 0)" "$@"
	} >conf
	openssl asn1parse -genconf conf -noout -out der
	{
		echo '-----BEGIN ENCRYPTED PRIVATE KEY-----'
		base64 -w64 der
		echo '-----END ENCRYPTED PRIVATE KEY-----'
	} >identity/node_private.pem
}

# dear: what the file asks for is refused at once, whoever asks.
dear() {
	run --separate-stderr timeout 1 bzn-keygen revoke "${pw[@]}"
	[[ $status == 3 ]]
	denies kdf_cost
	# Not even a passphrase is asked for.
	run --separate-stderr timeout 1 setsid bzn-keygen revoke </dev/null
	[[ $status == 3 ]]
	denies kdf_cost
	run --separate-stderr timeout 1 bzn-keygen check
	[[ $status == 1 && $output == *'"code":"kdf_cost"'* ]]
}

@test "a key file that asks for too much work is refused before any" {
	whole
	locked PBKDF2 iter=INTEGER:1000 prf=SEQUENCE:prf
	run --separate-stderr bzn-keygen revoke "${pw[@]}"
	[[ $status == 5 ]]
	denies bad_passphrase
	locked PBKDF2 iter=INTEGER:2147483648 prf=SEQUENCE:prf
	dear
	locked PBKDF2 iter=INTEGER:10000001 prf=SEQUENCE:prf
	dear
	locked 1.3.6.1.4.1.11591.4.11 n=INTEGER:1073741824 r=INTEGER:8 \
	    p=INTEGER:1
	dear
}

# --- other tools ------------------------------------------------------------

@test "openssl opens our key, and signs what our public key checks" {
	whole
	openssl pkey -in identity/node_private.pem -passin file:pw \
	    -pubout -out theirs
	cmp theirs identity/node_public.pem
	openssl pkey -in identity/node_private.pem -passin file:pw2 \
	    2>/dev/null && fail "with the wrong passphrase"
	openssl asn1parse -in identity/node_private.pem >asn1
	grep -q 'INTEGER.*:0927C0' asn1	# 600,000
	grep -q aes-256-cbc asn1
	grep -q hmacWithSHA256 asn1
	openssl pkey -pubin -in identity/node_public.pem -noout
	echo text >text
	openssl pkey -in identity/node_private.pem -passin file:pw -out open
	openssl pkeyutl -sign -rawin -inkey open -in text -out sig
	bzn-keygen export pem >exported
	openssl pkeyutl -verify -rawin -pubin -inkey exported -in text \
	    -sigfile sig
}

# takes FILE [OPTION...]: an identity is made of the key in the file.
takes() {
	local want

	want=$(sha256sum <theirs.pub)
	rm -rf identity
	run --separate-stderr bzn-keygen import -q "$@"
	[[ $status == 0 && -z $stderr && $(told node_id) == "${want%% *}" ]] ||
	    fail "$*: $status, $output, $stderr"
	bzn-keygen check --open --passphrase-file pw >/dev/null
}

@test "import: what openssl has written, locked in each way, or not" {
	words
	openssl genpkey -algorithm ed25519 -out open
	chmod 600 open
	openssl pkey -in open -pubout -out theirs.pub
	openssl pkcs8 -topk8 -in open -v2 aes-256-cbc -iter 2048 \
	    -passout file:pw -out weak
	openssl pkcs8 -topk8 -in open -scrypt -passout file:pw -out scrypt
	openssl pkey -in open -aes128 -passout file:pw -out other
	takes open "${pw[@]}"
	takes weak "${pw[@]}"
	takes scrypt "${pw[@]}"
	takes other "${pw[@]}"
	openssl pkey -in open -outform DER | tail -c 32 | xxd -p -c0 >seed
	takes seed "${pw[@]}"
	takes weak "${pw[@]}" --new-passphrase-file pw
	# 2,048 rounds are worth a remark, wherever they are met.
	rm -rf identity
	run --separate-stderr bzn-keygen import weak "${pw[@]}"
	[[ $stderr == *"'weak' is locked with 2048 rounds only"* ]]
	cp weak identity/node_private.pem
	run --separate-stderr bzn-keygen revoke "${pw[@]}"
	[[ $status == 0 && $stderr == *"with 2048 rounds only: 'bzn-keygen "* ]]
	bzn-keygen passwd "${pw[@]}" --new-passphrase-file pw
	is 0 "" "" sh -c 'bzn-keygen revoke --passphrase-file pw >/dev/null'
	run --separate-stderr bzn-keygen import open "${pw[@]}"
	[[ $status == 10 ]]
	denies id_conflict
	rm -rf identity
	chmod 644 open
	run --separate-stderr bzn-keygen import open "${pw[@]}"
	[[ $status == 5 && ! -e identity/node_private.pem ]]
	denies unsafe_mode
}

@test "import: no key, another kind of key, and nothing at all" {
	words
	openssl genpkey -algorithm x25519 -out other 2>/dev/null
	openssl genpkey -algorithm ed25519 | head -n 2 >short
	echo "${RANDOM}" >text
	chmod 600 other short text
	for f in other short text; do
		run --separate-stderr bzn-keygen import "$f" "${pw[@]}"
		[[ $status == 3 ]]
		denies bad_pem
	done
	run --separate-stderr bzn-keygen import nothing "${pw[@]}"
	[[ $status == 4 ]]
	denies no_file
	[[ -z $(ls identity) ]]
}

@test "python opens our key, and we open what python has locked" {
	python3 -c 'import cryptography' 2>/dev/null || skip "no cryptography"
	whole
	python3 - <<-'END'
		from cryptography.hazmat.primitives import serialization as s
		from cryptography.hazmat.primitives.asymmetric import ed25519
		pw = open("pw", "rb").read().rstrip(b"\n")
		pub = (s.Encoding.PEM, s.PublicFormat.SubjectPublicKeyInfo)
		ours = s.load_pem_private_key(
		    open("identity/node_private.pem", "rb").read(), pw)
		assert ours.public_key().public_bytes(*pub) == \
		    open("identity/node_public.pem", "rb").read()
		key = ed25519.Ed25519PrivateKey.generate()
		open("theirs", "wb").write(key.private_bytes(s.Encoding.PEM,
		    s.PrivateFormat.PKCS8, s.BestAvailableEncryption(pw)))
		open("theirs.pub", "wb").write(
		    key.public_key().public_bytes(*pub))
	END
	takes theirs "${pw[@]}"
}

@test "ssh-keygen and minisign read our key, and we read theirs" {
	local print f

	command -v ssh-keygen >/dev/null || skip "no ssh-keygen"
	whole
	bzn-keygen export ssh >ours
	print=$(ssh-keygen -l -f ours | cut -d' ' -f2)
	[[ $print == "$(bzn-keygen inspect | jq -r .ssh_fingerprint)" ]]
	ssh-keygen -q -t ed25519 -N '' -C 'a comment' -f theirs
	print=$(ssh-keygen -l -f theirs.pub | cut -d' ' -f2)
	[[ $print == "$(bzn-keygen inspect theirs.pub |
	    jq -r .ssh_fingerprint)" ]]
	for f in pem hex ssh minisign; do
		bzn-keygen export "$f" theirs.pub >"as.$f"
		bzn-keygen export pem "as.$f" | cmp - as.pem
	done
	ssh-keygen -q -t rsa -b 2048 -N '' -f rsa
	run --separate-stderr bzn-keygen inspect rsa.pub
	[[ $status == 3 ]]
	denies bad_key
	command -v minisign >/dev/null || skip "no minisign"
	minisign -GWf -p mini.pub -s mini.key >/dev/null
	[[ $(bzn-keygen export hex mini.pub) == "$(tail -n 1 mini.pub |
	    base64 -d | tail -c 32 | xxd -p -c0)" ]]
	echo text >text
	minisign -Sm text -s mini.key >/dev/null
	bzn-keygen export minisign mini.pub >again.pub
	# The key is the same; its name in minisign is ours.
	run minisign -Vm text -p again.pub
	[[ $status != 0 && $output == *"key id"* ]]
}

# --- names ------------------------------------------------------------------

@test "inspect: every name of a key, and no secret" {
	words
	echo "$SEED" >seed
	bzn-keygen import -q seed "${pw[@]}" >/dev/null
	run --separate-stderr bzn-keygen inspect
	[[ $status == 0 && -z $stderr ]]
	[[ $(told node_id) == "$SEED_ID" ]]
	[[ $(told node_hash) == 0x389ec80b0ca61a9b17c160ec894cf7cbf80b070a4cd49cc0337baaf4d37925fe ]]
	[[ $(told dns_label) == p4wz5ufxdohfu3c46mhgi7loec23zjw2zadr6enl4p7pqaknwyia ]]
	[[ $(told did) == did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw ]]
	[[ $(told fingerprint) == SHA256:fy2e0LcbjlpsXPMOZH1uILW8ptrIBx8Rq+P++AFNthA ]]
	[[ $(told public_key) == d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a ]]
	[[ $(told words) =~ ^([a-z]+\ ){5}[a-z]+$ ]]
	[[ $output != *9d61b19deffd5a60* ]]
	told public_key >hex
	[[ $(bzn-keygen inspect hex | jq -r .words) == "$(told words)" ]]
	bzn-keygen inspect identity/node_public.pem >/dev/null
	is 4 "" "bzn-keygen: this home has no node identity: make one with \
'bzn-keygen identity' (no_key)" bzn-keygen --home nothing inspect
	is 4 "" "bzn-keygen: cannot open 'x': No such file or directory \
(no_file)" bzn-keygen inspect x
	is 2 "" "bzn-keygen: no format 'x509': say pem, hex, ssh, minisign, \
jwks or token (usage)" bzn-keygen export x509
	is 3 "" "bzn-keygen: seed2: no Ed25519 key as PEM, hex, or a line of \
ssh-keygen or minisign (bad_key)" sh -c 'echo x >seed2; bzn-keygen inspect seed2'
}

# --- check ------------------------------------------------------------------

# finds STATUS FILE WORD: check does, of this file and no other.
finds() {
	run --separate-stderr bzn-keygen check
	[[ $status == "$1" && $(jq -r 'select(.ok | not) |
	    .file + " " + .code' <<<"$output") == "identity/$2 $3" ]] ||
	    fail "$status: $output $stderr"
}

@test "check: good files, and each that is not" {
	whole
	is 0 "" "" sh -c 'bzn-keygen check >all'
	is 0 true "" jq -s 'all(.ok) and length == 11' all
	is 0 "" "" sh -c 'bzn-keygen check --open --passphrase-file pw >all'
	run --separate-stderr bzn-keygen check --open --passphrase-file pw2
	[[ $status == 1 && $output == *bad_passphrase* ]]
	for f in node_private.pem wallet.json token_private.pem \
	    log_private.pem pepper; do
		chmod 604 "identity/$f"
		finds 5 "$f" unsafe_mode
		chmod 600 "identity/$f"
	done
	chmod 622 identity/node_public.pem
	finds 5 node_public.pem unsafe_mode
	chmod 644 identity/node_public.pem
	is 0 "" "" sh -c 'bzn-keygen check >all'
	chmod 750 identity
	run --separate-stderr bzn-keygen check
	[[ $status == 5 && $stderr == "bzn-keygen: 1 of 11 files is not as it \
should be (unsafe_mode)" ]]
	chmod 700 identity
	echo 0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf \
	    >identity/wallet_address.txt
	finds 1 wallet.json key_mismatch
	cp "$BATS_FILE_TMPDIR"/home/identity/wallet_address.txt identity
	sed -i 's/ledger.example/other.example/' identity/log_cert.json
	finds 1 log_cert.json bad_signature
	cp "$BATS_FILE_TMPDIR"/home/identity/log_cert.json identity
	sed -i 's/made with/lost with/' identity/revocation.json
	finds 1 revocation.json bad_signature
	rm identity/revocation.json
	head -c 900 identity/token_private.pem >x
	mv x identity/token_private.pem
	finds 1 token_private.pem bad_pem
	rm identity/token_private.pem
	mv identity/node_private.pem x
	finds 1 node_private.pem no_key
	mv x identity/node_private.pem
	umask 077
	touch identity/notes
	run --separate-stderr bzn-keygen check
	[[ $status == 0 && $output == *'/notes","ok":true'*"not a file of ours"* ]]
	chmod 644 identity/notes
	finds 5 notes unsafe_mode
	is 4 "" "bzn-keygen: there is no 'x/identity': 'bzn-keygen identity' \
makes it (no_key)" bzn-keygen check --home x
}

# --- rotate, revoke, passwd -------------------------------------------------

@test "rotate: a chain that is followed offline, and old keys kept" {
	local first second

	whole
	first=$(jq -r .node_id made.json)
	bzn-keygen export ssh >first.pub
	is 0 '{"result":"rotated","dry_run":true}' "" \
	    bzn-keygen rotate -n "${pw[@]}"
	bzn-keygen rotate -q "${pw[@]}" -r yearly >>chain
	second=$(bzn-keygen inspect | jq -r .node_id)
	bzn-keygen export hex >second.pub
	bzn-keygen rotate identity -q "${pw[@]}" "${new[@]}" >>chain
	[[ $(jq -r .reason chain) == yearly ]]
	is 0 2 "" jq -r .rotations <(bzn-keygen inspect)
	cmp chain identity/rotations.jsonl
	cmp "$BATS_FILE_TMPDIR"/home/identity/node_private.pem \
	    "identity/old/$first/node_private.pem"
	[[ -e identity/old/$second/node_private.pem ]]
	bzn-keygen check --open --passphrase-file pw2 >/dev/null
	mkdir stranger
	run --separate-stderr bzn-keygen --home stranger check --chain chain \
	    --key first.pub
	[[ $status == 0 && $(told links) == 2 && $(told old_node_id) == "$first" ]]
	[[ $(told new_node_id) == $(<identity/node_id.txt) ]]
	told new_public_key_pem | head -c 113 | cmp - identity/node_public.pem
	run --separate-stderr bzn-keygen check --chain - --key second.pub <chain
	[[ $(told links) == 1 ]]
	run --separate-stderr bzn-keygen check --chain chain
	[[ $(told links) == 0 ]]
	sed 's/yearly/weekly/' chain >forged
	run --separate-stderr bzn-keygen check --chain forged --key first.pub
	[[ $status == 1 ]]
	denies bad_signature
	# Each of the two signatures counts.
	jq -c '.signature_new = .signature_old' chain >forged
	run --separate-stderr bzn-keygen check --chain forged --key first.pub
	[[ $status == 1 ]]
	denies bad_signature
	is 2 "" "bzn-keygen: --key needs --chain (usage)" bzn-keygen check \
	    --key first.pub
	is 2 "" "bzn-keygen: rotate identity or token, not 'wallet' (usage)" \
	    bzn-keygen rotate wallet
	# The signed bytes, by hand: a domain, and canonical JSON.
	echo bzn-rotate-v1 >text
	head -n 1 chain | jq -jcS 'del(.signature_old, .signature_new)' >>text
	head -n 1 chain | jq -r .signature_old | base64 -d >sig
	openssl pkeyutl -verify -rawin -pubin -in text -sigfile sig \
	    -inkey "identity/old/$first/node_public.pem"
}

@test "revoke: signed now, or when the key was made" {
	local reason

	whole
	run --separate-stderr bzn-keygen revoke "${pw[@]}" -r "key lost"
	[[ $status == 0 && -z $stderr && $(told reason) == "key lost" ]]
	[[ $(told node_id) == $(<identity/node_id.txt) ]]
	echo bzn-revoke-v1 >text
	jq -jcS 'del(.signature)' <<<"$output" >>text
	told signature | base64 -d >sig
	openssl pkeyutl -verify -rawin -pubin -in text -sigfile sig \
	    -inkey identity/node_public.pem
	is 0 "$(<identity/revocation.json)" "" bzn-keygen revoke --premade
	rm identity/revocation.json
	run --separate-stderr bzn-keygen revoke --premade
	[[ $status == 4 ]]
	denies no_file
	run --separate-stderr bzn-keygen revoke "${pw[@]}" \
	    -r "$(printf '%201s' x)"
	[[ $status == 3 ]]
	denies too_long
	# Nor what bzn-card would not take, in a statement that cannot be
	# made again when the key is lost.
	for reason in $'\e[31m' $'a\nb' $'\xff' $'\xc2\x85'; do
		is 2 "" "bzn-keygen: the reason is not text without control \
characters (usage)" bzn-keygen revoke "${pw[@]}" -r "$reason"
		is 2 "" "bzn-keygen: the reason is not text without control \
characters (usage)" bzn-keygen rotate "${pw[@]}" -r "$reason"
	done
	is 0 0 "" sh -c 'bzn-keygen inspect | jq .rotations'
}

@test "passwd: the same key under another passphrase" {
	local before

	whole
	before=$(<identity/node_private.pem)
	is 0 "" "" bzn-keygen passwd "${pw[@]}" "${new[@]}"
	[[ $(<identity/node_private.pem) != "$before" ]]
	run --separate-stderr bzn-keygen revoke "${pw[@]}"
	[[ $status == 5 ]]
	denies bad_passphrase
	bzn-keygen check --open --passphrase-file pw2 >/dev/null
	run --separate-stderr bzn-keygen passwd "${pw[@]}" "${new[@]}"
	[[ $status == 5 ]]
	denies bad_passphrase
	run --separate-stderr setsid bzn-keygen passwd \
	    --passphrase-file pw2 </dev/null
	[[ $status == 5 ]]
	denies no_passphrase
	is 0 "" "" bzn-keygen passwd wallet "${pw[@]}" "${new[@]}"
	bzn-keygen check >/dev/null
	is 2 "" "bzn-keygen: passwd identity or wallet, not 'token' (usage)" \
	    bzn-keygen passwd token
}

@test "passwd: a key that was replaced meanwhile is not put back" {
	local late='sh -c "$LATE >late.json; cat pw2"' id

	whole
	export LATE='bzn-keygen rotate -q --passphrase-file pw'
	is 6 "" "bzn-keygen: another program has replaced the key in the \
meantime (lock_timeout)" bzn-keygen passwd "${pw[@]}" \
	    --new-passphrase-cmd "$late"
	id=$(jq -r .new_node_id late.json)
	is 0 "$id" "" sh -c 'bzn-keygen inspect | jq -r .node_id'
	bzn-keygen revoke "${pw[@]}" >/dev/null || fail "the key is lost"
	export LATE='bzn-keygen wallet --force --passphrase-file pw'
	is 6 "" "bzn-keygen: another program has replaced the wallet in the \
meantime (lock_timeout)" bzn-keygen passwd wallet "${pw[@]}" \
	    --new-passphrase-cmd "$late"
	id=$(jq -r .address late.json)
	is 0 "" "" bzn-keygen passwd wallet "${pw[@]}" "${new[@]}"
	[[ $(<identity/wallet_address.txt) == "$id" ]]
}

# --- the other keys ---------------------------------------------------------

@test "wallet: made once, and what other wallets have written" {
	local before one=0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf

	whole
	[[ $(jq -r .address wallet.record) == $(<identity/wallet_address.txt) ]]
	is 0 '[3,131072,8,1,"aes-128-ctr"]' "" jq -c '[.version,
	    (.crypto.kdfparams | .n, .r, .p), .crypto.cipher]' \
	    identity/wallet.json
	before=$(fingerprints)
	run --separate-stderr bzn-keygen wallet "${pw[@]}"
	[[ $status == 10 ]]
	denies id_conflict
	[[ $(fingerprints) == "$before" ]]
	printf '%064d\n' 1 >hex
	is 0 '{"result":"made","address":"'$one'"}' "" \
	    bzn-keygen wallet -f --from hex "${pw[@]}"
	[[ -e identity/old/$(jq -r .address wallet.record)/wallet.json ]]
	# Ours again, as a file from elsewhere.
	mv identity/wallet.json v3
	rm identity/wallet_address.txt
	is 0 '{"result":"made","address":"'$one'"}' "" \
	    bzn-keygen wallet --from v3 "${pw[@]}" "${new[@]}"
	# The file of an older node (spec/node.md 22.5).
	rm identity/wallet*
	printf s3cret >s3cret
	cat >wallet_key.enc <<-'END'
		gAAAAABprtfEAAECAwQFBgcICQoLDA0OD5Fvy3QrnjYhdt85kqyd_5Xej-bIBRT1KgQorVyoIHHNE8GXSSfq5kHfpTDRH911eYatilJmq_dEr3LS3PxDAqafHO-kjsKVvj2sFDTKpN9YnZgxSm6WjCeysVQM3wYm0hXwJAO9YvT6TaTYrwZFbCg=
	END
	is 0 '{"result":"made","address":"'$one'"}' "" bzn-keygen wallet \
	    --from wallet_key.enc --passphrase-file s3cret "${new[@]}"
	run --separate-stderr bzn-keygen wallet -f --from wallet_key.enc \
	    "${pw[@]}"
	[[ $status == 5 ]]
	denies bad_passphrase
	jq -c '.crypto.kdfparams.n = 1073741824' v3 >dear
	run --separate-stderr timeout 1 bzn-keygen wallet -f --from dear \
	    "${pw[@]}"
	[[ $status == 3 ]]
	denies kdf_cost
}

# thumb: the thumbprint of the JWK on stdin, by other means (RFC 7638).
thumb() {
	jq -jcS '{e, kty, n}' | openssl dgst -sha256 -binary | base64 |
	    tr +/ -_ | tr -d =
}

@test "token: a set of keys, in which a retired one stays for an hour" {
	local old new kid

	whole
	kid=$(jq -r '.keys[] | select(.kty == "RSA") | .kid' jwks.json)
	[[ $kid == $(jq '.keys[] | select(.kty == "RSA")' jwks.json | thumb) ]]
	[[ $(jq -r '.keys[0].kid' jwks.json) == $(<identity/node_id.txt) ]]
	is 0 '["Ed25519","OKP","sig","EdDSA"]' "" \
	    jq -c '.keys[0] | [.crv, .kty, .use, .alg]' jwks.json
	openssl pkey -in identity/token_private.pem -noout -text >text
	grep -q '(2048 bit' text
	run --separate-stderr bzn-keygen token
	[[ $status == 10 ]]
	denies id_conflict
	is 0 "$(<jwks.json)" "" bzn-keygen export jwks
	is 0 "$(openssl pkey -in identity/token_private.pem -pubout)" "" \
	    bzn-keygen export token
	is 2 "" "bzn-keygen: 'token' is of this home: it takes no file \
(usage)" bzn-keygen export token jwks.json
	is 4 "" "bzn-keygen: this home has no token key: make one with \
'bzn-keygen token' (no_key)" bzn-keygen --home none export token
	is 0 "$(<jwks.json)" "" bzn-keygen rotate token -n
	echo 'test_clock yes' >bzn.conf
	bzn-keygen --now @1000000 rotate token >rotated
	is 0 3 "" jq '.keys | length' rotated
	[[ $(jq -r '.keys[2].kid' rotated) == "$kid" ]]
	bzn-keygen --now @4599999 export jwks | cmp - rotated
	is 0 2 "" sh -c "bzn-keygen --now @4600000 export jwks |
	    jq '.keys | length'"
	bzn-keygen rotate -q "${pw[@]}" >/dev/null
	is 0 "$(jq -r .node_id made.json)" "" \
	    sh -c "bzn-keygen export jwks | jq -r '.keys[1].kid'"
	is 0 '{"keys":[]}' "" bzn-keygen --home none export jwks
	run --separate-stderr bzn-keygen --home none rotate token
	[[ $status == 4 ]]
	denies no_key
}

@test "log: a certificate of three lines, which openssl checks" {
	local vkey

	whole
	vkey=$(jq -r .log_key log.record)
	[[ $vkey == ledger.example/a+* ]]
	printf 'bzn-log-key-v1\n%s\n%s\n' ledger.example/a "$vkey" >text
	jq -r .node_sig log.record | base64 -d >sig
	openssl pkeyutl -verify -rawin -pubin -in text -sigfile sig \
	    -inkey identity/node_public.pem
	is 0 "$(<log.record)" "" cat identity/log_cert.json
	run --separate-stderr bzn-keygen log "${pw[@]}"
	[[ $status == 0 && $(told origin) == \
	    "$(<identity/node_id.txt).bzn/ledger" ]]
	[[ $(told log_key) == *"+${vkey##*+}" ]]
	is 3 "" "bzn-keygen: 'a b' is not an origin such as \
ledger.example.com/main (bad_origin)" bzn-keygen log "${pw[@]}" --origin 'a b'
}

@test "api-key: its hash is keyed with the pepper" {
	local id

	whole
	[[ $(jq -r .api_key api.record) =~ ^bn_alice_[0-9a-f]{32}$ ]]
	[[ $(jq -r .hash api.record) == $(python3 -c '
import hashlib, sys
print(hashlib.blake2b(sys.argv[1].encode(), digest_size=32,
    key=bytes.fromhex(open("identity/pepper").read().strip())).hexdigest())' \
	    "$(jq -r .api_key api.record)") ]]
	id=$(<identity/node_id.txt)
	run --separate-stderr bzn-keygen api-key
	[[ $(told api_key) =~ ^bn_${id}_[0-9a-f]{32}$ ]]
	run --separate-stderr bzn-keygen api-key sandbox-0123456789abcdef
	[[ $(told api_key) =~ _[0-9a-f]{48}$ ]]
	run --separate-stderr bzn-keygen api-key 'a b'
	[[ $status == 3 ]]
	denies bad_id
	run --separate-stderr bzn-keygen api-key VAULT
	[[ $status == 9 ]]
	denies reserved_id
	# The operator names the houses: vmp 2.1.
	run --separate-stderr bzn-keygen api-key house-7
	[[ $(told api_key) =~ ^bn_house-7_[0-9a-f]{32}$ ]]
	run --separate-stderr bzn-keygen api-key botnode-official
	[[ $(told api_key) == bn_botnode-official_* ]]
	run --separate-stderr bzn-keygen api-key escrow-1
	[[ $status == 9 ]]
	denies reserved_id
	grep -rq "$(jq -r .api_key api.record)" identity && fail "it is kept"
	echo short >identity/pepper
	run --separate-stderr bzn-keygen api-key alice
	[[ $status == 3 ]]
	denies bad_key
}

# --- the sandbox ------------------------------------------------------------

@test "every verb shuts itself in, with no way out" {
	local verb

	whole
	[[ $(bzn-keygen --version -v) == *"sandbox: full"* ]] ||
	    skip "this kernel has no sandbox"
	for verb in "identity -f" "wallet -f" "token -f" log "revoke" rotate \
	    "check --open" passwd "identity -fn" "wallet -fn" "rotate -n" \
	    "import -fn identity/node_private.pem"; do
		set -- "${pw[@]}"
		[[ $verb != token* ]] || set --
		[[ $verb != passwd ]] || set -- "$@" --new-passphrase-file pw
		# shellcheck disable=SC2086
		run --separate-stderr bzn-keygen $verb -v --require-sandbox "$@"
		[[ $status == 0 && $stderr == *"sandbox: full"* ]] ||
		    fail "$verb: $status, $stderr"
	done
	for verb in api-key inspect check "export pem" "revoke --premade"; do
		# shellcheck disable=SC2086
		is 0 "bzn-keygen: sandbox: full" "" sh -c \
		    "bzn-keygen $verb -v --require-sandbox 2>&1 >out"
	done
	# A command brings a passphrase before that, and works.
	is 0 "" "" sh -c "bzn-keygen passwd --require-sandbox \
	    --passphrase-cmd 'cat pw' --new-passphrase-cmd 'cat pw2'"
}

@test "identity/ may be a link to another place" {
	local verb

	whole
	mkdir away
	mv identity away/keys
	ln -s away/keys identity
	for verb in inspect check "export pem" "revoke --premade" rotate \
	    passwd "check --open" api-key; do
		set --
		[[ ! $verb =~ rotate|passwd|open ]] || set -- "${pw[@]}"
		[[ $verb != passwd ]] || set -- "$@" --new-passphrase-file pw
		# shellcheck disable=SC2086
		run --separate-stderr bzn-keygen $verb -q "$@"
		[[ $status == 0 ]] || fail "$verb: $status, $stderr"
	done
	bzn-card show --name a --endpoint https://a.example "${pw[@]}" >card
	run --separate-stderr bzn-card export "${pw[@]}"
	[[ $status == 0 ]] || fail "export: $status, $stderr"
}

# --- nothing leaks ----------------------------------------------------------

# forms: those in which a seed could get out, which openssl has opened.
forms() {
	tail -c 32 der | xxd -p -c0
	tail -c 32 der | xxd -p -c0 | tr a-f A-F
	tail -c 32 der | base64 | cut -c -40
	tail -c 32 der | base64 | tr +/ -_ | cut -c -40
	base64 -w0 der | tail -c 44 | cut -c -40
}

# secrets: what nobody may see of this home, a line each: the seed that is in
# use, the passphrases, and what lies open in files of its own.
secrets() {
	local word=pw

	cmp -s {,"$BATS_FILE_TMPDIR"/home/}identity/node_private.pem ||
	    for word in pw pw2; do
		openssl pkey -in identity/node_private.pem -outform DER \
		    -passin "file:$word" -out der 2>/dev/null && break
	done
	forms
	cat pw pw2 hex identity/pepper
	sed -n 3,10p identity/token_private.pem
	sed -n 2p identity/log_private.pem | tail -c 41
}

# leaks_not PROGRAM ARGUMENT...: what is secret before or afterwards is in no
# argument, no name of a file, on no stream, and in no file but its own.
leaks_not() {
	rm -rf identity out
	cp -a "$BATS_FILE_TMPDIR"/home/identity .
	cp first.der der
	mkdir out
	secrets >hidden
	ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 \
	    strace -f -s 100000 -o calls \
	    -e trace=write,writev,sendto,execve,openat,rename,link \
	    "$@" >out/stdout 2>out/stderr <text ||
	    fail "$*: $(<out/stderr)"
	secrets >>hidden
	[[ $(wc -l <hidden) == 36 ]] || fail "$*: secrets are missing"
	# Keys that lie open in their files are written to them.
	grep -v ' write([3-9], "-----BEGIN PRIVATE KEY-----' calls |
	    grep -vE ' write\([3-9], "[0-9a-f]{64}\\n", 65\)' >out/calls
	grep -rF -f hidden out && fail "$*: leaked"
	find identity -type f ! -name token_private.pem \
	    ! -name log_private.pem ! -name pepper -exec \
	    grep -F -f hidden {} + && fail "$*: in a file"
	is 0 "" "" find identity -name '*.*.??????' -o -name 'pepper.*'
}

@test "a passphrase and a key appear nowhere but in their files" {
	local verb

	traced
	whole
	printf '%063d7\n' 0 >hex
	echo '{"sub":"x"}' >text
	openssl pkey -in identity/node_private.pem -passin file:pw \
	    -outform DER -out first.der
	openssl pkey -in first.der -out open
	for verb in "identity -f" rotate revoke log "check --open" "wallet -f" \
	    "wallet -f --from hex" "import -f open"; do
		# shellcheck disable=SC2086
		leaks_not bzn-keygen $verb "${pw[@]}"
	done
	leaks_not bzn-keygen passwd "${pw[@]}" "${new[@]}"
	leaks_not bzn-keygen passwd wallet "${pw[@]}" "${new[@]}"
	for verb in "token -f" "rotate token" "api-key alice" "export jwks"; do
		# shellcheck disable=SC2086
		leaks_not bzn-keygen $verb
	done
	leaks_not bzn-card show --sign "${pw[@]}"
	leaks_not bzn-sign sign text "${pw[@]}" --force
	leaks_not bzn-sign jwt "${pw[@]}"
	leaks_not bzn-sign jwt --token
}

@test "no core is left of a program that holds a secret" {
	local verb

	traced
	whole
	# With the passphrase just fetched, or the key.
	for verb in prctl munlock; do
		(ulimit -Sc unlimited
		ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 \
		    strace -qq -o /dev/null -e trace="$verb" \
		    -e "inject=$verb:signal=ABRT:when=2" \
		    bzn-keygen revoke "${pw[@]}" >/dev/null 2>&1) || true
		is 0 "" "" find . -maxdepth 1 -name 'core*'
	done
}
