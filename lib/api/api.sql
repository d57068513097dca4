-- name: api_pending
SELECT unit, count(*), sum(CASE WHEN refund_ms <= $1 THEN 1 ELSE 0 END)
FROM escrow_escrow WHERE state = 'PENDING' GROUP BY unit;

-- name: api_delivered
SELECT unit, count(*), sum(CASE WHEN state = 'AWAITING_SETTLEMENT'
	AND settle_ms <= $1 THEN 1 ELSE 0 END)
FROM escrow_escrow WHERE state IN ('AWAITING_SETTLEMENT', 'DISPUTED')
GROUP BY unit;

-- name: api_imbalance
SELECT u.code, sum(a.cr - a.dr) FROM ledger_account a
JOIN ledger_unit u ON u.id = a.unit_id GROUP BY u.code;

-- name: api_signed
SELECT at_ms FROM ledger_checkpoint ORDER BY size DESC LIMIT 1;
