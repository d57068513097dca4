# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2034,SC2119,SC2154
# Receipts: made from the ledger, and checked by a stranger without one.
load common
load evidence

CLOSE=01a1f7f8-3fa0-7000-8000-000000000003

# cosigned: the demo log at size 10, with the witness of the vectors.
cosigned() {
	demo 10
	at bzn-ledger checkpoint >out
	at bzn-ledger checkpoint add "$GOLD/demo.10.ckpt" --vkey "$WITNESS" \
	    >out
}

# judge FILE... OPTION...: as a stranger does, who has nothing.
judge() {
	env -i "$BZN_BUILD/bin/bzn-ledger" receipt --check "$@"
}

@test "the receipt of leaf 6 of the demo log, byte for byte" {
	cosigned
	at bzn-ledger receipt 6 >got
	diff "$GOLD/demo.6.tlog-proof" got
	is 0 985 "" bash -c 'wc -c <got'
	at bzn-ledger receipt $CLOSE:close | diff got -
	at bzn-ledger receipt 6 --size 10 | diff got -
	rm -rf node.db* identity pins bzn.conf
	is 0 '{"file":"got","result":"true","origin":"ledger.example/demo",'\
'"index":6,"size":10,"signed_by":["ledger.example/demo"],"cosigned_by":[],'\
'"entry":'"$(sed -n 7p "$GOLD/demo.leaves")"'}' "" judge got --vkey "$LOG"
}

@test "receipts of one escrow: as files, as records" {
	cosigned
	is 2 "" "bzn-ledger: 4 receipts: say --out or --json (usage)" \
	    at bzn-ledger receipt --prefix $CLOSE
	at bzn-ledger receipt --prefix $CLOSE --out r
	is 0 "4.tlog-proof 5.tlog-proof 6.tlog-proof 7.tlog-proof " "" \
	    bash -c 'ls r | tr "\n" " "'
	diff "$GOLD/demo.6.tlog-proof" r/6.tlog-proof
	at bzn-ledger receipt --prefix $CLOSE --json >all
	is 0 '[4,"'$CLOSE':lock"]' "" bash -c 'head -n 1 all | jq -c "[.seq, .id]"'
	sed -n 3p all | jq -j .tlog_proof | diff "$GOLD/demo.6.tlog-proof" -
	is 0 "true
true
true
true" "" bash -c "$(declare -f judge); judge r/* --vkey $LOG | jq -r .result"
	at bzn-ledger receipt 1 2 --out r
	[[ -s r/1.tlog-proof && -s r/2.tlog-proof ]]
	is 4 "" "bzn-ledger: no entry whose id begins with 'x:' (no_entry)" \
	    at bzn-ledger receipt --prefix x
}

@test "a receipt is issued a checkpoint if none covers its entry" {
	demo 5
	at bzn-ledger receipt 4 >r4
	is 0 5 "" pinned
	leaves 10
	at bzn-ledger receipt 4 >again
	diff r4 again
	at bzn-ledger receipt 9 >r9
	is 0 10 "" pinned
	is 0 "[4,5]
[9,10]" "" bash -c "$(declare -f judge)
	    judge r4 r9 --vkey $LOG | jq -c '[.index, .size]'"
	at bzn-ledger receipt 4 --size 5 | diff r4 -
	is 4 "" "bzn-ledger: the checkpoint of 5 entries does not cover entry \
5 (no_checkpoint)" at bzn-ledger receipt 5 --size 5
	is 4 "" "bzn-ledger: no checkpoint of 7 entries (no_checkpoint)" \
	    at bzn-ledger receipt 5 --size 7
	is 4 "" "bzn-ledger: no entry '10' (no_entry)" at bzn-ledger receipt 10
	is 4 "" "bzn-ledger: no entry 'nobody' (no_entry)" \
	    at bzn-ledger receipt nobody
}

@test "usage" {
	home
	is 2 "" "bzn-ledger: which entry: an id, a seq, or --prefix (usage)" \
	    bzn-ledger receipt
	is 2 "" "bzn-ledger: which entry: an id, a seq, or --prefix (usage)" \
	    bzn-ledger receipt 1 --prefix x
	is 2 "" "bzn-ledger: which receipts? (usage)" bzn-ledger receipt --check
	is 2 "" "bzn-ledger: say whom to trust: --vkey, --policy or --card \
(usage)" bzn-ledger receipt --check x
	is 2 "" "bzn-ledger: --cert needs --card: who has signed it? (usage)" \
	    bzn-ledger receipt --check x --vkey "$LOG" --cert x
	is 2 "" "bzn-ledger: no --home, no \$BZN_HOME and no \$HOME: say which \
home (usage)" env -i "$BZN_BUILD/bin/bzn-ledger" receipt 1
	is 3 "" "bzn-ledger: 'x' is no verifier key (bad_vkey)" judge x --vkey x
}

# says CODE STATUS FILE OPTION...: that one receipt is not believed.
says() {
	local code=$1 want=$2

	shift 2
	run --separate-stderr judge "$@"
	[[ $status == "$want" && $stderr == "bzn-ledger: "*"($code)" &&
	    $(jq -r '[.code, .status] | @tsv' <<<"$output") == \
	    "$code	$want" ]] || fail "$*: $status $output $stderr"
}

# spoil SED...: the receipt of leaf 6, edited.
spoil() {
	sed "$@" "$GOLD/demo.6.tlog-proof" >bad
}

@test "every kind of byte in a receipt counts" {
	local edit

	for edit in '1s/v1/v2/' '2s/extra/other/' '2d' '3s/6/06/' '3s/6/-6/' \
	    '3d' '4s/=$//' '4s/=/==/' '5s/^/ /' '8d' 's/$/ /' '4s/S/\t/'; do
		spoil "$edit"
		says bad_receipt 3 bad --vkey "$LOG"
	done
	for edit in '10s/10/010/' '10s/10/ten/' '11s/=//' '12s/.*/x/' \
	    '13s/—/-/' '13s/==*$//' '11d' '$s/$/\n/' '13s/ e4/  e4/'; do
		spoil "$edit"
		says bad_note 3 bad --vkey "$LOG"
	done
	for edit in '10s/10/11/' '11s/b/c/' '13s/X5J/X5K/' '11s/$/\nmore/'; do
		spoil "$edit"
		says bad_signature 1 bad --vkey "$LOG"
	done
	for edit in '3s/6/7/' '3s/6/10/' '4s/6SR/6SS/' '5d' '5p' \
	    '3s/6/99999999999999999999/' '2s/eyJ/eyK/'; do
		spoil "$edit"
		case $edit in
		*9999*) says bad_receipt 3 bad --vkey "$LOG" ;;
		*) says proof_mismatch 1 bad --vkey "$LOG" ;;
		esac
	done
	spoil '9s/demo/other/'
	says bad_signature 1 bad --vkey "$LOG"
	spoil '13s/demo/other/'
	says unknown_signer 1 bad --vkey "$LOG"
	says unknown_signer 1 "$GOLD/demo.6.tlog-proof" --vkey "$NEXT"
	says unknown_signer 1 "$GOLD/demo.6.tlog-proof" --vkey "$WITNESS"
	: >bad
	says bad_receipt 3 bad --vkey "$LOG"
	head -c 300000 /dev/zero >bad
	says too_long 3 bad --vkey "$LOG"
	says no_file 4 nothing --vkey "$LOG"
}

