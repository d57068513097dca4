-- name: escrow_add
INSERT INTO escrow_escrow (id, buyer_id, seller_id, unit, amount_minor,
	tax_bp, state, made_ms, refund_ms)
VALUES ($1, $2, $3, $4, $5, $6, 'PENDING', $7, $8);

-- name: escrow_task_add
INSERT INTO escrow_task (id, escrow_id, skill_id, contract, label, state,
	input)
VALUES ($1, $2, $3, $4, $5, 'OPEN', $6);

-- name: escrow_task_get
SELECT * FROM escrow_trade WHERE id = $1 OR escrow_id = $1;

-- name: escrow_task_list
SELECT * FROM escrow_trade
WHERE ($1 IS NULL OR buyer_id = $1) AND ($2 IS NULL OR seller_id = $2)
	AND ($3 IS NULL OR state = $3)
	AND ($4 IS NULL OR (escrow_state = 'PENDING' AND refund_ms <= $4)
	OR (escrow_state = 'AWAITING_SETTLEMENT' AND settle_ms <= $4)
	OR (escrow_state = 'DISPUTED' AND settle_ms <= $4
	AND verdict IS NOT NULL))
ORDER BY id LIMIT $5;

-- name: escrow_move
UPDATE escrow_escrow
SET state = $3, verdict = coalesce($4, verdict), reason = coalesce($5, reason),
	settle_ms = coalesce($6, settle_ms),
	disputed_ms = coalesce($7, disputed_ms), closed_ms = $8,
	reasoning = coalesce($9, reasoning)
WHERE id = $1 AND state = $2
RETURNING 1;

-- name: escrow_task_move
UPDATE escrow_task
SET state = $3, output = coalesce($4, output),
	output_sha256 = coalesce($5, output_sha256),
	claimed_ms = coalesce($6, claimed_ms),
	completed_ms = coalesce($7, completed_ms)
WHERE id = $1 AND state = $2
RETURNING 1;

-- name: escrow_at_stake
SELECT coalesce(sum(amount_minor), 0) FROM escrow_escrow
WHERE buyer_id = $1 AND closed_ms IS NULL AND unit = $2;

-- name: escrow_due_settle
SELECT id, settle_ms FROM escrow_escrow
WHERE state IN ('AWAITING_SETTLEMENT', 'DISPUTED') AND settle_ms <= $1
	AND (settle_ms > $2 OR (settle_ms = $2 AND id > $3))
	AND (state = 'AWAITING_SETTLEMENT' OR verdict IS NOT NULL)
ORDER BY settle_ms, id LIMIT $4;

-- name: escrow_due_refund
SELECT id, refund_ms FROM escrow_escrow
WHERE state = 'PENDING' AND refund_ms <= $1
	AND (refund_ms > $2 OR (refund_ms = $2 AND id > $3))
ORDER BY refund_ms, id LIMIT $4;

-- name: escrow_all
SELECT id, unit, amount_minor, state, refund_ms FROM escrow_escrow
WHERE unit = $1 ORDER BY id;

-- name: escrow_row
SELECT e.buyer_id, e.seller_id, e.unit, e.state, e.amount_minor, e.tax_bp,
	e.made_ms, e.refund_ms, e.settle_ms, e.disputed_ms, e.closed_ms,
	t.claimed_ms, t.completed_ms, e.verdict, t.id, t.skill_id, t.state,
	t.output_sha256
FROM escrow_escrow e LEFT JOIN escrow_task t ON t.escrow_id = e.id
WHERE e.id = $1;

-- name: escrow_count
SELECT count(*) FROM escrow_escrow;
