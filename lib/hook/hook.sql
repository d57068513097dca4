-- name: hook_any
SELECT 1 FROM hook_hook WHERE closed_ms IS NULL AND ref IS NULL
UNION ALL
SELECT 1 FROM hook_hook WHERE closed_ms IS NULL AND ref IS NOT NULL LIMIT 1;

-- name: hook_ears
SELECT id, events FROM hook_hook
WHERE node_id = $1 AND ref IS NULL AND closed_ms IS NULL
UNION ALL
SELECT id, events FROM hook_hook
WHERE node_id = $2 AND ref IS NULL AND closed_ms IS NULL
UNION ALL
SELECT id, events FROM hook_hook WHERE ref = $3 AND closed_ms IS NULL;

-- name: hook_delivery_add
INSERT INTO hook_delivery (id, hook_id, event, ref, event_id, body, state,
	attempts, next_ms, made_ms)
VALUES ($1, $2, $3, $4, $5, $6, 'pending', 0, $7, $7)
ON CONFLICT (ref, hook_id, event) DO NOTHING;

-- name: hook_count
SELECT count(*) FROM hook_hook
WHERE node_id = $1 AND ref IS NULL AND closed_ms IS NULL;

-- name: hook_add
INSERT INTO hook_hook (id, node_id, ref, url, events, sealed, made_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: hook_remove
UPDATE hook_hook SET closed_ms = $3
WHERE id = $1 AND node_id = coalesce($2, node_id) AND ref IS NULL
	AND closed_ms IS NULL;

-- name: hook_list
SELECT id, node_id, url, events, made_ms FROM hook_hook
WHERE node_id = $1 AND ref IS NULL AND closed_ms IS NULL ORDER BY id;

-- name: hook_get
SELECT id, node_id, url, events, made_ms FROM hook_hook
WHERE id = $1 AND node_id = coalesce($2, node_id) AND ref IS NULL;

-- name: hook_delivery_count
SELECT count(*) FROM hook_delivery
WHERE hook_id = $1 AND state = coalesce($2, state);

-- name: hook_delivery_list
SELECT id, event, state, attempts, code, error, made_ms FROM hook_delivery
WHERE hook_id = $1 AND state = coalesce($2, state)
ORDER BY id DESC LIMIT $3 OFFSET $4;

-- name: hook_told
SELECT d.id, d.event, d.state, d.attempts, d.code, d.error, d.made_ms
FROM hook_delivery d JOIN hook_hook h ON h.id = d.hook_id
WHERE d.ref = $1 AND h.node_id = $2 ORDER BY d.id LIMIT 20;

-- name: hook_stats
SELECT state, count(*) FROM hook_delivery
WHERE state IN ('pending', 'exhausted') GROUP BY state;

-- name: hook_sealed
SELECT sealed FROM hook_hook WHERE id = $1 AND ref IS NULL;