# A log may sign nonsense: then its signature is good and the leaf is not.
@test "a leaf that is no leaf, or is not at its place, is not true" {
	local leaf

	a_key 0 log.pem
	for leaf in '{}' 'nonsense' '{"at_ms":1,"v":1}' \
	    "$(sed -n 2p "$GOLD/demo.leaves")" \
	    "$(sed -n 1p "$GOLD/demo.leaves") "; do
		one_leaf "$leaf" >bad
		run --separate-stderr judge bad --vkey "$LOG"
		[[ $status == 1 && $(jq -r .code <<<"$output") =~ \
		    ^(leaf_not_canonical|column_mismatch)$ ]] ||
		    fail "$leaf: $status $output"
	done
	one_leaf "$(sed -n 1p "$GOLD/demo.leaves")" >good
	judge good --vkey "$LOG" >out
	# A unit that somebody declared: its scale is what is shown.
	one_leaf '{"at_ms":1,"id":"x","kind":"transfer","legs":[{"account":'\
'"a","amount":"-1.5","unit":"EURO"},{"account":"b","amount":"1.5","unit":'\
'"EURO"}],"seq":0,"type":"TRANSFER","v":1}' >good
	judge good --vkey "$LOG" >out
	one_leaf '{"at_ms":1,"id":"x","kind":"transfer","legs":[{"account":'\
'"a","amount":"-1.5","unit":"EURO"},{"account":"b","amount":"1.50","unit":'\
'"EURO"}],"seq":0,"type":"TRANSFER","v":1}' >bad
	says leaf_not_canonical 1 bad --vkey "$LOG"
}

