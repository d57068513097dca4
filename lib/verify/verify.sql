-- name: verify_ids
SELECT id, seq FROM ledger_entry ORDER BY id;

-- name: verify_checkpoints
SELECT size, at_ms, root, note FROM ledger_checkpoint ORDER BY size;

-- name: verify_reversals
SELECT target, seq FROM ledger_reversal ORDER BY target;

-- name: verify_leaves
SELECT EXISTS (SELECT 1 FROM ledger_entry);

-- name: verify_notes
SELECT EXISTS (SELECT 1 FROM ledger_checkpoint);
