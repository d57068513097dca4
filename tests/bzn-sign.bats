# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2034,SC2154
load common

seed_a=9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60
seed_b=4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb
seed_k=9f8362f87a484a954e6e740c5b4c0e84229139a20aa8ab56ff66586f6a7d29c5
id_a=7f2d9ed0b71b8e5a6c5cf30e647d6e20b5bca6dac8071f11abe3fef8014db610
id_b=bf019c455f05e75ce74ca02a55a4b88bab561f85a76555d8281a79f7c2985233
id_k=22ce02aa18eb1ee5f39482d0f57a6ba56f4d549f81db547f3bea2863207c8a01
key_a=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=

# bytes HEX: those.
bytes() {
	# shellcheck disable=SC2001,SC2059
	printf "$(sed 's/../\\x&/g' <<<"$1")"
}

# node DIR SEED: make DIR a home with that key.
node() {
	local dir=$1/identity

	(
		umask 077
		mkdir -p "$dir"
		bytes "302e020100300506032b657004220420$2" >"$dir/der"
		openssl pkey -inform DER -in "$dir/der" \
		    -out "$dir/node_private.pem"
		openssl pkey -inform DER -in "$dir/der" -pubout \
		    -out "$dir/node_public.pem"
		rm "$dir/der"
		sha256sum <"$dir/node_public.pem" | cut -c1-64 \
		    >"$dir/node_id.txt"
	)
	printf 'test_clock yes\n' >"$1/bzn.conf"
}

# two: this home is node A, b/ is node B; a file.
two() {
	node . "$seed_a"
	node b "$seed_b"
	clock=@1795161600000	# 2026-11-20T08:00:00Z
	printf 'hello\n' >file
}

# code WORD...: the codes of the verdicts, and of the summary, of the last run.
code() {
	local got

	got=$(jq -r .code <<<"$output" | paste -sd ' ')
	[[ $got == "$*" ]] || fail "want '$*', got '$got': $output $stderr"
}

