-- name: verify_ids
SELECT id, seq FROM ledger_entry ORDER BY id;

-- name: verify_checkpoints
SELECT size, at_ms, root, note FROM ledger_checkpoint ORDER BY size;

-- name: verify_leaves
SELECT EXISTS (SELECT 1 FROM ledger_entry);
