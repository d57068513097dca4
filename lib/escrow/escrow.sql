-- name: escrow_add
INSERT INTO escrow_escrow (id, kind, buyer_id, seller_id, unit, amount_minor,
	tax_bp, state, made_ms, refund_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'PENDING', $8, $9);

-- name: escrow_task_add
INSERT INTO escrow_task (id, escrow_id, skill_id, contract, customs, label,
	protocol, integration, capability, deadline_s, run_id,
	verified_task_id, is_shadow, state, input)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $2 IS NULL,
	'OPEN', $13);

-- name: escrow_shadow_add
INSERT INTO escrow_shadow (task_id, buyer_id, seller_id, unit, amount_minor,
	tax_bp, made_ms, refund_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: escrow_task_get
SELECT * FROM escrow_trade WHERE id = $1 OR escrow_id = $1;

-- name: escrow_task_get_shadow
SELECT * FROM escrow_trade_shadow WHERE id = $1;

-- name: escrow_task_get_direct
SELECT * FROM escrow_trade_direct WHERE id = $1;

-- name: escrow_task_list
SELECT * FROM escrow_trade
WHERE ($1 IS NULL OR buyer_id = $1) AND ($2 IS NULL OR seller_id = $2)
	AND ($3 IS NULL OR buyer_id = $3 OR seller_id = $3)
	AND ($4 IS NULL OR state = $4)
UNION ALL
SELECT * FROM escrow_trade_shadow
WHERE ($1 IS NULL OR buyer_id = $1) AND ($2 IS NULL OR seller_id = $2)
	AND ($3 IS NULL OR buyer_id = $3 OR seller_id = $3)
	AND ($4 IS NULL OR state = $4)
UNION ALL
SELECT * FROM escrow_trade_direct
WHERE ($1 IS NULL OR buyer_id = $1) AND ($2 IS NULL OR seller_id = $2)
	AND ($3 IS NULL OR buyer_id = $3 OR seller_id = $3)
	AND $4 IS NULL
ORDER BY id LIMIT $5 OFFSET $6;

-- name: escrow_task_list_due
SELECT * FROM escrow_trade
WHERE escrow_id IN (
	SELECT id FROM escrow_escrow
	WHERE state = 'PENDING' AND refund_ms <= $7
	UNION ALL
	SELECT id FROM escrow_escrow
	WHERE state IN ('AWAITING_SETTLEMENT', 'DISPUTED') AND settle_ms <= $7
		AND (state = 'AWAITING_SETTLEMENT' OR verdict IS NOT NULL))
	AND ($1 IS NULL OR buyer_id = $1) AND ($2 IS NULL OR seller_id = $2)
	AND ($3 IS NULL OR buyer_id = $3 OR seller_id = $3)
	AND ($4 IS NULL OR state = $4)
UNION ALL
SELECT * FROM escrow_trade_shadow
WHERE id IN (SELECT task_id FROM escrow_shadow
	WHERE closed_ms IS NULL AND refund_ms <= $7)
	AND ($1 IS NULL OR buyer_id = $1) AND ($2 IS NULL OR seller_id = $2)
	AND ($3 IS NULL OR buyer_id = $3 OR seller_id = $3)
	AND ($4 IS NULL OR state = $4)
UNION ALL
SELECT * FROM escrow_trade_direct
WHERE id IN (
	SELECT id FROM escrow_escrow
	WHERE state = 'PENDING' AND refund_ms <= $7
	UNION ALL
	SELECT id FROM escrow_escrow
	WHERE state IN ('AWAITING_SETTLEMENT', 'DISPUTED') AND settle_ms <= $7
		AND state = 'AWAITING_SETTLEMENT')
	AND ($1 IS NULL OR buyer_id = $1) AND ($2 IS NULL OR seller_id = $2)
	AND ($3 IS NULL OR buyer_id = $3 OR seller_id = $3)
	AND $4 IS NULL
ORDER BY id LIMIT $5 OFFSET $6;

-- name: escrow_move
UPDATE escrow_escrow
SET state = $3, verdict = coalesce($4, verdict), reason = coalesce($5, reason),
	settle_ms = coalesce($6, settle_ms),
	disputed_ms = coalesce($7, disputed_ms), closed_ms = $8,
	reasoning = coalesce($9, reasoning),
	proof_hash = coalesce($10, proof_hash),
	settle_proof_hash = coalesce($11, settle_proof_hash)
WHERE id = $1 AND state = $2;

-- name: escrow_task_move
UPDATE escrow_task
SET state = $3, output = coalesce($4, output),
	output_sha256 = coalesce($5, output_sha256),
	claimed_ms = coalesce($6, claimed_ms),
	completed_ms = coalesce($7, completed_ms),
	proof_match = coalesce($8, proof_match),
	llm_provider = coalesce($9, llm_provider)
WHERE id = $1 AND state = $2;

-- name: escrow_shadow_move
UPDATE escrow_shadow
SET verdict = $2, reason = $3, proof_hash = $4, closed_ms = $5
WHERE task_id = $1 AND closed_ms IS NULL;

-- name: escrow_direct_move
UPDATE escrow_escrow
SET output = coalesce($2, output),
	output_sha256 = coalesce($3, output_sha256),
	completed_ms = coalesce($4, completed_ms)
WHERE id = $1 AND kind = 'direct';

-- name: escrow_snapshot
SELECT contract, customs FROM escrow_task WHERE id = $1;

-- name: escrow_verdict_add
INSERT INTO escrow_verdict (task_id, idx, validator_id, source, type, result,
	details, made_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: escrow_verdict_list
SELECT idx, validator_id, source, type, result, details, made_ms
FROM escrow_verdict WHERE task_id = $1 ORDER BY idx;

-- name: escrow_rule_add
INSERT INTO escrow_rule (task_id, escrow_id, rule, details, action, made_ms)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: escrow_rule_of
SELECT id, task_id, escrow_id, rule, details, action, made_ms
FROM escrow_rule WHERE task_id = $1
UNION ALL
SELECT id, task_id, escrow_id, rule, details, action, made_ms
FROM escrow_rule WHERE escrow_id = $2 AND task_id IS NULL
ORDER BY id;

-- name: escrow_rule_list
SELECT r.id, r.task_id, r.escrow_id, r.rule, r.details, r.action, r.made_ms,
	e.state
FROM escrow_rule r LEFT JOIN escrow_escrow e ON e.id = r.escrow_id
WHERE ($1 IS NULL OR r.rule = $1) AND ($2 IS NULL OR r.action = $2)
	AND ($3 IS NULL OR e.state = $3)
ORDER BY r.id DESC LIMIT $4 OFFSET $5;

-- name: escrow_rule_total
SELECT count(*)
FROM escrow_rule r LEFT JOIN escrow_escrow e ON e.id = r.escrow_id
WHERE ($1 IS NULL OR r.rule = $1) AND ($2 IS NULL OR r.action = $2)
	AND ($3 IS NULL OR e.state = $3);

-- name: escrow_dispute_add
INSERT INTO escrow_dispute (id, escrow_id, reason, evidence, made_ms)
VALUES ($1, $2, $3, $4, $5);

-- name: escrow_dispute_close
UPDATE escrow_dispute
SET resolution = $2, resolved_by = $3, reasoning = $4, resolved_ms = $5
WHERE escrow_id = $1 AND resolved_ms IS NULL
RETURNING 1;

-- name: escrow_dispute_get
SELECT d.id, t.id, d.escrow_id, e.state, d.reason, d.evidence, d.resolution,
	d.resolved_by, d.reasoning, d.made_ms, d.resolved_ms
FROM escrow_dispute d JOIN escrow_escrow e ON e.id = d.escrow_id
	LEFT JOIN escrow_task t ON t.escrow_id = d.escrow_id
WHERE d.id = $1 OR d.escrow_id = $1;

-- name: escrow_dispute_list
SELECT d.id, t.id, d.escrow_id, e.state, d.reason, d.evidence, d.resolution,
	d.resolved_by, d.reasoning, d.made_ms, d.resolved_ms
FROM escrow_dispute d JOIN escrow_escrow e ON e.id = d.escrow_id
	LEFT JOIN escrow_task t ON t.escrow_id = d.escrow_id
WHERE ($1 IS NULL OR (d.resolved_ms IS NULL) = $1)
ORDER BY d.id LIMIT $2 OFFSET $3;

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

-- name: escrow_count
SELECT count(*) FROM escrow_escrow;

-- name: escrow_due_shadow
SELECT task_id, refund_ms FROM escrow_shadow
WHERE closed_ms IS NULL AND refund_ms <= $1
	AND (refund_ms > $2 OR (refund_ms = $2 AND task_id > $3))
ORDER BY refund_ms, task_id LIMIT $4;

-- name: escrow_row
SELECT e.buyer_id, e.seller_id, e.unit, e.state, e.amount_minor, e.tax_bp,
	e.made_ms, e.refund_ms, e.settle_ms, e.disputed_ms, e.closed_ms,
	t.claimed_ms, coalesce(t.completed_ms, e.completed_ms), e.verdict,
	t.id, t.skill_id, t.state, coalesce(t.output_sha256, e.output_sha256),
	e.kind
FROM escrow_escrow e LEFT JOIN escrow_task t ON t.escrow_id = e.id
WHERE e.id = $1;

-- Escrows are in the order of their tasks: both ids are made at once.  The rows
-- come by the index of the party, in its order, and so a page ends early.

-- name: escrow_to_do
SELECT v.*, e.id AS place
FROM escrow_escrow e CROSS JOIN escrow_trade v ON v.escrow_id = e.id
WHERE e.seller_id = $1 AND ($2 IS NULL OR v.state = $2) AND e.state = 'PENDING'
UNION ALL
SELECT v.*, s.task_id
FROM escrow_shadow s CROSS JOIN escrow_trade_shadow v ON v.id = s.task_id
WHERE s.seller_id = $1 AND ($2 IS NULL OR v.state = $2)
ORDER BY place LIMIT $3 OFFSET $4;

-- name: escrow_to_do_total
SELECT
	(SELECT count(*) FROM escrow_escrow e JOIN escrow_task t
		ON t.escrow_id = e.id
	WHERE e.seller_id = $1 AND ($2 IS NULL OR t.state = $2)
		AND e.state = 'PENDING')
	+ (SELECT count(*) FROM escrow_shadow s JOIN escrow_task t
		ON t.id = s.task_id
	WHERE s.seller_id = $1 AND ($2 IS NULL OR t.state = $2));

-- name: escrow_sold
SELECT v.*, e.id AS place
FROM escrow_escrow e CROSS JOIN escrow_trade v ON v.escrow_id = e.id
WHERE e.seller_id = $1 AND ($2 IS NULL OR v.state = $2)
UNION ALL
SELECT v.*, s.task_id
FROM escrow_shadow s CROSS JOIN escrow_trade_shadow v ON v.id = s.task_id
WHERE s.seller_id = $1 AND ($2 IS NULL OR v.state = $2)
ORDER BY place LIMIT $3 OFFSET $4;

-- name: escrow_sold_total
SELECT
	(SELECT count(*) FROM escrow_escrow e JOIN escrow_task t
		ON t.escrow_id = e.id
	WHERE e.seller_id = $1 AND ($2 IS NULL OR t.state = $2))
	+ (SELECT count(*) FROM escrow_shadow s JOIN escrow_task t
		ON t.id = s.task_id
	WHERE s.seller_id = $1 AND ($2 IS NULL OR t.state = $2));

-- name: escrow_bought
SELECT v.*, e.id AS place
FROM escrow_escrow e CROSS JOIN escrow_trade v ON v.escrow_id = e.id
WHERE e.buyer_id = $1 AND ($2 IS NULL OR v.state = $2)
UNION ALL
SELECT v.*, s.task_id
FROM escrow_shadow s CROSS JOIN escrow_trade_shadow v ON v.id = s.task_id
WHERE s.buyer_id = $1 AND ($2 IS NULL OR v.state = $2)
ORDER BY place LIMIT $3 OFFSET $4;

-- name: escrow_bought_total
SELECT
	(SELECT count(*) FROM escrow_escrow e JOIN escrow_task t
		ON t.escrow_id = e.id
	WHERE e.buyer_id = $1 AND ($2 IS NULL OR t.state = $2))
	+ (SELECT count(*) FROM escrow_shadow s JOIN escrow_task t
		ON t.id = s.task_id
	WHERE s.buyer_id = $1 AND ($2 IS NULL OR t.state = $2));

-- name: escrow_mine
SELECT v.*, e.id AS place
FROM escrow_escrow e CROSS JOIN escrow_trade v ON v.escrow_id = e.id
WHERE e.seller_id = $1 AND ($2 IS NULL OR v.state = $2)
UNION ALL
SELECT v.*, s.task_id
FROM escrow_shadow s CROSS JOIN escrow_trade_shadow v ON v.id = s.task_id
WHERE s.seller_id = $1 AND ($2 IS NULL OR v.state = $2)
UNION ALL
SELECT v.*, e.id AS place
FROM escrow_escrow e CROSS JOIN escrow_trade v ON v.escrow_id = e.id
WHERE e.buyer_id = $1 AND ($2 IS NULL OR v.state = $2)
UNION ALL
SELECT v.*, s.task_id
FROM escrow_shadow s CROSS JOIN escrow_trade_shadow v ON v.id = s.task_id
WHERE s.buyer_id = $1 AND ($2 IS NULL OR v.state = $2)
ORDER BY place LIMIT $3 OFFSET $4;

-- name: escrow_mine_total
SELECT
	(SELECT count(*) FROM escrow_escrow e JOIN escrow_task t
		ON t.escrow_id = e.id
	WHERE e.seller_id = $1 AND ($2 IS NULL OR t.state = $2))
	+ (SELECT count(*) FROM escrow_shadow s JOIN escrow_task t
		ON t.id = s.task_id
	WHERE s.seller_id = $1 AND ($2 IS NULL OR t.state = $2))
	+ (SELECT count(*) FROM escrow_escrow e JOIN escrow_task t
		ON t.escrow_id = e.id
	WHERE e.buyer_id = $1 AND ($2 IS NULL OR t.state = $2))
	+ (SELECT count(*) FROM escrow_shadow s JOIN escrow_task t
		ON t.id = s.task_id
	WHERE s.buyer_id = $1 AND ($2 IS NULL OR t.state = $2));

-- name: escrow_opens
SELECT count(*), coalesce(sum(CASE WHEN e.state = 'PENDING' AND e.kind = 'task'
		THEN 1 ELSE 0 END), 0)
	+ (SELECT count(*) FROM escrow_shadow s JOIN escrow_task t
		ON t.id = s.task_id
	WHERE s.buyer_id = $1 AND t.state IN ('OPEN', 'IN_PROGRESS'))
FROM escrow_escrow e
WHERE e.buyer_id = $1 AND e.state IN ('PENDING', 'AWAITING_SETTLEMENT');

-- name: escrow_first_close
SELECT min(at_ms) FROM (
	SELECT buyer_id, refund_ms AS at_ms FROM (
		SELECT buyer_id, refund_ms FROM escrow_escrow
		WHERE state = 'PENDING' AND refund_ms < $2
		ORDER BY refund_ms, id LIMIT 4096)
	UNION ALL
	SELECT buyer_id, settle_ms FROM (
		SELECT buyer_id, settle_ms FROM escrow_escrow
		WHERE state IN ('AWAITING_SETTLEMENT', 'DISPUTED')
			AND settle_ms < $2 AND (state = 'AWAITING_SETTLEMENT'
			OR verdict IS NOT NULL)
		ORDER BY settle_ms, id LIMIT 4096))
WHERE buyer_id = $1;
