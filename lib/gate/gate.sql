-- name: gate_soft_add
INSERT INTO gate_soft (node_id, act, needed, times, first_ms, last_ms)
VALUES ($1, $2, $3, 1, $4, $4)
ON CONFLICT (node_id, act) DO UPDATE SET times = gate_soft.times + 1,
	needed = excluded.needed, last_ms = excluded.last_ms;

-- name: gate_soft_of
SELECT node_id, act, needed, times, first_ms, last_ms FROM gate_soft
WHERE node_id = $1 ORDER BY act;
