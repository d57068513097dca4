# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
load common

# books: a home with four accounts, two units and a clock that moves.
books() {
	local i

	home
	for i in {1..8}; do
		at bzn-ledger transfer MINT "shop:till$((i % 3))" "$i" TCK \
		    --type CREDIT_ISSUE --id "a$i" >/dev/null
		[[ $((i % 4)) != 0 ]] || pass 1
	done
	at bzn-ledger transfer MINT shop 70 SBX --type CREDIT_ISSUE \
	    --id sbx >/dev/null
	pass 3600
	for i in {1..6}; do
		at bzn-ledger transfer "shop:till$((i % 3))" shopper "0.0$i" \
		    TCK --id "b$i" --ref "order $i" >/dev/null
	done
	at bzn-ledger transfer shopper VAULT 0.01 TCK --id fee \
	    --type CREDIT_DEDUCT --ref x >/dev/null
}

# unposted SEQ: as if the projector had not come further yet.
unposted() {
	sqlite3 node.db "DELETE FROM ledger_posting WHERE seq >= $1;
	    UPDATE ledger_head SET posted = $1"
}

@test "balance, history, tail and show say what a scan of the log says" {
	local posted

	books
	run python3 "$BZN_SRC/tests/filters.py"
	[[ $status == 0 && $output =~ ^[0-9]{3,}\ answers$ ]] ||
	    fail "$output"
	for posted in 11 5 1 0; do
		unposted $posted
		run python3 "$BZN_SRC/tests/filters.py"
		[[ $status == 0 ]] || fail "posted $posted: $output"
	done
}