# verdict STATUS CODES COMMAND...: run it, and look at both.
verdict() {
	local want=$1 codes=$2

	shift 2
	run --separate-stderr "$@"
	[[ $status == "$want" ]] ||
	    fail "want $want, got $status: $output $stderr"
	# shellcheck disable=SC2086
	code $codes
	if ((status)); then
		[[ ${stderr##*$'\n'} == "bzn-sign: "*"(${codes##* })" ]] ||
		    fail "$stderr"
	else
		[[ -z $stderr ]] || fail "$stderr"
	fi
}

# --- files ------------------------------------------------------------------

@test "sign: the signature, its record, and its verdict" {
	two
	is 0 '{"path":"file","signature":"file.sig","key_id":"'$id_a'",'\
'"namespace":"bzn-file-v1","signed_at":"2026-11-20T08:00:00.000Z","size":6,'\
'"sha256":"5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03",'\
'"seq":3,"comment":"first"}' "" at bzn-sign sign file --seq 3 -c first
	[[ $(<file.sig) == "bzn-file-v1
namespace bzn-file-v1
key $id_a
public MCowBQYDK2VwAyEA$key_a
time 2026-11-20T08:00:00.000Z
size 6
sha256 5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03
seq 3
comment first
signature "* ]]
	is 0 '{"path":"file","status":0,"code":"ok","key_id":"'$id_a'",'\
'"principal":"self","namespace":"bzn-file-v1",'\
'"signed_at":"2026-11-20T08:00:00.000Z","seq":3,"comment":"first"}
{"summary":true,"status":0,"code":"ok","items":1,"good":1,"counts":{"ok":1}}' \
	    "" at bzn-sign verify file
	is 1 '{"path":"file","status":1,"code":"unknown_signer","key_id":"'\
$id_a'","namespace":"bzn-file-v1","signed_at":"2026-11-20T08:00:00.000Z",'\
'"seq":3,"text":"nobody here trusts the key 7f2d9ed0b71b8e5a"}
{"summary":true,"status":1,"code":"unknown_signer","items":1,"good":0,'\
'"counts":{"unknown_signer":1}}' "bzn-sign: file: nobody here trusts the key \
7f2d9ed0b71b8e5a (unknown_signer)" at bzn-sign verify --home b file
}

@test "sign: nothing is overwritten, and the old one survives" {
	two
	at bzn-sign sign file >out
	cp file.sig old
	is 10 "" "bzn-sign: 'file.sig' exists already (id_conflict)" \
	    at bzn-sign sign file -c again
	cmp old file.sig
	bzn-sign --help | grep -q '^exit status: .* 9 10;' || fail "--help lacks 10"
	at bzn-sign sign file -c again --force >out
	! cmp -s old file.sig || fail "not replaced"
	cp file.sig old
	is 4 "" "bzn-sign: cannot open 'none': No such file or directory \
(no_file)" at bzn-sign sign none
	(
		ulimit -f 0
		trap '' XFSZ
		! bzn-sign sign -f file -c more 2>err >/dev/null
	)
	cmp old file.sig
	[[ $(ls) != *file.sig.* ]] || fail "something is left: $(ls)"
	is 2 "" "bzn-sign: --namespace: 'bzn-card-v1' is not one of files: see \
bzn-sign(1) (usage)" bzn-sign sign -n bzn-card-v1 file
	is 3 "" "bzn-sign: a comment is one line of UTF-8 without control \
characters (bad_sig)" bzn-sign sign file -c $'a\nb' -o other
	run --separate-stderr bzn-sign sign file -f --home none
	[[ $status == 4 && -z $output && $stderr == *"(no_key)" ]]
	is 2 "" "bzn-sign: name files, or give --list and their names on \
standard input (usage)" bzn-sign sign
}

@test "verify: every namespace, a changed file, a missing signature" {
	local n m

	two
	for n in file manifest release config backup report; do
		at bzn-sign sign -n "bzn-$n-v1" file -o "$n.sig" >out
	done
	for n in file manifest release config backup report; do
		for m in file manifest release config backup report; do
			if [[ $n == "$m" ]]; then
				verdict 0 "ok ok" at bzn-sign verify file \
				    -s "$m.sig" -n "bzn-$n-v1"
			else
				verdict 1 "wrong_namespace wrong_namespace" \
				    at bzn-sign verify file -s "$m.sig" \
				    -n "bzn-$n-v1"
			fi
		done
	done
	printf 'hallo\n' >file
	verdict 1 "hash_mismatch hash_mismatch" at bzn-sign verify file \
	    -s file.sig
	verdict 4 "no_file no_file" at bzn-sign verify nothing
	verdict 4 "no_file no_file" at bzn-sign verify nothing -s file.sig
	is 2 "" "bzn-sign: --namespace: 'release' is none: see bzn-sign(1) \
(usage)" bzn-sign verify -n release file
}

@test "verify: standard input, and a signature on standard output" {
	two
	at bzn-sign sign - <file >in.sig
	verdict 0 "ok ok" at bzn-sign verify - -s in.sig <file
	at bzn-sign sign -o - file | cmp - in.sig
	[[ ! -e - ]] || fail "a file called -"
	verdict 1 "hash_mismatch hash_mismatch" at bzn-sign verify - -s in.sig \
	    </dev/null
	is 2 "" "bzn-sign: standard input needs --signature (usage)" \
	    bzn-sign verify -
}

@test "attached: the content comes out only if it is good" {
	two
	at bzn-sign sign -a file >out
	verdict 0 "ok ok" at bzn-sign verify -a file.signed -o copy
	cmp file copy
	echo mine >copy
	verdict 10 "id_conflict id_conflict" at bzn-sign verify -a \
	    file.signed -o copy
	[[ $(<copy) == mine ]]
	verdict 0 "ok ok" at bzn-sign verify -af file.signed -o copy
	cmp file copy
	sed 's/hello/hallo/' file.signed >bad.signed
	verdict 1 "hash_mismatch hash_mismatch" at bzn-sign verify -a \
	    bad.signed -o other
	[[ ! -e other ]] || fail "written"
	verdict 3 "bad_sig bad_sig" at bzn-sign verify -a file
	verdict 3 "bad_sig bad_sig" at bzn-sign verify file -s file.signed
	: >empty
	at bzn-sign sign -a empty >out
	verdict 0 "ok ok" at bzn-sign verify -a empty.signed -o none
	cmp empty none
}

@test "bad input: cut at every byte, CR, NUL, junk, ten megabytes of zeros" {
	local n size

	two
	at bzn-sign sign file >out
	size=$(stat -c %s file.sig)
	for ((n = 0; n < size; n++)); do
		head -c "$n" file.sig >"cut.$n"
		cp file.sig "cut.$n.ref"
		printf '%s\0' "cut.$n"
	done >names
	for ((n = 0; n < size; n++)); do
		mv "cut.$n" "cut.$n.sig"
		cp file "cut.$n"
	done
	run --separate-stderr at bzn-sign verify --list -0 <names
	[[ $status == 3 && $(jq -r 'select(.path) | .code' <<<"$output" |
	    sort -u) == bad_sig ]] || fail "$status $stderr"
	head -c 10000000 /dev/zero >zeros
	verdict 3 "too_long too_long" at bzn-sign verify file -s zeros
	verdict 3 "bad_sig bad_sig" at bzn-sign verify -a zeros
	sed 's/$/\r/' file.sig >cr
	tr 'v' '\0' <file.sig >nul
	sed 's/^signature ./signature ?/' file.sig >junk
	sed 's/=$/!/' file.sig >bits
	{ cat file.sig; echo; } >longer
	for n in cr nul junk bits longer /dev/null; do
		verdict 3 "bad_sig bad_sig" at bzn-sign verify file -s "$n"
	done
	sed 's/^size 6/size 7/' file.sig >changed
	verdict 1 "bad_signature bad_signature" at bzn-sign verify file \
	    -s changed
	sed "s/^key .*/key $id_b/" file.sig >other
	verdict 3 "bad_sig bad_sig" at bzn-sign verify file -s other
}

@test "manifest: one signature, then every file" {
	two
	mkdir d
	for n in 1 2 3; do echo "$n" >"d/$n"; done
	echo x >$'d/a\\b\nc'
	sha256sum d/* >SUMS
	at bzn-sign sign -m SUMS >out
	verdict 0 "ok ok ok ok ok ok" at bzn-sign verify -m SUMS
	[[ $(jq -r 'select(.path) | .principal' <<<"$output" | sort -u) == \
	    self ]]
	verdict 1 "wrong_namespace wrong_namespace" at bzn-sign verify SUMS
	echo 4 >d/2
	rm d/3
	verdict 4 "ok ok hash_mismatch no_file ok no_file" \
	    at bzn-sign verify -m SUMS
	verdict 1 "ok ok hash_mismatch hash_mismatch" \
	    at bzn-sign verify -m SUMS --fail-fast
	echo "not a line" >>SUMS
	verdict 1 "hash_mismatch hash_mismatch" at bzn-sign verify -m SUMS
	at bzn-sign sign -m -f SUMS >out
	verdict 3 "ok ok hash_mismatch no_file ok bad_manifest bad_manifest" \
	    at bzn-sign verify -m SUMS
	verdict 4 "no_file no_file" at bzn-sign verify -m none
}

@test "list: names in lines or ended by NUL, any number of jobs, one order" {
	local n

	two
	for n in {1..70}; do echo "$n" >"f$n"; done
	printf '%s\n' f{1..70} >names
	printf '%s\0' f{1..70} >names0
	at bzn-sign sign --list <names >out
	[[ $(wc -l <out) == 70 ]]
	echo changed >f33
	rm f50.sig
	run --separate-stderr at bzn-sign verify --list -0 <names0
	[[ $status == 4 && $(tail -n 1 <<<"$output" | jq -c .counts) == \
	    '{"ok":68,"hash_mismatch":1,"no_file":1}' ]] || fail "$output"
	cat >one <<<"$output"
	for n in 1 2 5 64; do
		at bzn-sign verify --list --jobs "$n" <names >many 2>err ||
		    true
		cmp one many
	done
	run --separate-stderr at bzn-sign verify --list --fail-fast <names
	[[ $status == 1 && $(tail -n 1 <<<"$output" | jq .items) == 33 ]]
	echo x >./-
	at bzn-sign sign --list <<<- >out
	verdict 0 "ok ok" at bzn-sign verify --list <<<-
	is 2 "" "bzn-sign: --jobs: '0' is not a number from 1 to 64 (usage)" \
	    bzn-sign verify --jobs 0 file
	is 2 "" "bzn-sign: --list reads names from standard input: name no \
files (usage)" bzn-sign verify --list file
	is 2 "" "bzn-sign: which files? --list reads their names from standard \
input (usage)" bzn-sign verify
}

@test "several files: the worst status, and a word for it" {
	two
	at bzn-sign sign file >out
	echo x >two
	cp file.sig two.sig
	echo junk >three.sig
	verdict 3 "ok hash_mismatch bad_sig bad_sig" at bzn-sign verify file \
	    two three
	verdict 4 "ok no_file hash_mismatch no_file" at bzn-sign verify file \
	    none two
}

@test "a link to a file that is elsewhere is that file" {
	two
	mkdir new releases
	cp file releases/1.0
	ln -s ../releases/1.0 new/app
	at bzn-sign sign --home b new/app >out
	mv new/app.sig releases/1.0.sig
	ln -s ../releases/1.0.sig new/app.sig
	verdict 0 "ok ok" at bzn-sign verify --home b new/app
	at bzn-sign inspect --home b new/app.sig >out
}

@test "lines: one that is too long does not end the run" {
	two
	pad=$(head -c 1100000 /dev/zero | tr '\0' x)
	at bzn-sign verify-request >ask
	echo '{"sub":"x"}' | at bzn-sign jwt >token
	verdict 3 "ok too_long ok too_long" at bzn-sign jwt --verify \
	    < <(cat token; echo "$pad"; cat token)
	verdict 3 "too_long ok too_long" at bzn-sign verify-request --verify \
	    < <(echo "$pad"; cat ask)
	run --separate-stderr at bzn-sign sign --list \
	    < <(printf '%s\na\0b\nfile\n' "$pad")
	[[ $status == 3 && $output == '{"path":"file",'* && $stderr == \
"bzn-sign: stdin:1: not the name of a file (too_long)
bzn-sign: stdin:2: not the name of a file (too_long)" ]] ||
	    fail "$status, $output, $stderr"
}

@test "a directory, a loop, a name too long: as if nothing was there" {
	local long

	two
	mkdir d
	ln -s loop loop
	long=$(printf '%0300d' 0)
	run --separate-stderr at bzn-sign sign d loop "$long" file
	[[ $status == 4 && $output == '{"path":"file",'* &&
	    $(grep -c '(no_file)$' <<<"$stderr") == 3 ]] ||
	    fail "$status, $output, $stderr"
	cp file.sig d.sig
	verdict 4 "no_file no_file no_file ok no_file" \
	    at bzn-sign verify d loop "$long" file
}

@test "quorum: so many principals, whatever else is there" {
	two
	node c "$seed_k"
	at bzn-sign sign file -o a.sig >out
	at bzn-sign sign file -o a2.sig -c again >out
	at bzn-sign sign file -o b.sig --home b >out
	at bzn-sign sign file -o c.sig --home c >out
	printf '%s\n' "alice node:$id_a" "bob node:$id_b" >trust
	verdict 0 "ok ok unknown_signer ok" \
	    at bzn-sign verify --quorum 2/3 -t trust file a.sig b.sig c.sig
	[[ $(tail -n 1 <<<"$output" | jq -c '[.needed, .principals]') == \
	    '[2,2]' ]]
	verdict 1 "ok ok no_quorum" \
	    at bzn-sign verify --quorum 2/2 -t trust file a.sig a2.sig
	verdict 1 "ok unknown_signer no_quorum" \
	    at bzn-sign verify --quorum 2/2 -t trust file a.sig c.sig
	printf '%s\n' "alice node:$id_a" "alice node:$id_b" >one
	verdict 1 "ok ok no_quorum" \
	    at bzn-sign verify --quorum 2/2 -t one file a.sig b.sig
	is 2 "" "bzn-sign: --quorum: '2' is not K/N, such as 2/3 (usage)" \
	    bzn-sign verify --quorum 2 file a.sig
	is 2 "" "bzn-sign: --quorum 1/2: name the file, and then 2 signatures \
(usage)" bzn-sign verify --quorum 1/2 file a.sig
}

@test "verify: options that exclude each other" {
	local o

	two
	at bzn-sign sign file >out
	for o in "-o other file" "-a -o - file" "-am file" "-a -s file.sig file" \
	    "--quorum 1/1 -a file file.sig" "--quorum 1/1 -l file file.sig" \
	    "--quorum 1/1 -m file file.sig" \
	    "--quorum 1/1 -o other file file.sig" \
	    "--quorum 1/1 -s file.sig file file.sig"; do
		# shellcheck disable=SC2086
		run --separate-stderr at bzn-sign verify $o <<<file.sig
		[[ $status == 2 && -z $output && $stderr == *"(usage)" ]] ||
		    fail "$o: $status, $output, $stderr"
	done
}

# --- trust ------------------------------------------------------------------

@test "trust: files of the home, and each way to say no" {
	two
	at bzn-sign sign file --home b >out
	verdict 1 "unknown_signer unknown_signer" at bzn-sign verify file
	echo "bob,*.b.example node:$id_b" >trust
	verdict 0 "ok ok" at bzn-sign verify file
	[[ $(head -n 1 <<<"$output" | jq -r .principal) == bob ]]
	verdict 0 "ok ok" at bzn-sign verify file -I x.b.example
	[[ $(head -n 1 <<<"$output" | jq -r .principal) == x.b.example ]]
	verdict 1 "unknown_signer unknown_signer" at bzn-sign verify file -I al
	echo "bob namespaces=\"bzn-release-v1\" node:$id_b" >trust
	verdict 1 "wrong_namespace wrong_namespace" at bzn-sign verify file
	echo "bob valid-before=\"2026-11-20\" node:$id_b" >trust
	verdict 1 "expired expired" at bzn-sign verify file
	verdict 1 "not_yet_valid not_yet_valid" at bzn-sign verify file \
	    --at 2026-11-19
	echo "bob valid-after=\"2026-11-21\" node:$id_b" >trust
	verdict 1 "not_yet_valid not_yet_valid" at bzn-sign verify file
	verdict 0 "ok ok" at bzn-sign verify file --at 2026-12-01
	echo "bob revoked=\"2026-11-25,superseded\" node:$id_b" >trust
	verdict 0 "ok ok" at bzn-sign verify file
	verdict 1 "revoked revoked" at bzn-sign verify file --at 2026-11-26
	echo "bob revoked=\"2026-11-25,key lost\" node:$id_b" >trust
	verdict 1 "revoked revoked" at bzn-sign verify file
	printf '%s\n' "# ours" "" "bob until=\"2027-01-01\" node:$id_b" >trust
	is 3 "" "bzn-sign: ./trust:3: 'until' is not an option, or occurs twice \
(bad_trust_line)" at bzn-sign verify file --home .
	is 4 "" "bzn-sign: cannot open 'none': No such file or directory \
(no_file)" at bzn-sign verify file -t none
}

@test "trust: --trust and --key stand alone, and self is only of this home" {
	two
	at bzn-sign sign file >out
	echo "al node:$id_a" >b/trust
	verdict 0 "ok ok" at bzn-sign verify file --home b
	: >none
	verdict 1 "unknown_signer unknown_signer" at bzn-sign verify file \
	    -t none
	verdict 0 "ok ok" bzn-sign verify file --home none \
	    -k identity/node_public.pem
	verdict 1 "unknown_signer unknown_signer" at bzn-sign verify file \
	    -k b/identity/node_public.pem
	for form in hex ssh minisign; do
		bzn-keygen export "$form" >"key.$form" || return
		verdict 0 "ok ok" at bzn-sign verify file -k "key.$form"
	done
	is 3 "" "bzn-sign: file: no Ed25519 key as PEM, hex, or a line of \
ssh-keygen or minisign (bad_key)" at bzn-sign verify file -k file
	sed 's/$/\r/' identity/node_public.pem >cr.pem
	is 3 "" "bzn-sign: cr.pem: not the 113 bytes of an Ed25519 key in PEM \
(bad_pem)" at bzn-sign verify file -k cr.pem
	echo "al revoked=\"2026-01-01,key lost\" node:$id_a" >trust
	verdict 1 "revoked revoked" at bzn-sign verify file
}

@test "explain: what the verdict rests on, line by line" {
	two
	at bzn-sign sign file --home b >out
	printf '%s\n' "x node:$id_a" \
	    "bob namespaces=\"http\" node:$id_b" "bob node:$id_b" >trust
	run --separate-stderr at bzn-sign verify -e file --home .
	[[ $(head -n 1 <<<"$output" | jq -r '.explain[]') == \
"key $id_b claims to have signed at 2026-11-20T08:00:00.000Z
the key has signed these lines
asked of 2026-11-20T08:00:00.000Z, which is now; a time that the signer \
claims does not count
./trust:2: not trusted for bzn-file-v1
./trust:3: trusted for bzn-file-v1 now, 2026-11-20T08:00:00.000Z
content: size and SHA-256 are those signed" ]] || fail "$output"
	printf 'hallo\n' >file
	run --separate-stderr at bzn-sign verify -e file
	[[ $output == *"content: SHA-256 is "*", signed was "* ]]
	run --separate-stderr at bzn-sign verify -e file -t /dev/null
	[[ $output == *"no line of a trust file has this key"* ]]
	yes "x namespaces=\"http\" node:$id_b" | head -n 3000 >many
	run --separate-stderr at bzn-sign verify -e file -t many
	[[ $(head -n 1 <<<"$output" | jq -r '.explain[]') == \
	    "more than can be printed" ]] || fail "$output"
}

@test "chain: a key that replaces a trusted one counts for the same" {
	quick
	two
	(umask 077; echo pw >pw)
	set -- --passphrase-file pw -q
	bzn-keygen identity --home n "$@" >made.json
	cp n/identity/node_public.pem first.pem
	bzn-keygen rotate --home n "$@" >>chain
	bzn-keygen rotate --home n "$@" >>chain
	bzn-sign sign --home n --passphrase-file pw file >out
	verdict 1 "unknown_signer unknown_signer" bzn-sign verify file \
	    -k first.pem
	verdict 0 "ok ok" bzn-sign verify file -k first.pem --chain chain
	tac chain >other
	verdict 0 "ok ok" bzn-sign verify file -k first.pem --chain other
	head -n 1 chain >other
	verdict 1 "unknown_signer unknown_signer" bzn-sign verify file \
	    -k first.pem --chain other
	key=$(openssl pkey -pubin -in first.pem -outform DER | tail -c 32 |
	    base64)
	echo "n namespaces=\"bzn-release-v1\" ed25519:$key" >only
	verdict 1 "wrong_namespace wrong_namespace" bzn-sign verify file \
	    -t only --chain chain
	echo "n revoked=\"2026-01-01,key lost\" ed25519:$key" >only
	verdict 1 "unknown_signer unknown_signer" bzn-sign verify file \
	    -t only --chain chain
	echo "n revoked=\"2026-01-01,rotated\" ed25519:$key" >only
	verdict 0 "ok ok" bzn-sign verify file -t only --chain chain
	sed 's/"reason":"[^"]*"/"reason":"x"/' chain >other
	run --separate-stderr bzn-sign verify file -k first.pem --chain other
	[[ $status == 1 && $stderr == *"other:1: "*"(bad_signature)" ]] ||
	    fail "$status, $stderr"
	echo '{}' >other
	run --separate-stderr bzn-sign verify file -k first.pem --chain other
	[[ $status == 3 && $stderr == *"other:1: "*"(bad_json)" ]]
}

@test "chain: at most 16 rotations, in whatever order they come" {
	local n

	quick
	two
	(umask 077; echo pw >pw)
	set -- --passphrase-file pw -q
	bzn-keygen identity --home n "$@" >made.json
	cp n/identity/node_public.pem first.pem
	for n in {1..17}; do
		bzn-keygen rotate --home n "$@" >>chain
		[[ $n != 16 ]] || bzn-sign sign --home n --passphrase-file pw \
		    file -o 16.sig >out
	done
	bzn-sign sign --home n --passphrase-file pw file -o 17.sig >out
	tac chain >other
	for n in chain other; do
		verdict 0 "ok ok" bzn-sign verify file -s 16.sig \
		    -k first.pem --chain "$n"
		verdict 1 "unknown_signer unknown_signer" bzn-sign verify \
		    file -s 17.sig -k first.pem --chain "$n"
	done
}

# --- a stranger -------------------------------------------------------------

@test "a stranger verifies with openssl and sha256sum" {
	two
	at bzn-sign sign file >out
	sed '/^signature /d' file.sig >text
	sed -n 's/^signature //p' file.sig | base64 -d >bytes
	printf -- '-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n' \
	    "$(sed -n 's/^public //p' file.sig)" >key.pem
	is 0 "Signature Verified Successfully" "" openssl pkeyutl -verify \
	    -rawin -pubin -inkey key.pem -in text -sigfile bytes
	[[ $(sha256sum <key.pem) == "$(sed -n 's/^key //p' text)  -" ]]
	is 0 "-: OK" "" sha256sum -c \
	    <(sed -n 's/^sha256 \(.*\)/\1  -/p' text) <file
	cmp key.pem identity/node_public.pem
}

@test "we verify what openssl has signed" {
	two
	at bzn-sign sign file >out
	sed '/^signature /d; s/^time .*/time 2020-01-01T00:00:00.000Z/' \
	    file.sig >text
	openssl pkeyutl -sign -rawin -inkey identity/node_private.pem \
	    -in text -out bytes
	{ cat text; echo "signature $(base64 -w0 bytes)"; } >file.sig
	verdict 0 "ok ok" at bzn-sign verify file
	[[ $output == *2020-01-01T00:00:00.000Z* ]]
}

# --- ssh-keygen -------------------------------------------------------------

# ssh_key FILE: node A's key, as ssh-keygen has it.
ssh_key() {
	local type=0000000b7373682d65643235353139 none=000000046e6f6e65 pub

	pub=$(base64 -d <<<"$key_a" | xxd -p -c 32)
	{
		echo "-----BEGIN OPENSSH PRIVATE KEY-----"
		bytes "6f70656e7373682d6b65792d763100${none}${none}\
000000000000000100000033${type}00000020${pub}000000880000000000000000\
${type}00000020${pub}00000040$seed_a${pub}000000000102030405" | base64 -w 70
		echo "-----END OPENSSH PRIVATE KEY-----"
	} >"$1"
	chmod 600 "$1"
}

@test "ssh: ssh-keygen verifies ours, and makes the same bytes" {
	local space

	two
	ssh_key ssh
	is 0 '{"path":"file","signature":"file.sig","key_id":"'$id_a'",'\
'"namespace":"bzn-file-v1","size":6,"sha512":"e7c22b994c59d9cf2b48e549b1e24666'\
'636045930d3da7c1acb299d1c3b7f931f94aae41edda2c2b207a36e10f8bcb8d45223e54878f5b'\
'316e7ce3b6bc019629"}' "" at bzn-sign sign --ssh file
	cmp file.sig "$BZN_SRC/tests/golden/hello-ssh.sig"
	echo "node-a $(bzn-keygen export ssh)" >allowed
	for space in bzn-file-v1 bzn-release-v1 bzn-report-v1; do
		at bzn-sign sign --ssh -f -n "$space" file >out
		run ssh-keygen -Y verify -f allowed -I node-a -n "$space" \
		    -s file.sig <file
		[[ $status == 0 && $output == "Good \"$space\" signature"* ]] ||
		    fail "$output"
		mv file.sig ours
		ssh-keygen -q -Y sign -f ssh -n "$space" file
		cmp ours file.sig
		verdict 0 "ok ok" at bzn-sign verify -n "$space" file
	done
	run ssh-keygen -Y verify -f allowed -I node-a -n other -s file.sig \
	    <file
	[[ $status != 0 ]]
	run ssh-keygen -Y verify -f allowed -I node-a -n "$space" \
	    -s file.sig <ssh
	[[ $status != 0 ]]
}

@test "ssh: standard input, a list, a large file, and what has no room" {
	local option

	two
	at bzn-sign sign --ssh - <file >sig
	cmp sig "$BZN_SRC/tests/golden/hello-ssh.sig"
	verdict 0 "ok ok" at bzn-sign verify -s sig - <file
	sha256sum file >SUMS
	at bzn-sign sign --ssh -m SUMS >out
	verdict 0 "ok ok ok" at bzn-sign verify -m SUMS
	ssh-keygen -Y check-novalidate -n bzn-manifest-v1 -s SUMS.sig <SUMS
	head -c 3000001 /dev/zero >large
	at bzn-sign sign --ssh large >out
	ssh-keygen -Y check-novalidate -n bzn-file-v1 -s large.sig <large
	verdict 0 "ok ok" at bzn-sign verify large
	is 10 "" "bzn-sign: 'large.sig' exists already (id_conflict)" \
	    at bzn-sign sign --ssh large
	for option in -a "-c x" "--seq 1"; do
		# shellcheck disable=SC2086
		is 2 "" "bzn-sign: --ssh has no room for --attached, \
--comment or --seq (usage)" at bzn-sign sign --ssh $option SUMS
	done
	run at bzn-sign sign --ssh -n git SUMS
	[[ $status == 2 ]]
}

@test "ssh: a stranger's signature, and each way to say no" {
	local id

	two
	ssh-keygen -q -t ed25519 -N '' -C '' -f them
	id=$(bzn-keygen inspect them.pub | jq -r .node_id)
	ssh-keygen -q -Y sign -f them -n git file
	verdict 1 "unknown_signer unknown_signer" at bzn-sign verify -n git file
	echo "them node:$id" >trust
	verdict 0 "ok ok" at bzn-sign verify -n git file
	[[ $(head -n 1 <<<"$output") == '{"path":"file","status":0,'\
'"code":"ok","key_id":"'$id'","principal":"them","namespace":"git"}' ]] ||
	    fail "$output"
	verdict 1 "wrong_namespace wrong_namespace" at bzn-sign verify file
	verdict 1 "wrong_namespace wrong_namespace" at bzn-sign verify -n file \
	    file
	verdict 1 "unknown_signer unknown_signer" at bzn-sign verify -n git \
	    -I me file
	echo "them namespaces=\"file\" node:$id" >trust
	verdict 1 "wrong_namespace wrong_namespace" at bzn-sign verify -n git \
	    file
	echo "them namespaces=\"git\" node:$id" >trust
	verdict 0 "ok ok" at bzn-sign verify -n git file
	echo changed >other
	verdict 1 "bad_signature bad_signature" at bzn-sign verify -n git \
	    -s file.sig other
	verdict 4 "no_file no_file" at bzn-sign verify -n git -s file.sig none
	echo "them revoked=\"2026-01-01,lost\" node:$id" >trust
	verdict 1 "revoked revoked" at bzn-sign verify -n git file

	rm file.sig
	ssh-keygen -q -Y sign -O hashalg=sha256 -f them -n file file
	echo "them node:$id" >trust
	verdict 0 "ok ok" at bzn-sign verify -e -n file file
	[[ $output == *"the key has signed the sha256 of this content"* ]]
	rm file.sig
	ssh-keygen -q -Y sign -f them -n 'a third' file
	verdict 1 "wrong_namespace wrong_namespace" at bzn-sign verify file
	[[ $output == *'"namespace":"a third"'* ]]
	is 2 "" "bzn-sign: --namespace: 'a third' is none: see bzn-sign(1) \
(usage)" at bzn-sign verify -n 'a third' file
	ssh-keygen -q -t rsa -b 4096 -N '' -f rsa
	rm file.sig
	ssh-keygen -q -Y sign -f rsa -n git file
	verdict 3 "bad_sig bad_sig" at bzn-sign verify -n git file
	[[ $output == *"not one of ssh-ed25519"* ]]
}

@test "ssh: a quorum takes both forms, and a key once" {
	two
	at bzn-sign sign file -o one >out
	at bzn-sign sign --ssh file -o two >out
	at bzn-sign sign --home b --ssh file -o three >out
	echo "b node:$id_b" >trust
	verdict 1 "ok ok no_quorum" at bzn-sign verify --quorum 2/2 file one two
	verdict 0 "ok ok ok ok" at bzn-sign verify --quorum 2/3 file one two three
}

@test "ssh: damaged or cut at every byte, it is never good" {
	local n

	two
	at bzn-sign sign --ssh file >out
	mkdir d
	n=$(wc -c <file.sig)
	python3 - "$n" <<-'END'
		import sys
		good = open('file.sig', 'rb').read()
		for i in range(int(sys.argv[1])):
		    for bit in 0, 1, 5, 6, 7:
		        bad = bytearray(good)
		        bad[i] ^= 1 << bit
		        open(f'd/{i}-{bit}.sig', 'wb').write(bad)
		        open(f'd/{i}-{bit}', 'w').write('hello\n')
		    open(f'd/{i}.sig', 'wb').write(good[:i])
		    open(f'd/{i}', 'w').write('hello\n')
	END
	rm "d/$((n - 1))"	# only the last line feed is missing
	find d -type f ! -name '*.sig' >names
	run --separate-stderr at bzn-sign verify --list <names
	[[ $status == 3 ]] || fail "$status $stderr"
	[[ $(jq -r 'select(.path).status' <<<"$output" | sort -u |
	    paste -sd ' ') == "1 3" ]]
	[[ $(jq -r 'select(.path).code' <<<"$output" | sort -u |
	    paste -sd ' ') == "bad_sig bad_signature wrong_namespace" ]]
	[[ $(jq -r 'select(.summary).items' <<<"$output") == \
	    "$((6 * n - 1))" ]]
	verdict 0 "ok ok" at bzn-sign verify -s "d/$((n - 1)).sig" file
	sed 's/$/\r/' file.sig >crlf
	verdict 3 "bad_sig bad_sig" at bzn-sign verify -s crlf file
	{ echo; cat file.sig; } >blank
	verdict 3 "bad_sig bad_sig" at bzn-sign verify -s blank file
	{ cat file.sig; echo; } >longer
	verdict 3 "bad_sig bad_sig" at bzn-sign verify -s longer file
	echo "-----BEGIN SSH SIGNATURE-----" >first
	verdict 3 "bad_sig bad_sig" at bzn-sign verify -s first file
}

# --- objects ----------------------------------------------------------------

@test "json: sign, verify, by domain, a line each" {
	two
	printf '%s\n' '{"node_id":"'$id_a'","b":[1,"x"],"a":"é"}' \
	    '{"node_id":"'$id_a'","signature":"old"}' |
	    at bzn-sign json -n bzn-receipt-v1 >signed
	[[ $(head -n 1 signed) == '{"node_id":"'$id_a'","b":[1,"x"],"a":"é",'\
'"signature":"'*'"}' ]]
	verdict 0 "ok ok ok" at bzn-sign json --verify -n bzn-receipt-v1 \
	    <signed
	verdict 0 "ok ok ok" at bzn-sign verify -n bzn-receipt-v1 <signed
	verdict 1 "bad_signature bad_signature bad_signature" \
	    at bzn-sign verify -n bzn-ack-v1 <signed
	sed 's/"x"/"y"/' signed >changed
	verdict 1 "bad_signature ok bad_signature" \
	    at bzn-sign verify -n bzn-receipt-v1 -J 2 <changed
	echo "al ed25519:$key_a" >b/trust
	verdict 0 "ok ok ok" at bzn-sign verify -n bzn-receipt-v1 --home b \
	    <signed
	echo "al node:$id_a" >b/trust
	verdict 1 "unknown_signer unknown_signer unknown_signer" \
	    at bzn-sign verify -n bzn-receipt-v1 --home b <signed
	printf '%s\n' '{"node_id":"'$id_a'"}' '{"a":1' '{}' '[]' >bad
	verdict 3 "bad_json bad_json unknown_signer bad_json bad_json" \
	    at bzn-sign verify -n bzn-receipt-v1 <bad
	is 2 "" "bzn-sign: --namespace: which kind of object? see bzn-sign(1) \
(usage)" bzn-sign json
	run --separate-stderr bzn-sign json -n bzn-ack-v1 <<<'{1}'
	[[ $status == 3 && -z $output && $stderr == *stdin:1:*"(bad_json)" ]]
}

@test "json: the card of the specification, and its expiry" {
	two
	pem=$(jq -Rs . identity/node_public.pem)
	echo '{"v":1,"node_id":"'$id_a'","name":"Acme Consulting","alg":'\
'"Ed25519","endpoint":"https://acme.example","capabilities":["legal-review"],'\
'"issued_at":"2026-03-09T14:23:00Z","expires_at":"2027-03-09T14:23:00Z",'\
'"public_key_pem":'"$pem"'}' | at bzn-sign json -n bzn-card-v1 >card
	[[ $(jq -r .signature card) == 6cH9jQU97oNnBgvrG0tMnJVWn3Fpl4mqmV3G+\
2zZOsp8GUwytNLI/RlrhJJjW5rRjOt6jd24BqTO+frYxnk6Dg== ]]
	echo "al node:$id_a" >b/trust
	verdict 0 "ok ok" at bzn-sign verify -n bzn-card-v1 --home b <card
	verdict 1 "expired expired" at bzn-sign verify -n bzn-card-v1 \
	    --at 2027-04-01 <card
	verdict 1 "not_yet_valid not_yet_valid" at bzn-sign verify \
	    -n bzn-card-v1 --at 2026-01-01 <card
}

# --- requests ---------------------------------------------------------------

# S2 and S3 of spec/protocols.md 6 are by this key, at this moment.
spec() {
	node . "$seed_k"
	clock=@1772000000000
	printf '{"hello": "world"}' >body
	fresh=(--nonce AAECAwQFBgcICQoLDA0ODw)
	base=(--base-url https://node-b.example)
}

# wire PATH METHOD: the request, signed as the file "lines" says.
wire() {
	printf '%s %s HTTP/1.1\r\nHost: node-b.example\r\n' "$2" "$1"
	cat lines
	printf '\r\n'
	[[ $2 == GET ]] || cat body
}

@test "http: the vectors, and every answer of a verifier" {
	spec
	is 0 "Content-Digest: sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:
Signature-Input: bzn=(\"@method\" \"@target-uri\" \"content-digest\");\
created=1772000000;nonce=\"AAECAwQFBgcICQoLDA0ODw\";keyid=\"$id_k\"
Signature: bzn=:LvU2+STCp8LEkiO3G+U4zJD93shFBOxVUgoJ9HyqVb9k3iS2+G7+hHPEq/\
nzJp8fWQRgza1IeZQMVNaviGeKBQ==:" "" at bzn-sign http "${fresh[@]}" -X POST \
	    https://node-b.example/v1/tasks/create <body
	printf '%s\n' "$output" >lines
	wire /v1/tasks/create POST >req
	verdict 0 ok at bzn-sign http --verify "${base[@]}" <req
	[[ $output == '{"status":0,"code":"ok","key_id":"'$id_k'",'\
'"principal":"self","namespace":"http",'\
'"signed_at":"2026-02-25T06:13:20.000Z","nonce":"AAECAwQFBgcICQoLDA0ODw"}' ]]
	verdict 1 replayed at bzn-sign http --verify "${base[@]}" <req
	clock=@1772000300000
	verdict 1 replayed at bzn-sign http --verify "${base[@]}" <req
	clock=@1772000301000
	verdict 1 stale at bzn-sign http --verify "${base[@]}" <req
	verdict 0 ok at bzn-sign http --verify "${base[@]}" \
	    --at @1772000000000 <req
	clock=@1772000000000
	verdict 1 bad_signature at bzn-sign http --verify \
	    --base-url https://node-c.example <req
	verdict 1 replayed at bzn-sign http --verify \
	    --base-url https://node-c.example,https://node-b.example:443 <req
	sed 's/"hello"/"hallo"/' req >changed
	verdict 1 bad_digest at bzn-sign http --verify "${base[@]}" <changed
	sed 's/^POST/PUT/' req >changed
	verdict 1 bad_signature at bzn-sign http --verify "${base[@]}" <changed
	sed '/^Signature:/d' req >changed
	verdict 1 no_signature at bzn-sign http --verify "${base[@]}" <changed
	sed 's/nonce="/nonce="?/' req >changed
	verdict 1 bad_header at bzn-sign http --verify "${base[@]}" <changed
	sed 's/ "content-digest")/)/' req >changed
	verdict 1 uncovered at bzn-sign http --verify "${base[@]}" <changed
	verdict 1 unknown_peer at bzn-sign http --verify "${base[@]}" \
	    -t /dev/null <req
	echo "k revoked=\"2026-01-01,key lost\" node:$id_k" >trust
	verdict 1 revoked at bzn-sign http --verify "${base[@]}" <req
	is 3 "" "bzn-sign: the first line is not a request's: METHOD /path \
HTTP/1.1 (bad_request)" at bzn-sign http --verify "${base[@]}" </dev/null
	is 2 "" "bzn-sign: --base-url: where is the request sent? It is not \
believed what it says of that (usage)" at bzn-sign http --verify <req
}

@test "http: without content; a raw request; a configuration of curl" {
	spec
	at bzn-sign http "${fresh[@]}" \
	    'https://node-b.example/v1/tasks/mine?status=OPEN' >lines
	grep -q tg2vLRbKlOOQEgBhdhROHZeIENGaPF/P3ENfwY3gpDOQvI5XhuLaiSUoX8LW7LcMc8s8OrLLAZvAR0AtiwYFDg== lines
	wire '/v1/tasks/mine?status=OPEN' GET >req
	verdict 0 ok at bzn-sign http --verify "${base[@]}" <req
	printf '%s\r\n' 'POST /v1/tasks/create HTTP/1.1' 'Host: x' \
	    'Content-Type: application/json' '' | cat - body |
	    at bzn-sign http --raw "${base[@]}" >lines
	grep -q '"content-digest" "content-type");' lines
	is 0 'url = "https://node-b.example/a?b"
request = "POST"
header = "content-type: text/\"x\""
header = "Content-Digest: '"$(sed -n 's/^Content-Digest: //p' lines)"'"' "" \
	    sh -c 'bzn-sign http --curl -X POST --type "text/\"x\"" \
	    "https://node-b.example/a?b" <body | head -n 4'
	[[ $(bzn-sign http --curl -X POST https://a.example/ <body |
	    grep -c '^header = "Signature-Input: bzn=(\\"@method') == 1 ]]
	is 3 "" "bzn-sign: 'ftp://a' is not a URL such as \
https://node.example/path (bad_request)" bzn-sign http ftp://a
	is 3 "" "bzn-sign: 'https://:443/' is not a URL such as \
https://node.example/path (bad_request)" bzn-sign http https://:443/
	is 2 "" "bzn-sign: --method: 'A\"B' is none (usage)" \
	    bzn-sign http -X 'A"B' https://a.example/
	is 2 "" "bzn-sign: content-type has a blank at an end (usage)" \
	    bzn-sign http --type ' a/b' https://a.example/
	is 2 "" "bzn-sign: which URL? (usage)" bzn-sign http
	is 2 "" "bzn-sign: --nonce: 16 to 64 characters of base64url (usage)" \
	    bzn-sign http --nonce short https://a.example
}

@test "http: requests to and from Python, each with other parts" {
	/usr/bin/python3 -c 'import cryptography' 2>/dev/null ||
	    skip "no python3-cryptography"
	spec
	cat >peer.py <<-'END'
		import base64, hashlib, random, re, subprocess, sys
		from cryptography.hazmat.primitives.serialization import (
		    load_pem_private_key)

		key = load_pem_private_key(
		    open("identity/node_private.pem", "rb").read(), None)
		node, now = sys.argv[1], sys.argv[2]
		rnd = random.Random(9421)

		def base(names, values, params):
		    inner = "(" + " ".join('"%s"' % n for n in names) + ")"
		    lines = ['"%s": %s' % (n, values[n]) for n in names]
		    lines.append('"@signature-params": ' + inner + params)
		    return "\n".join(lines).encode(), inner + params

		def run(args, data):
		    return subprocess.run(["bzn-sign"] + args + ["--now", now],
		        input=data, capture_output=True)

		def digest(body):
		    return "sha-256=:%s:" % base64.b64encode(
		        hashlib.sha256(body).digest()).decode()

		def theirs(i):
		    body = rnd.randbytes(rnd.randrange(300))
		    target = "/p%d?q=%d" % (i, rnd.randrange(9))
		    values = {"@method": rnd.choice(["POST", "PUT", "X-Y"]),
		        "@target-uri": "https://node-b.example" + target,
		        "content-digest": digest(body), "x-a": "1, 2",
		        "@path": "/p%d" % i, "@authority": "node-b.example"}
		    names = list(values)
		    rnd.shuffle(names)
		    params = [";created=%d" % (int(now[1:]) // 1000 + i),
		        ';keyid="%s"' % node, ';nonce="nonce-number-%04d"' % i,
		        ';tag="t"', ';alg="ed25519"']
		    rnd.shuffle(params)
		    text, put = base(names, values, "".join(params))
		    sig = base64.b64encode(key.sign(text)).decode()
		    wire = ("%s %s HTTP/1.1\r\nHost: NODE-b.example:443\r\n"
		        "X-A: 1\r\nx-a:  2 \r\nContent-Digest: %s\r\n"
		        "Signature-Input: s%d=%s\r\nSignature: s%d=:%s:\r\n\r\n"
		        % (values["@method"], target, digest(body), i, put, i,
		        sig)).encode() + body
		    return run(["http", "--verify", "--base-url",
		        "https://node-b.example"], wire).returncode == 0

		def ours(i):
		    body = rnd.randbytes(1 + rnd.randrange(300))
		    url = "https://node-b.example/p?%d" % i
		    lines = dict(line.split(": ", 1) for line in run(["http",
		        "-X", "POST", "--type", "a/b", url],
		        body).stdout.decode().splitlines())
		    put = lines["Signature-Input"][len("bzn="):]
		    inner, params = re.fullmatch(r"\((.*?)\)(;.*)", put).groups()
		    values = {"@method": "POST", "@target-uri": url,
		        "content-digest": digest(body), "content-type": "a/b"}
		    text, again = base(inner.replace('"', "").split(), values,
		        params)
		    sig = base64.b64decode(lines["Signature"][len("bzn=:"):-1])
		    key.public_key().verify(sig, text)
		    return again == put and lines["Content-Digest"] == digest(body)

		print(sum(theirs(i) for i in range(40)),
		    sum(ours(i) for i in range(40)))
	END
	is 0 "40 40" "" /usr/bin/python3 peer.py "$id_k" "$clock"
}

@test "http: a nonce stays taken after kill -9, whoever asks" {
	local n

	spec
	for n in {1..8}; do
		at bzn-sign http https://node-b.example/x >lines
		wire /x GET >req
		at bzn-sign http --verify "${base[@]}" <req >out 2>&1 &
		kill -9 $! 2>/dev/null || true
		wait $! 2>/dev/null || true
		at bzn-sign http --verify "${base[@]}" <req >out2 2>&1 || true
		verdict 1 replayed at bzn-sign http --verify "${base[@]}" <req
	done
	at bzn-sign http https://node-b.example/x >lines
	wire /x GET >req
	for n in {1..8}; do
		at bzn-sign http --verify "${base[@]}" <req >"got.$n" 2>&1 &
	done
	wait
	is 0 1 "" sh -c 'cat got.* | grep -c "\"code\":\"ok\""'
}

@test "what becomes too old while it is read, or waits, is stale" {
	local at first

	two
	rm bzn.conf
	at=@$((($(date +%s) - 298) * 1000))
	bzn-sign http --at "$at" https://node-b.example/x >lines
	wire /x GET >req
	bzn-sign verify-request --at "$at" >asked
	echo '{"exp":'$(($(date +%s) + 2))'}' | bzn-sign jwt >token
	set -- http --verify --base-url https://node-b.example
	(sleep 4; cat req) | bzn-sign "$@" >one || true &
	(sleep 4; cat asked) | bzn-sign verify-request --verify >two || true &
	(cat token; sleep 4; cat token) | bzn-sign jwt --verify >three ||
	    true &
	flock node.lock sleep 4 &
	sleep 1
	bzn-sign "$@" <req >four || true
	wait
	for first in one:stale two:stale three:ok,expired four:stale; do
		[[ $(jq -r 'select(.summary | not) | .code' "${first%:*}" |
		    paste -sd ,) == "${first#*:}" ]] ||
		    fail "$first: $(<"${first%:*}")"
	done
}

@test "verify-request: the vector; once, and in time" {
	two
	is 0 '{"node_id":"'$id_a'","timestamp":1773066180,"signature":'\
'"IECz0kyKRFd+AIBeeYSqwKM/iuHP4e5zUkpH2CQWnAXmCyb90hreSdizHFWGcasRMGr8uhf'\
'P7+CuneRJc1XsCg=="}' "" bzn-sign verify-request --at @1773066180000
	at bzn-sign verify-request >asked
	verdict 0 "ok ok" at bzn-sign verify-request --verify <asked
	verdict 1 "replayed replayed" at bzn-sign verify-request --verify \
	    <asked
	verdict 1 "unknown_signer unknown_signer" at bzn-sign verify-request \
	    --verify --home b <asked
	echo "al ed25519:$key_a" >b/trust
	verdict 0 "ok ok" at bzn-sign verify-request --verify --home b <asked
	pass 301
	verdict 1 "stale stale" at bzn-sign verify-request --verify <asked
	pass -602
	verdict 1 "stale stale" at bzn-sign verify-request --verify <asked
	pass 602
	jq -c '.timestamp += 301' asked >later
	verdict 1 "bad_signature bad_signature" at bzn-sign verify-request \
	    --verify <later
	verdict 3 "bad_json bad_json" at bzn-sign verify-request --verify \
	    <<<'{"node_id":"x"}'
}

# --- others -----------------------------------------------------------------

@test "webhook: the vectors, both ways, and Python agrees" {
	local want=8520f32930f220380858434850d854112378df1473536084dd4c9e27a2480b39

	(umask 077; echo whsec_testsecret >secret)
	printf '{"event": "task.created"}' >body
	is 0 "X-BotNode-Signature: $want
X-BotNode-Timestamp: 1700000000" "" bzn-sign webhook --secret-file secret \
	    --timestamp 1700000000 <body
	is 0 "$want" "" python3 -c 'import hmac; print(hmac.new(
	    b"whsec_testsecret", b"1700000000." + open("body", "rb").read(),
	    "sha256").hexdigest())'
	printf 'test_clock yes\n' >bzn.conf
	clock=@1700000300000
	set -- at bzn-sign webhook --verify --timestamp 1700000000
	verdict 0 ok "$@" -s "$want" --secret-fd 5 5<secret <body
	verdict 1 bad_signature "$@" -s "${want/8/9}" --secret-file secret \
	    <body
	verdict 1 bad_signature "$@" -s "$want" --secret-file secret \
	    <bzn.conf
	verdict 3 bad_sig "$@" -s "${want^^}" --secret-file secret <body
	clock=@1700000301000
	verdict 1 stale "$@" -s "$want" --secret-file secret <body
	verdict 0 ok "$@" -s "$want" --secret-file secret --window 301 <body
	chmod 644 secret
	run bzn-sign webhook --secret-file secret <body
	[[ $status == 5 && $output == *"(unsafe_mode)" ]]
	is 2 "" "bzn-sign: give the secret by --secret-file or --secret-fd \
(usage)" bzn-sign webhook
	is 3 "" "bzn-sign: the secret has not 1 to 1024 bytes, or a NUL \
(unfit_secret)" bzn-sign webhook --secret-fd 5 5</dev/null <body
}

@test "jwt: sign and verify, claims, and keys of others" {
	two
	echo '{"sub":"x","n":1}' | at bzn-sign jwt --ttl 15m >token
	verdict 0 "ok ok" at bzn-sign jwt --verify <token
	[[ $(head -n 1 <<<"$output") == '{"path":"stdin:1","status":0,"code":'\
'"ok","key_id":"'$id_a'","namespace":"jwt","alg":"EdDSA","claims":{"sub":"x",'\
'"n":1,"iat":1795161600,"exp":1795162500}}' ]]
	verdict 1 "expired expired" at bzn-sign jwt --verify --at 2026-11-21 \
	    <token
	echo "al revoked=\"2026-11-20T08:05:00Z,rotated\" node:$id_a" >trust
	verdict 0 "ok ok" at bzn-sign jwt --verify <token
	pass 300
	verdict 1 "revoked revoked" at bzn-sign jwt --verify <token
	[[ $output != *claims* ]]
	pass -300
	rm trust
	verdict 1 "wrong_audience wrong_audience" at bzn-sign jwt --verify \
	    --aud a <token
	echo '{"aud":["a","b"],"iss":"i"}' | at bzn-sign jwt >for_a
	verdict 0 "ok ok" at bzn-sign jwt --verify --aud a --iss i <for_a
	verdict 1 "wrong_audience wrong_audience" at bzn-sign jwt --verify \
	    <for_a
	verdict 1 "wrong_issuer wrong_issuer" at bzn-sign jwt --verify \
	    --aud b --iss j <for_a
	verdict 1 "unknown_signer unknown_signer" at bzn-sign jwt --verify \
	    --home b <token
	echo '{"kty":"OKP","crv":"Ed25519","kid":"'$id_a'","x":"'\
"$(tr '+/' '-_' <<<"${key_a%=}")"'"}' >jwk
	verdict 0 "ok ok" at bzn-sign jwt --verify --home b --jwks jwk <token
	verdict 3 "bad_token ok bad_token" at bzn-sign jwt --verify < \
	    <(echo a.b.c; cat token)
	is 2 "" "bzn-sign: --ttl makes iat and exp: the claims have one \
(usage)" bzn-sign jwt --ttl 1h <<<'{"exp":1}'
	run --separate-stderr bzn-sign jwt --token <<<'{}'
	[[ $status == 4 && -z $output && $stderr == *"(no_key)" ]]
}

@test "jwt: python3-jwt verifies ours, and we its" {
	/usr/bin/python3 -c 'import jwt, cryptography' 2>/dev/null ||
	    skip "no python3-jwt"
	two
	echo '{"sub":"x","aud":"a"}' | at bzn-sign jwt >token
	cat >verify.py <<-'END'
		import json, jwt, sys
		key = jwt.PyJWK(json.load(open("jwk")), algorithm="EdDSA")
		print(jwt.decode(open("token").read().strip(), key.key,
		    algorithms=["EdDSA"], audience="a")["sub"])
	END
	echo '{"kty":"OKP","crv":"Ed25519","kid":"'$id_a'","x":"'\
"$(tr '+/' '-_' <<<"${key_a%=}")"'"}' >jwk
	is 0 x "" /usr/bin/python3 verify.py
	cat >sign.py <<-'END'
		import jwt, sys
		from cryptography.hazmat.primitives.serialization import (
		    load_pem_private_key)
		key = load_pem_private_key(
		    open("identity/node_private.pem", "rb").read(), None)
		print(jwt.encode({"sub": "y"}, key, algorithm="EdDSA",
		    headers={"kid": sys.argv[1]}))
		print(jwt.encode({"sub": "y"}, "secret-secret-secret-secret",
		    algorithm="HS256", headers={"kid": sys.argv[1]}))
		print(jwt.encode({"sub": "y"}, None, algorithm="none",
		    headers={"kid": sys.argv[1]}))
	END
	/usr/bin/python3 sign.py "$id_a" >tokens 2>err
	verdict 1 "ok bad_alg bad_alg bad_alg" at bzn-sign jwt --verify <tokens
}

@test "who forgets --verify is told so, and nothing is signed" {
	local what

	two
	(umask 077; printf '%064d\n' 1 >wallet; echo secret >secret)
	echo '{}' >object
	while read -r what; do
		# shellcheck disable=SC2086
		is 2 "" "bzn-sign: --verify is not given, but an option that \
is only for it (usage)" bzn-sign $what <object
	done <<-'END'
		json -n bzn-ack-v1 -k identity/node_public.pem
		json -n bzn-ack-v1 -J 2
		http --base-url https://a.example -I al https://a.example/
		webhook --secret-file secret --timestamp 1 -s 00
		json -n bzn-ack-v1 --at 2026-11-20
		bind -w wallet --at 2026-11-20
		jwt --at 2026-11-20
		jwt --aud a
		jwt --jwks object
		eth -w wallet -s 0x00
		bind -w wallet -e
		verify-request -t object
	END
}

@test "eth: as personal_sign, and who it was" {
	local sig address=0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf

	two
	(umask 077; printf '%064d\n' 1 >wallet)
	run --separate-stderr bzn-sign eth -w wallet < <(printf hello)
	[[ $status == 0 && $(jq -r .address <<<"$output") == "$address" ]]
	sig=$(jq -r .signature <<<"$output")
	is 0 '{"status":0,"code":"ok","address":"'$address'"}' "" bzn-sign eth \
	    --verify -s "$sig" < <(printf hello)
	verdict 0 ok bzn-sign eth --verify -s "$sig" -a "$address" \
	    < <(printf hello)
	verdict 1 bad_signature bzn-sign eth --verify -s "$sig" -a \
	    0x2B5AD5c4795c026514f8317c7a215E218DcCD6cF < <(printf hello)
	verdict 1 bad_signature bzn-sign eth --verify -s "$sig" -a "$address" \
	    < <(printf hallo)
	verdict 3 bad_sig bzn-sign eth --verify -s "${sig%?}" </dev/null
	is 2 "" "bzn-sign: --verify needs --signature (usage)" bzn-sign eth \
	    --verify </dev/null
}

@test "bind: the vector, and that both signatures count" {
	two
	(umask 077; printf '%064d\n' 1 >wallet)
	run --separate-stderr bzn-sign bind -w wallet
	[[ $status == 0 && $(jq -r .signature_node <<<"$output") == \
	    WZEZNJQd2CjlnBxD9K9Xh5m4EKIxQ++KOa7K8ugauaU05WYGOauEzaNXKE7bExPmU6FWuTV9Oq/g6hFmA4OvDA== ]]
	cat >made <<<"$output"
	verdict 0 "ok ok" at bzn-sign bind --verify <made
	jq -c '.wallet = "0x2B5AD5c4795c026514f8317c7a215E218DcCD6cF"' made \
	    >other
	verdict 1 "bad_signature bad_signature" at bzn-sign bind --verify \
	    <other
	verdict 1 "unknown_signer unknown_signer" at bzn-sign bind --verify \
	    --home b <made
	verdict 0 "ok ok" at bzn-sign bind --verify --home b \
	    -k identity/node_public.pem <made
}

@test "inspect: what each kind says of itself, and no secret" {
	two
	at bzn-sign sign file -c private >out
	at bzn-sign sign -a file >out
	echo '{"a":1}' | at bzn-sign json -n bzn-ack-v1 >object
	echo '{"sub":"x"}' | at bzn-sign jwt >token
	{
		printf 'GET /x HTTP/1.1\nHost: a\n'
		at bzn-sign http https://a/x
		echo
	} >request
	at bzn-sign sign --ssh file -o ssh >out
	run --separate-stderr bzn-sign inspect file.sig file.signed object \
	    token request ssh
	[[ $status == 0 && $(jq -r .kind <<<"$output" | paste -sd ' ') == \
	    "file file object jwt http ssh" ]] || fail "$output $stderr"
	[[ $output != *private* ]]
	[[ $(head -n 1 <<<"$output" | jq -c '[.key_id, .holds]') == \
	    '["'$id_a'",true]' ]]
	bzn-keygen export ssh >ssh.pub
	[[ $(tail -n 1 <<<"$output") == '{"path":"ssh","kind":"ssh","key_id":'\
'"'$id_a'","ssh_fingerprint":"'$(ssh-keygen -l -f ssh.pub | cut -d' ' -f2)'",'\
'"namespace":"bzn-file-v1","hash":"sha512"}' ]] || fail "$output"
	bzn-sign inspect <file.sig | grep -q '"path":"-","kind":"file"'
	is 3 "" "bzn-sign: file: line 1 of the signature is not a correct \
'bzn-file-v1' (bad_sig)" bzn-sign inspect file
}

@test "the passphrase of an encrypted key comes from a file" {
	two
	(
		umask 077
		echo secret >pw
		openssl pkcs8 -topk8 -in identity/node_private.pem -v2 \
		    aes-256-cbc -v2prf hmacWithSHA256 -iter 2048 \
		    -passout file:pw -out new
		mv new identity/node_private.pem
	)
	at bzn-sign sign file --passphrase-file pw >out
	verdict 0 "ok ok" at bzn-sign verify file
	(umask 077; echo wrong >pw2)
	run --separate-stderr at bzn-sign sign file -f --passphrase-file pw2
	[[ $status == 5 && $stderr == *"(bad_passphrase)" ]]
	run --separate-stderr at bzn-sign sign file -f </dev/null
	[[ $status == 5 && $stderr == *"(no_passphrase)" ]] || fail "$stderr"
	chmod 644 identity/node_private.pem
	run --separate-stderr at bzn-sign sign file -f --passphrase-file pw
	[[ $status == 5 && $stderr == *"(unsafe_mode)" ]]
}

@test "every verb shuts itself in, and does what it does" {
	local verb

	[[ $(bzn-sign --version -v) == *"sandbox: full"* ]] ||
	    skip "this kernel has no sandbox"
	two
	(umask 077; printf '%064d\n' 1 >wallet; echo secret >secret)
	mkdir d
	echo x >d/f
	at bzn-sign sign d/f file >out
	echo d/f >names
	sha256sum d/f >SUMS
	at bzn-sign sign -m SUMS >out
	at bzn-sign verify-request >asked
	at bzn-sign http https://a.example/ >lines
	{ printf 'GET / HTTP/1.1\n'; cat lines; echo; } >req
	echo '{}' >object
	while read -r verb; do
		run --separate-stderr sh -c \
		    "bzn-sign ${verb/ / -v --require-sandbox --now $clock }"
		[[ $status == 0 && $stderr == *"sandbox: full"* ]] ||
		    fail "$verb: $status, $stderr"
	done <<-'END'
		sign -f d/f file
		sign -f --list <names
		sign -o d/other file
		sign --ssh -f d/f file
		verify d/f file
		sign -f d/f file
		verify d/f file
		verify --jobs 2 --list <names
		verify -m SUMS
		json -n bzn-ack-v1 <object
		http -X POST -d object https://a.example/
		http --verify --base-url https://a.example <req
		webhook --secret-file secret <object
		jwt  <object
		eth -w wallet <object
		bind -w wallet
		verify-request  <object
		verify-request --verify <asked
		inspect d/f.sig
	END
}

@test "what an earlier release has signed still verifies" {
	local golden=$BZN_SRC/tests/golden

	two
	verdict 0 "ok ok" at bzn-sign verify file -s "$golden/hello.sig"
	verdict 0 "ok ok" at bzn-sign verify file -s "$golden/hello-ssh.sig"
	verdict 0 "ok ok" at bzn-sign jwt --verify <"$golden/token.jwt"
	verdict 0 ok at bzn-sign http --verify \
	    --base-url https://node-b.example <"$golden/request.http"
}

@test "standard output closed or full is status 7" {
	two
	at bzn-sign sign file >out
	run --separate-stderr sh -c 'bzn-sign verify file >/dev/full'
	[[ $status == 7 ]]
	run --separate-stderr sh -c 'bzn-sign verify file >&-'
	[[ $status == 7 ]]
}

@test "nothing that is verified is no yes" {
	local verb

	two
	for verb in "jwt --verify" "json --verify -n bzn-ack-v1" \
	    "verify-request --verify" "verify --list"; do
		# shellcheck disable=SC2086
		is 3 "$(jq -nc '{summary: true, status: 3, items: 0, good: 0,
		    code: "nothing_given", counts: {}} | {summary, status,
		    code, items, good, counts}')" "bzn-sign: there is nothing to verify \
(nothing_given)" bzn-sign $verb <<<""
	done
}