# one_leaf LEAF: the receipt of a log of one leaf, signed with log.pem.
one_leaf() {
	local root sig

	root=$( (printf '\0'; printf %s "$1") | openssl dgst -sha256 -binary |
	    base64)
	printf '%s\n1\n%s\n' ledger.example/demo "$root" >text
	openssl pkeyutl -sign -rawin -inkey log.pem -in text -out sig
	sig=$( (printf '7b8488d1' | xxd -r -p; cat sig) | base64 -w0)
	printf 'c2sp.org/tlog-proof@v1\nextra %s\nindex 0\n\n' \
	    "$(printf %s "$1" | base64 -w0)"
	cat text
	printf '\n— ledger.example/demo %s\n' "$sig"
}

@test "a policy: who must have signed, and who may" {
	local good=$GOLD/demo.6.tlog-proof

	printf '%s\n' "log $LOG https://x # ours" "witness w $WITNESS" \
	    "group g any w" "quorum g" >p
	is 0 '["witness.example/w1"]' "" bash -c "$(declare -f judge)
	    judge $good --policy p | jq -c .cosigned_by"
	spoil '$d'
	says witness_missing 6 bad --policy p
	sed -i 's/quorum g/quorum none/' p
	judge bad --policy p >out
	spoil '$s/yurL/yurM/'
	judge bad --policy p >out	# an id that nobody has
	spoil '$s/tyurLgAAAABr/tyurLgAAAABs/'
	says bad_signature 1 bad --policy p
	printf '%s\n' "log $NEXT" "quorum none" >p
	says unknown_signer 1 "$good" --policy p
	echo 'quorum none' >>p
	is 3 "" "bzn-ledger: p:3: a second quorum (bad_policy)" \
	    judge "$good" --policy p
	is 2 "" "bzn-ledger: --vkey or --policy, not both (usage)" \
	    judge "$good" --policy p --vkey "$LOG"
}

@test "of many receipts, what is false outweighs what could not be told" {
	local good=$GOLD/demo.6.tlog-proof

	spoil '4s/6SR/6SS/'
	mv bad false
	spoil 2d
	mv bad form
	run --separate-stderr judge "$good" form false nothing --vkey "$LOG"
	[[ $status == 1 && $stderr == \
	    "bzn-ledger: 3 of 4 receipts are not true (proof_mismatch)" ]]
	is 0 "true unknown false unknown " "" \
	    bash -c 'jq -j ".result + \" \"" <<<"$1"' - "$output"
	run --separate-stderr judge form nothing --vkey "$LOG"
	[[ $status == 4 ]]
	run --separate-stderr judge form "$good" --vkey "$LOG"
	[[ $status == 3 ]]
	printf '%s\n' "log $LOG" "witness w $WITNESS" "quorum w" >p
	spoil '$d'
	run --separate-stderr judge bad form nothing --policy p
	[[ $status == 6 ]]
}

# rotated: the demo log past its rotation, and one entry more.
rotated() {
	demo 10
	clock=@1795251602000
	a_key 96 next.pem
	at bzn-ledger checkpoint rotate --key next.pem --reason "$1" \
	    --id 01a1fd55-8250-7000-8000-000000000006 >out
	at bzn-ledger receipt 10 >rotation
	at bzn-ledger receipt 0 >first
}

# later: the receipt of an entry that only the new key has signed.
later() {
	pass $((31 * 86400))
	at bzn-ledger transfer MINT alice 1 TCK --type CREDIT_ISSUE >out
	at bzn-ledger receipt 11 >later
}

@test "who knows the old key follows it across a rotation" {
	rotated scheduled
	later
	says unknown_signer 1 later --vkey "$LOG"
	judge later --vkey "$NEXT" >out
	is 0 "true true " "" bash -c "$(declare -f judge)
	    judge later rotation --vkey $LOG | jq -j '.result + \" \"'"
	# But not by a rotation that is not in the log.
	sed 's/index 10/index 9/' rotation >bad
	run --separate-stderr judge later bad --vkey "$LOG"
	[[ $status == 1 && $(jq -r .result <<<"${lines[0]}") == false ]]
}