@test "balance --at: seq, time, checkpoint, and what is none of them" {
	local origin root

	books
	is 0 '{"account":"shop:till1","unit":"TCK","balance":"1.00",'\
'"available":"1.00","legs":1,"as_of_seq":1,'\
'"as_of":"2026-11-20T08:00:00.000Z"}' "" \
	    bzn-ledger balance shop:till1 --at 1
	is 0 '{"account":"shop:till1","unit":"TCK","balance":"0.00",'\
'"available":"0.00","legs":0,"as_of_seq":-1}' "" \
	    bzn-ledger balance shop:till1 --at 2026-11-20T07:59:59Z
	is 0 "" "" bzn-ledger balance --at 0
	is 4 "" "bzn-ledger: no entry 17: the log has 17 so far (no_entry)" \
	    bzn-ledger balance --at 17
	is 3 "" "bzn-ledger: '2026-11-40' is not a time like \
2026-11-20T06:52:52Z (bad_time)" \
	    bzn-ledger balance --at 2026-11-40
	is 4 "" "bzn-ledger: cannot open 'yesterday': No such file or \
directory (no_file)" bzn-ledger balance --at yesterday
	# Signed by nobody we know, its root is still that of 5 entries.
	origin=ledger.example/test
	root=$(bzn-ledger export ndjson | head -n 5 | python3 -c '
import base64, hashlib, json, sys
h = [bytes.fromhex(json.loads(x)["leaf_hash"]) for x in sys.stdin]
def root(h):
    if len(h) == 1: return h[0]
    k = 1 << (len(h) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + root(h[:k]) + root(h[k:])).digest()
print(base64.b64encode(root(h)).decode())')
	note() {
		printf '%s\n%s\n%s\n\n' "$1" "$2" "$3"
		printf '— %s %091d=\n' "$origin" 0
	}
	note $origin 5 "$root" >5.ckpt
	is 0 "$(bzn-ledger balance --at 4)" "" bzn-ledger balance --at 5.ckpt
	is 0 "$(bzn-ledger history shop:till0 --from 5)" "" \
	    bzn-ledger history shop:till0 --from 5.ckpt
	note $origin 6 "$root" >6.ckpt
	is 1 "" "bzn-ledger: '6.ckpt': its root is not that of the first 6 \
entries (root_mismatch)" bzn-ledger balance --at 6.ckpt
	note $origin 60 "$root" >60.ckpt
	is 4 "" "bzn-ledger: '60.ckpt': it covers 60 entries, and the log has \
17 so far (no_entry)" bzn-ledger balance --at 60.ckpt
	note ledger.example/x 5 "$root" >x.ckpt
	is 1 "" "bzn-ledger: --to: 'x.ckpt': it is of the log 'ledger.example/x', \
and this one is 'ledger.example/test' (other_log)" \
	    bzn-ledger history shopper --to x.ckpt
	echo nonsense >bad.ckpt
	run --separate-stderr bzn-ledger balance --at bad.ckpt
	[[ $status == 3 && $stderr == *"(bad_note)" ]]
}

@test "balance --subtree and --effective: what they need" {
	books
	is 0 '["shop","SBX","70.00",1,1]
["shop","TCK","35.79",14,3]' "" bash -c 'bzn-ledger balance --subtree shop |
	    jq -c "[.account, .unit, .balance, .legs, .accounts]"'
	is 4 "" "bzn-ledger: no account 'sho' (no_account)" \
	    bzn-ledger balance --subtree sho
	is 4 "" "bzn-ledger: no account '' (no_account)" \
	    bzn-ledger balance --subtree ""
	is 2 "" "bzn-ledger: --subtree needs an account (usage)" \
	    bzn-ledger balance --subtree
	is 3 "" "bzn-ledger: '5' is not a time like 2026-11-20T06:52:52Z \
(bad_time)" \
	    bzn-ledger balance --effective --at 5
}

@test "show: by seq or id, as stored, or with what stands around it" {
	local leaf

	books
	leaf=$(bzn-ledger export ndjson | sed -n 3p | jq -c .entry)
	is 0 "$leaf" "" bzn-ledger show 2
	is 0 "$leaf" "" bzn-ledger show a2
	is 0 "$leaf
$leaf" "" bzn-ledger show 2 a2
	is 4 "" "bzn-ledger: no entry '99' (no_entry)" bzn-ledger show 99
	is 4 "" "bzn-ledger: no entry 'xyz' (no_entry)" bzn-ledger show xyz
	at bzn-ledger transfer shopper shop 0.01 TCK --id 2 >/dev/null
	at bzn-ledger transfer shopper shop 0.01 TCK --id 400 >/dev/null
	is 2 "" "bzn-ledger: '2' is the seq of an entry, and the id of entry \
17 (ambiguous)" bzn-ledger show 2
	is 0 18 "" bash -c 'bzn-ledger show 400 | jq .seq'
	is 0 "$(bzn-ledger export ndjson | sed -n 3p)" "" \
	    bzn-ledger show --explain a2
	sqlite3 node.db "INSERT INTO ledger_checkpoint VALUES
	    (2, 1, zeroblob(32), ''), (3, 1795161600000, zeroblob(32), '')"
	is 0 '{"size":3,"at":"2026-11-20T08:00:00.000Z"}' "" \
	    bash -c 'bzn-ledger show --explain a2 | jq -c .checkpoint'
}

@test "show --explain: a group has its members" {
	local task

	home
	member alice bob
	task=$(buy alice "$(offer bob 10)")
	deliver "$task"
	pass 90000
	at bzn-settle >/dev/null
	run bash -c "bzn-ledger history VAULT --limit 1 | jq -r .seq"
	bzn-ledger show --explain "$output" >tax.json
	is 0 2 "" jq '.group | length' tax.json
	is 0 true "" jq '.group[1] == {seq, id: .entry.id} and
	    .group[0].seq == .seq - 1' tax.json
}

@test "tail: gapless, from any entry on" {
	books
	is 0 "" "" bzn-ledger tail --from 17
	is 4 "" "bzn-ledger: entry 18 is not the next: the log has 17 so far \
(no_entry)" bzn-ledger tail --from 18
	is 0 '{"seq":16,"balances":[{"account":"VAULT","unit":"TCK",'\
'"balance":"0.01"},{"account":"shopper","unit":"TCK","balance":"0.20"}]}' "" \
	    bash -c 'bzn-ledger tail --from 16 | jq -c "{seq, balances}"'
	# What one call leaves, the next one takes up.
	bzn-ledger tail --from 0 --limit 9 >log
	bzn-ledger tail --from 9 >rest
	bzn-ledger tail | cmp - <(cat log rest)
	sqlite3 node.db "DROP TRIGGER IF EXISTS ledger_entry_no_delete;
	    PRAGMA foreign_keys = OFF; DELETE FROM ledger_entry WHERE seq = 7"
	run --separate-stderr bzn-ledger tail
	[[ $status == 1 && $stderr == \
	    "bzn-ledger: entry 7 is missing (seq_gap)" ]]
}
