-- name: alert_add
INSERT INTO alert_alert (id, ref, kind, n, node_id, owner, sweep_id, data,
	made_ms, due_ms, state, attempts)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'pending', 0)
ON CONFLICT (ref, kind, n) DO NOTHING;

-- name: alert_known
SELECT 1 FROM alert_alert
WHERE ref = $1 AND kind = $2 AND state <> 'dropped' LIMIT 1;

-- name: alert_drop
UPDATE alert_alert SET state = 'dropped', tried_ms = $3
WHERE ref = $1 AND kind = $2 AND state = 'pending';

-- name: alert_stats
SELECT (SELECT count(*) FROM alert_alert WHERE state = 'pending'),
	(SELECT count(*) FROM alert_alert WHERE state = 'failed'),
	(SELECT min(made_ms) FROM alert_alert WHERE state = 'pending');

-- name: alert_all
SELECT kind, n, ref, node_id, owner, due_ms, state, id, data, made_ms
FROM alert_alert ORDER BY made_ms, kind, n;

-- name: alert_due
SELECT id, kind, n, ref, owner, sweep_id, data, made_ms, due_ms, done,
	attempts, parcel
FROM alert_alert a
WHERE state IN ('pending', 'failed') AND state = 'pending' AND due_ms <= $1
	AND NOT EXISTS (SELECT 1 FROM alert_alert b WHERE b.ref = a.ref
		AND b.state = 'pending' AND b.made_ms < a.made_ms
		AND b.due_ms > $1)
ORDER BY sweep_id, owner, parcel, due_ms, id;

-- name: alert_waiting
SELECT id, kind, n, ref, owner, sweep_id, data, made_ms, due_ms, done,
	attempts, parcel
FROM alert_alert a
WHERE state IN ('pending', 'failed') AND state = 'pending' AND (due_ms > $1
	OR EXISTS (SELECT 1 FROM alert_alert b WHERE b.ref = a.ref
		AND b.state = 'pending' AND b.made_ms < a.made_ms
		AND b.due_ms > $1))
ORDER BY made_ms, id;

-- name: alert_pack
UPDATE alert_alert SET parcel = $2 WHERE id = $1 AND state = 'pending';

-- name: alert_mark
UPDATE alert_alert SET state = $2, done = $3, attempts = $4, tried_ms = $5,
	error = $6, due_ms = $7
WHERE id = $1 AND state = 'pending';
