-- name: rebuild_drop_posting
DELETE FROM ledger_posting;

-- name: rebuild_drop_reversal
DELETE FROM ledger_reversal;

-- name: rebuild_drop_account
DELETE FROM ledger_account;

-- name: rebuild_drop_unit
DELETE FROM ledger_unit;

-- name: rebuild_drop_tile
DELETE FROM ledger_tile;

-- name: rebuild_drop_head
DELETE FROM ledger_head;

-- name: rebuild_all_posting
SELECT key, seq, amount, balance FROM ledger_posting WHERE seq < $1
ORDER BY key;

-- name: rebuild_all_account
SELECT id, name, unit_id, lo, hi, closed, cr, dr, pcr, pdr, legs
FROM ledger_account ORDER BY id;

-- name: rebuild_all_unit
SELECT id, code, scale FROM ledger_unit ORDER BY id;

-- name: rebuild_all_tile
SELECT pos, root, hashes FROM ledger_tile ORDER BY pos;

-- name: rebuild_all_head
SELECT k, size, root, edge, at_ms FROM ledger_head ORDER BY k;
