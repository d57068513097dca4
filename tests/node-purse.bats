# shellcheck shell=bats disable=SC2154
load common

# older: a store of eight steps, in which nodes have traded.
older() {
	local steps=("$BZN_SRC"/lib/store/schema/*.sql) id

	home
	id=$(sqlite3 node.db 'PRAGMA application_id')
	rm node.db*
	{
		echo "PRAGMA journal_mode = WAL;
		    PRAGMA application_id = $id;"
		awk -v kind=plain -f "$BZN_SRC/lib/store/embed.awk" \
		    "${steps[@]:0:8}"
		cat <<-'END'
			INSERT INTO node_node (id, realm, active, made_ms) VALUES
			    ('alice', 'production', 1, 0), ('bob', 'production', 1, 0);
			INSERT INTO market_skill (id, node_id, type, label, unit,
			    price_minor, metadata, made_ms)
			VALUES ('s1', 'bob', 'SKILL_OFFER', 'x', 'TCK', 1000, '{}', 0);
			INSERT INTO ledger_unit VALUES (1, 'TCK', 2);
			INSERT INTO ledger_account (id, name, unit_id) VALUES
			    (1, 'bob', 1), (2, 'VAULT', 1);
			INSERT INTO ledger_entry VALUES (7, 's1:listing', x'00');
			INSERT INTO ledger_posting VALUES
			    (4294967296, 7, -50, 0), (8589934592, 7, 50, 50);
			INSERT INTO escrow_escrow (id, buyer_id, seller_id, unit,
			    amount_minor, tax_bp, state, made_ms, refund_ms, closed_ms)
			VALUES
			    ('e1', 'alice', 'bob', 'TCK', 1000, 300, 'SETTLED', 1000, 2000, 3000),
			    ('e2', 'alice', 'bob', 'TCK', 200, 300, 'REFUNDED', 86400000, 2000, 3000),
			    ('e3', 'alice', 'bob', 'TCK', 30, 300, 'PENDING', 86400001, 2000, NULL),
			    ('e4', 'bob', 'alice', 'TCK', 4, 300, 'DISPUTED', 5, 2000, NULL);
		END
	} >older.sql
	sqlite3 node.db <older.sql >out
}

@test "a store of before learns what its nodes have out" {
	older
	bzn-ledger migrate >out
	is 0 "alice|TCK|30|1|1|230|1030
bob|TCK|4|1|0|4|54" "" sqlite3 node.db 'SELECT node_id, unit, open_minor,
	    sales, day, day_minor, spent_minor FROM node_purse ORDER BY 1'
	is 0 "alice|0||||
bob|0||||" "" sqlite3 node.db 'SELECT id, strikes, banned_ms, per_task_minor,
	    exposure_pct, expires_ms FROM node_node ORDER BY id'
}

@test "the purse is what the log says, after trades of every end" {
	local ends=(settled refunded disputed open) i task skill

	home
	member alice bob carol
	skill=$(offer bob 5)
	for i in "${ends[@]}"; do
		task=$(buy alice "$skill")
		[[ $i == refunded || $i == open ]] || deliver "$task"
		[[ $i != refunded ]] ||
		    at bzn-escrow refund "$task" --as bob >out
		[[ $i != disputed ]] || at bzn-escrow dispute "$task" \
		    --as alice --reason no >out
	done
	at bzn-escrow lock --buyer alice --seller carol --amount 7 >out
	at bzn-escrow bounty create --as alice --title 'a bounty' \
	    --description 'of some work' --reward 11 >out
	pass 86400
	at bzn-settle >out
	# Locks less what came back, by account of the escrows.
	bzn-ledger export ndjson | jq -s '[.[].entry | select(.type |
	    IN("ESCROW_LOCK", "BOUNTY_HOLD", "ESCROW_REFUND", "LISTING_FEE",
	    "DISPUTE_REFUND", "BOUNTY_REFUND")) | .legs[] |
	    select(.account == "alice") | .amount | tonumber * -100] |
	    add' >spent
	bzn-ledger balance | jq -s '[.[] | select(.account |
	    startswith("ESCROW")) | .balance | tonumber * 100] | add' >open
	is 0 "$(cat open)|$(cat spent)" "" sqlite3 node.db 'SELECT open_minor,
	    spent_minor FROM node_purse WHERE node_id = "alice"'
	is 0 "2800|3300" "" sqlite3 node.db 'SELECT open_minor, spent_minor
	    FROM node_purse WHERE node_id = "alice"'
	is 0 "bob|2
carol|1" "" sqlite3 node.db 'SELECT node_id, sales FROM node_purse
	    WHERE sales > 0 ORDER BY 1'
	sound
}

@test "shadow tasks and rehearsals leave the purse alone" {
	local task skill before

	home
	member alice bob
	skill=$(offer bob 5)
	before=$(sqlite3 node.db 'SELECT * FROM node_purse')
	echo '{}' >job.json
	task=$(at bzn-escrow shadow -b alice -s "$skill" -i job.json |
	    jq -r .task_id)
	at bzn-escrow lock -b alice -s "$skill" -i job.json -n >out
	deliver "$task"
	pass $((4 * 86400))
	at bzn-settle >out
	is 0 "$before" "" sqlite3 node.db 'SELECT * FROM node_purse'
	is 0 "bob|0|0|50" "" sqlite3 node.db 'SELECT node_id, open_minor, sales,
	    spent_minor FROM node_purse'
}

@test "audit: what is kept of nodes is what the log says" {
	local task skill box

	home
	member alice bob carol
	skill=$(offer bob 5)
	task=$(buy alice "$skill")
	buy alice "$skill" >out
	at bzn-escrow refund "$task" --as bob >out
	at bzn-escrow lock --buyer alice --seller carol --amount 7 >out
	at bzn-escrow bounty create --as alice --title 'a bounty' \
	    --description 'of some work' --reward 11 >out
	at bzn-node caps alice --daily 50 --exposure-pct 60 >out
	at bzn-node caps bob --per-task 3 >out
	at bzn-node caps bob --per-task none >out
	for _ in 1 2 3; do
		at bzn-node strike carol >out
	done
	box=$(at bzn-node sandbox | jq -r .node_id)
	at bzn-node add house --inactive >out
	at bzn-node add dave >out
	at bzn-node add dave --inactive >out
	at bzn-node add dave --active >out
	pass $((7 * 86400))
	at bzn-settle >out
	bzn-node audit >out
	is 0 '{"valid":true,"nodes":6,"faults":0}' "" jq -c 'del(.size)' out
	tamper "UPDATE node_purse SET open_minor = open_minor + 1
	    WHERE node_id = 'alice'; UPDATE node_node SET strikes = 0,
	    banned_ms = NULL WHERE id = 'carol'; UPDATE node_node SET
	    expired_ms = NULL WHERE id = '$box'; UPDATE node_node SET
	    exposure_pct = NULL, per_day_minor = 7 WHERE id = 'alice'"
	run --separate-stderr bzn-node audit
	[[ $status == 1 && $stderr == "bzn-node: 6 numbers of what is kept \
are not what the log says (counters_unequal)" ]] || fail "$stderr"
	is 0 "alice open_minor 1101 1100
alice max_spend_daily 7 5000
alice max_active_exposure_pct -1 60
carol strikes 0 3
carol banned 0 1
$box expired 0 1" "" jq -r 'select(.counter) |
	    "\(.node_id) \(.counter) \(.stored) \(.computed)"' <<<"$output"
}

@test "audit: a node that is gone, or made up, or may more than it may" {
	local skill

	home
	member alice bob carol dave
	skill=$(offer bob 5)
	buy alice "$skill" >out
	pass 86400
	buy alice "$skill" >out
	at bzn-node add dave --inactive >out
	is 0 '{"valid":true,"nodes":4,"faults":0}' "" \
	    bash -c 'bzn-node audit | jq -c "del(.size)"'
	tamper "UPDATE node_node SET active = 1 WHERE id = 'dave';
	    UPDATE node_node SET realm = 'sandbox' WHERE id = 'bob';
	    UPDATE node_purse SET day_minor = 0 WHERE node_id = 'alice';
	    DELETE FROM node_node WHERE id = 'carol';
	    INSERT INTO node_node (id, realm, active, made_ms)
	    VALUES ('eve', 'production', 1, 0)"
	run --separate-stderr bzn-node audit
	[[ $status == 1 && $stderr == "bzn-node: 9 numbers of what is kept \
are not what the log says (counters_unequal)" ]] || fail "$stderr"
	is 0 "alice day_minor 0 500
bob spent_minor 0 50
bob sales 0 2
bob sandbox 1 0
dave active 1 0
eve active 1 0
eve registered 1 0
carol active 0 1
carol registered 0 1" "" jq -r 'select(.counter) |
	    "\(.node_id) \(.counter) \(.stored) \(.computed)"' <<<"$output"
}
