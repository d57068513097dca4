-- name: ledger_account_under
SELECT a.name, u.code, u.scale, a.id, a.lo, a.hi, a.closed, a.cr, a.dr,
	a.pcr, a.pdr, a.legs
FROM ledger_account a JOIN ledger_unit u ON u.id = a.unit_id
WHERE a.name >= $1 AND a.name < $2 ORDER BY a.name, u.code;

-- name: ledger_account_id
SELECT a.id FROM ledger_account a JOIN ledger_unit u ON u.id = a.unit_id
WHERE a.name = $1 AND u.code = $2;

-- name: ledger_posted
SELECT posted FROM ledger_head WHERE k = 1;

-- name: ledger_posting_get
SELECT seq, balance FROM ledger_posting WHERE key = $1;

-- name: ledger_posting_back
SELECT p.key, p.seq, p.amount, p.balance, e.leaf
FROM ledger_posting p JOIN ledger_entry e ON e.seq = p.seq
WHERE p.key >= $1 AND p.key < $2 ORDER BY p.key DESC;

-- name: ledger_entry_back
SELECT seq, id, leaf FROM ledger_entry WHERE seq >= $1 AND seq < $2
ORDER BY seq DESC;

-- name: ledger_reversed_by
SELECT r.seq, e.id FROM ledger_reversal r JOIN ledger_entry e ON e.seq = r.seq
WHERE r.target = $1;

-- name: ledger_checkpoint_over
SELECT size, at_ms FROM ledger_checkpoint WHERE size > $1
ORDER BY size LIMIT 1;
