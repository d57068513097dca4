-- name: ledger_head
SELECT size, root, edge, at_ms, posted FROM ledger_head WHERE k = 1;

-- name: ledger_head_new
INSERT INTO ledger_head (k, size, root, edge, at_ms, posted)
VALUES (1, 0, $1, $2, 0, 0)
ON CONFLICT (k) DO NOTHING;

-- name: ledger_head_set
UPDATE ledger_head
SET size = $1, root = $2, edge = $3, at_ms = $4, posted = $5 WHERE k = 1;

-- name: ledger_unit_list
SELECT code, scale FROM ledger_unit ORDER BY id;

-- name: ledger_unit_add
INSERT INTO ledger_unit (id, code, scale) VALUES ($1, $2, $3);

-- name: ledger_account_last
SELECT coalesce(max(id), 0) FROM ledger_account;

-- name: ledger_account_get
SELECT id, lo, hi, closed, cr, dr, pcr, pdr, legs FROM ledger_account
WHERE name = $1 AND unit_id = $2;

-- name: ledger_account_add
INSERT INTO ledger_account (id, name, unit_id, lo, hi, closed, cr, dr, legs)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: ledger_account_limit
UPDATE ledger_account
SET lo = $2, hi = $3, closed = $4, cr = $5, dr = $6, legs = $7 WHERE id = $1;

-- name: ledger_account_set
UPDATE ledger_account SET cr = $2, dr = $3, legs = $4 WHERE id = $1;

-- name: ledger_account_all
SELECT a.name, u.code, u.scale, a.id, a.lo, a.hi, a.closed, a.cr, a.dr,
	a.pcr, a.pdr, a.legs
FROM ledger_account a JOIN ledger_unit u ON u.id = a.unit_id
ORDER BY a.name, u.code;

-- name: ledger_account_named
SELECT a.name, u.code, u.scale, a.id, a.lo, a.hi, a.closed, a.cr, a.dr,
	a.pcr, a.pdr, a.legs
FROM ledger_account a JOIN ledger_unit u ON u.id = a.unit_id
WHERE a.name = $1 ORDER BY u.code;

-- name: ledger_entry_add
INSERT INTO ledger_entry (seq, id, leaf) VALUES ($1, $2, $3);

-- name: ledger_entry_by_id
SELECT seq, leaf FROM ledger_entry WHERE id = $1;

-- name: ledger_entry_after
SELECT id FROM ledger_entry WHERE id > $1 ORDER BY id LIMIT 1;

-- name: ledger_entry_by_seq
SELECT seq, id, leaf FROM ledger_entry WHERE seq = $1;

-- name: ledger_entry_range
SELECT seq, id, leaf FROM ledger_entry WHERE seq >= $1 AND seq < $2
ORDER BY seq;

-- name: ledger_entry_twice
SELECT count(*) - count(DISTINCT id) FROM ledger_entry;

-- name: ledger_posting_add
INSERT INTO ledger_posting (key, seq, amount, balance)
VALUES ($1, $2, $3, $4);

-- name: ledger_posting_add_8
INSERT INTO ledger_posting (key, seq, amount, balance)
VALUES ($1, $2, $3, $4),
	($5, $6, $7, $8),
	($9, $10, $11, $12),
	($13, $14, $15, $16),
	($17, $18, $19, $20),
	($21, $22, $23, $24),
	($25, $26, $27, $28),
	($29, $30, $31, $32);

-- name: ledger_posting_range
SELECT p.key, p.seq, p.amount, p.balance, e.leaf
FROM ledger_posting p JOIN ledger_entry e ON e.seq = p.seq
WHERE p.key >= $1 AND p.key < $2 ORDER BY p.key;

-- name: ledger_posting_keys
SELECT key, seq, amount, balance FROM ledger_posting
WHERE key >= $1 AND key < $2 ORDER BY key;

-- name: ledger_posting_count
SELECT count(*) FROM ledger_posting;

-- name: ledger_memo_add
INSERT INTO ledger_memo (seq, salt, memo) VALUES ($1, $2, $3);

-- name: ledger_memo_get
SELECT m.memo, m.salt, e.leaf
FROM ledger_memo m JOIN ledger_entry e ON e.seq = m.seq WHERE m.seq = $1;

-- name: ledger_memo_all
SELECT m.memo, m.salt, e.leaf, m.seq
FROM ledger_memo m JOIN ledger_entry e ON e.seq = m.seq ORDER BY m.seq;

-- name: ledger_memo_drop
DELETE FROM ledger_memo WHERE seq = $1;

-- name: ledger_tile_add
INSERT INTO ledger_tile (pos, root, hashes) VALUES ($1, $2, $3);

-- name: ledger_tile_root
SELECT root FROM ledger_tile WHERE pos >= $1 AND pos < $2 ORDER BY pos;

-- name: ledger_tile_get
SELECT root, hashes FROM ledger_tile WHERE pos = $1;

-- name: ledger_tile_count
SELECT count(*) FROM ledger_tile;

-- name: ledger_posting_sum
SELECT coalesce(sum(amount), 0) FROM ledger_posting
WHERE key >= $1 AND key < $2;

-- name: ledger_reversal_add
INSERT INTO ledger_reversal (target, seq) VALUES ($1, $2);

-- name: ledger_reversal_get
SELECT seq FROM ledger_reversal WHERE target = $1;

-- name: ledger_reversal_all
SELECT target, seq FROM ledger_reversal ORDER BY target;

-- name: ledger_account_below
SELECT name FROM ledger_account
WHERE name > $1 AND name < $2 AND unit_id = $3 ORDER BY name LIMIT 1;

-- name: ledger_posting_last
SELECT key, balance FROM ledger_posting
WHERE key >= $1 AND key < $2 ORDER BY key DESC LIMIT 1;
