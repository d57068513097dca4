-- name: strike_counted
SELECT 1 FROM strike_report
WHERE target_id = $1 AND reporter_id = $2 AND counted = 1
	AND policy = 'counterparty';

-- name: strike_add
INSERT INTO strike_report (id, target_id, reporter_id, task_id, reason,
	policy, counted, made_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: strike_node
UPDATE node_node
SET strikes = $2, banned_ms = $3,
	active = CASE WHEN $3 IS NULL THEN active ELSE 0 END
WHERE id = $1 AND banned_ms IS NULL
RETURNING 1;

-- name: strike_banned
SELECT coalesce(banned_ms, 0) FROM node_node WHERE id = $1;

-- name: strike_list
SELECT id, target_id, reporter_id, task_id, reason, counted, made_ms
FROM strike_report WHERE $1 IS NULL OR target_id = $1 ORDER BY id;
