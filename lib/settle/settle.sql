-- name: settle_failed_any
SELECT EXISTS (SELECT 1 FROM settle_failure);

-- name: settle_failed
INSERT INTO settle_failure (id, phase, failures, code, reason, first_ms,
	last_ms, parked_ms)
VALUES ($1, $2, 1, $3, $4, $5, $5, CASE WHEN $6 <= 1 THEN $5 END)
ON CONFLICT (id) DO UPDATE SET phase = excluded.phase,
	failures = settle_failure.failures + 1, code = excluded.code,
	reason = excluded.reason, last_ms = excluded.last_ms,
	parked_ms = CASE WHEN settle_failure.failures + 1 >= $6
		THEN coalesce(settle_failure.parked_ms, excluded.last_ms) END
RETURNING failures, coalesce(parked_ms, 0);

-- name: settle_forgive
DELETE FROM settle_failure WHERE id = $1;

-- name: settle_failure_get
SELECT id, phase, failures, code, reason, first_ms, last_ms,
	coalesce(parked_ms, 0)
FROM settle_failure WHERE id = $1;

-- name: settle_failure_list
SELECT f.id, f.phase, f.failures, f.code, f.reason, f.first_ms, f.last_ms,
	coalesce(f.parked_ms, 0)
FROM settle_failure f LEFT JOIN escrow_escrow e ON e.id = f.id
	LEFT JOIN bounty_bounty b ON b.id = f.id
WHERE e.closed_ms IS NULL AND b.closed_ms IS NULL
ORDER BY f.first_ms, f.id;

-- name: settle_untidy
SELECT EXISTS (SELECT 1 FROM market_quote
		WHERE used_ms IS NULL AND valid_ms <= $1)
	OR EXISTS (SELECT 1 FROM node_challenge WHERE made_ms <= $2)
	OR EXISTS (SELECT 1 FROM node_share WHERE made_ms <= $3)
	OR EXISTS (SELECT 1 FROM settle_failure f
		LEFT JOIN escrow_escrow e ON e.id = f.id
		LEFT JOIN bounty_bounty b ON b.id = f.id
		WHERE e.closed_ms IS NOT NULL OR b.closed_ms IS NOT NULL);

-- name: settle_drop_quotes
DELETE FROM market_quote WHERE used_ms IS NULL AND valid_ms <= $1;

-- name: settle_drop_challenges
DELETE FROM node_challenge WHERE made_ms <= $1;

-- name: settle_drop_shares
DELETE FROM node_share WHERE made_ms <= $1;

-- name: settle_drop_failures
DELETE FROM settle_failure WHERE EXISTS (
	SELECT 1 FROM escrow_escrow e
	WHERE e.id = settle_failure.id AND e.closed_ms IS NOT NULL)
	OR EXISTS (SELECT 1 FROM bounty_bounty b
	WHERE b.id = settle_failure.id AND b.closed_ms IS NOT NULL);

-- name: settle_open_long
SELECT t.id, e.id, t.state, e.made_ms, coalesce(t.claimed_ms, e.made_ms)
FROM escrow_escrow e JOIN escrow_task t ON t.escrow_id = e.id
WHERE e.state = 'PENDING' AND e.refund_ms > $1
	AND ((t.state = 'OPEN' AND e.made_ms <= $2)
	OR (t.state = 'IN_PROGRESS' AND t.claimed_ms <= $3))
ORDER BY e.refund_ms, e.id;

-- name: settle_dispute_stale
SELECT id, disputed_ms FROM escrow_escrow
WHERE state IN ('AWAITING_SETTLEMENT', 'DISPUTED') AND settle_ms > 0
	AND state = 'DISPUTED' AND disputed_ms <= $1
ORDER BY settle_ms, id;

-- name: settle_stale
SELECT count(*) FROM escrow_held
WHERE state IN ('PENDING', 'AWAITING_SETTLEMENT') AND made_ms <= $1;

-- name: settle_purse_wrong
SELECT node_id, sum(is_open), sum(due_open), sum(is_sales), sum(due_sales)
FROM (
	SELECT node_id, open_minor AS is_open, 0 AS due_open,
		sales AS is_sales, 0 AS due_sales
	FROM node_purse WHERE unit = $1
	UNION ALL SELECT buyer_id, 0, amount_minor, 0, 0 FROM escrow_held
	WHERE unit = $1
	UNION ALL SELECT seller_id, 0, 0, 0, 1 FROM escrow_held
	WHERE unit = $1
	UNION ALL SELECT creator_id, 0, reward_minor, 0, 0 FROM bounty_bounty
	WHERE state = 'open' AND unit = $1
)
GROUP BY node_id
HAVING sum(is_open) <> sum(due_open) OR sum(is_sales) <> sum(due_sales)
ORDER BY node_id;