@test "after a compromise the old key leads nowhere, and is not believed" {
	demo 10
	at bzn-ledger receipt 6 >old
	a_key 96 next.pem
	at bzn-ledger checkpoint rotate --key next.pem --reason compromised \
	    >out
	at bzn-ledger receipt 10 >rotation
	at bzn-ledger receipt 0 >first
	judge old --vkey "$LOG" >out
	run --separate-stderr judge old rotation --vkey "$LOG"
	[[ $status == 1 && $(jq -r .result <<<"${lines[0]}") == true &&
	    $(jq -r .code <<<"${lines[1]}") == unknown_signer ]]
	printf '%s\n' "log $LOG" "log $NEXT" "quorum none" >p
	judge old --policy p >out
	run --separate-stderr judge old rotation --policy p
	[[ $status == 1 && $(jq -r .code <<<"${lines[0]}") == unknown_signer &&
	    $(jq -r .result <<<"${lines[1]}") == true ]]
}

@test "an identity card alone is trust enough" {
	rotated lost
	at bzn-ledger receipt 6 --size 11 >six
	bzn-card show >card
	says unknown_signer 1 six --card card
	# By the rotation, which the node has signed, or by the first leaf.
	judge six rotation --card card >out
	judge six --card card --cert identity/log_cert.json >out
	# Another node's card is of no use.
	mkdir -p o/identity
	chmod 700 o/identity
	a_key 99 o/identity/node_private.pem
	openssl pkey -in o/identity/node_private.pem -pubout \
	    -out o/identity/node_public.pem
	sha256sum o/identity/node_public.pem | cut -c1-64 \
	    >o/identity/node_id.txt
	bzn-card show --home o >other
	run --separate-stderr judge six rotation --card other
	[[ $status == 1 && $(jq -r .code <<<"${lines[0]}") == unknown_signer ]]
	run --separate-stderr judge six --card other \
	    --cert identity/log_cert.json
	[[ $status == 1 && $stderr == *"(id_mismatch)" ]]
	sed 's/"signature":"../"signature":"AA/' card >bad
	run --separate-stderr judge six --card bad
	[[ $status == 1 && $stderr == *"(bad_signature)" ]]
}

@test "a card and the receipt of leaf 0, before any rotation" {
	demo 10
	at bzn-ledger receipt 0 >first
	at bzn-ledger receipt 6 >six
	bzn-card show >card
	judge six first --card card >out
	is 0 "true true " "" jq -j '.result + " "' out
}

@test "what was changed in the store gets no receipt" {
	demo 10
	at bzn-ledger checkpoint >out
	sqlite3 node.db .schema | grep -o 'TRIGGER [a-z_]*entry[a-z_]*' |
	    while read -r _ name; do sqlite3 node.db "DROP TRIGGER $name"; done
	sqlite3 node.db "UPDATE ledger_entry SET leaf = CAST(replace(CAST(leaf
	    AS TEXT), '9.70', '9.71') AS BLOB) WHERE seq = 6"
	is 7 "" "bzn-ledger: entry 6 is not what was signed: run 'bzn-ledger \
verify' (store_corrupt)" at bzn-ledger receipt 6
	is 7 "" "bzn-ledger: entry 7 is not what was signed: run 'bzn-ledger \
verify' (store_corrupt)" at bzn-ledger receipt 7
}

@test "import writes the receipts of what it took, and of what was there" {
	local vkey

	home
	vkey=$(jq -r .vkey made.json)
	at bzn-ledger transfer MINT a 5 TCK --type CREDIT_ISSUE --id x >out
	printf '%s\n' '{"id":"i1","from":"a","to":"b","amount":"1","unit":"TCK"}' \
	    '{"id":"i2","from":"a","to":"b","amount":"9","unit":"TCK"}' \
	    '{"id":"i3","from":"a","to":"b","amount":"2","unit":"TCK"}' >in
	run --separate-stderr at bzn-ledger import in --receipts r
	[[ $status == 9 ]]
	is 0 "2.tlog-proof 3.tlog-proof " "" bash -c 'ls r | tr "\n" " "'
	run judge r/* --vkey "$vkey"
	[[ $status == 0 ]]
	is 0 "i1 i3 " "" bash -c 'jq -j ".entry.id + \" \"" <<<"$1"' - "$output"
	# Again: the same entries, and so the same files.
	cp -r r was
	rm r/2.tlog-proof
	run --separate-stderr at bzn-ledger import in --receipts r
	diff -r was r
	is 2 "" "bzn-ledger: --receipts needs entries that are posted and \
answered for: no --dry-run, no --problems (usage)" \
	    at bzn-ledger import in --receipts r --dry-run
	is 2 "" "bzn-ledger: --receipts is not for --replay (usage)" \
	    at bzn-ledger import --replay in --receipts r
}
