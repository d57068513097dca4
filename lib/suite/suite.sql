-- name: suite_run_add
INSERT INTO suite_run (id, suite, skill_id, node_id, made_ms, due_ms, state)
VALUES ($1, $2, $3, $4, $5, $6, 'running');

-- name: suite_case_add
INSERT INTO suite_case (run_id, idx, case_id, check_type, field, expected,
	task_id, repeat_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: suite_run_recent
SELECT count(*) FROM suite_run WHERE node_id = $1 AND made_ms > $2;

-- name: suite_run_get
SELECT r.id, r.suite, r.skill_id, r.node_id, s.label, r.made_ms, r.due_ms
FROM suite_run r JOIN market_skill s ON s.id = r.skill_id
WHERE r.id = $1;

-- name: suite_case_list
SELECT case_id, check_type, field, expected, task_id, repeat_id
FROM suite_case WHERE run_id = $1 ORDER BY idx;

-- name: suite_promise
SELECT contract FROM escrow_task WHERE id = $1;

-- name: suite_run_close
UPDATE suite_run SET state = $2, closed_ms = $3
WHERE id = $1 AND state = 'running'
RETURNING 1;

-- name: suite_run_due
SELECT r.id, r.due_ms FROM suite_run r
WHERE r.state = 'running' AND (r.due_ms > $2 OR (r.due_ms = $2 AND r.id > $3))
	AND (r.due_ms <= $1 OR NOT EXISTS (
		SELECT 1 FROM suite_case c JOIN escrow_task t
			ON t.id = c.task_id OR t.id = c.repeat_id
		WHERE c.run_id = r.id
			AND t.state IN ('OPEN', 'IN_PROGRESS')))
ORDER BY r.due_ms, r.id LIMIT $4;
