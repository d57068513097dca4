-- name: bounty_add
INSERT INTO bounty_bounty (id, creator_id, unit, reward_minor, tax_bp, title,
	description, category, tags, state, made_ms, deadline_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10, $11);

-- name: bounty_get
SELECT * FROM bounty_view WHERE id = $1;

-- name: bounty_move
UPDATE bounty_bounty SET state = $3, closed_ms = $4
WHERE id = $1 AND state = $2
RETURNING 1;

-- name: bounty_submission_add
INSERT INTO bounty_submission (id, bounty_id, solver_id, content, proof_url,
	skill_id, state, made_ms)
VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7);

-- name: bounty_submission_get
SELECT id, bounty_id, solver_id, content, proof_url, skill_id, state, made_ms,
	reviewed_ms
FROM bounty_submission WHERE bounty_id = $1 AND id = $2;

-- name: bounty_submission_list
SELECT id, bounty_id, solver_id, content, proof_url, skill_id, state, made_ms,
	reviewed_ms
FROM bounty_submission WHERE bounty_id = $1 ORDER BY id;

-- name: bounty_submission_pending
SELECT id FROM bounty_submission
WHERE bounty_id = $1 AND solver_id = $2 AND state = 'pending';

-- name: bounty_submission_accept
UPDATE bounty_submission SET state = 'accepted', reviewed_ms = $3
WHERE bounty_id = $1 AND id = $2 AND state = 'pending'
RETURNING 1;

-- name: bounty_submission_reject
UPDATE bounty_submission SET state = 'rejected', reviewed_ms = $2
WHERE bounty_id = $1 AND state = 'pending';

-- name: bounty_due
SELECT id, deadline_ms FROM bounty_bounty
WHERE state = 'open' AND deadline_ms <= $1
	AND (deadline_ms > $2 OR (deadline_ms = $2 AND id > $3))
ORDER BY deadline_ms, id LIMIT $4;

-- name: bounty_open_of
SELECT id FROM bounty_bounty WHERE creator_id = $1 AND state = 'open'
ORDER BY id LIMIT 1;

-- name: bounty_first_close
SELECT min(deadline_ms) FROM bounty_bounty
WHERE creator_id = $1 AND state = 'open' AND deadline_ms < $2;

-- name: bounty_total
SELECT count(*) FROM bounty_bounty
WHERE ($1 IS NULL OR state = $1) AND ($2 IS NULL OR category = $2)
	AND ($3 IS NULL OR creator_id = $3) AND ($4 IS NULL OR unit = $4)
	AND reward_minor >= $5;

-- name: bounty_newest
SELECT * FROM bounty_view
WHERE ($1 IS NULL OR state = $1) AND ($2 IS NULL OR category = $2)
	AND ($3 IS NULL OR creator_id = $3) AND ($4 IS NULL OR unit = $4)
	AND reward_minor >= $5
ORDER BY id DESC LIMIT $6 OFFSET $7;

-- name: bounty_by_reward
SELECT * FROM bounty_view
WHERE ($1 IS NULL OR state = $1) AND ($2 IS NULL OR category = $2)
	AND ($3 IS NULL OR creator_id = $3) AND ($4 IS NULL OR unit = $4)
	AND reward_minor >= $5
ORDER BY reward_minor DESC, id LIMIT $6 OFFSET $7;

-- name: bounty_by_deadline
SELECT * FROM bounty_view
WHERE ($1 IS NULL OR state = $1) AND ($2 IS NULL OR category = $2)
	AND ($3 IS NULL OR creator_id = $3) AND ($4 IS NULL OR unit = $4)
	AND reward_minor >= $5
ORDER BY deadline_ms IS NULL, deadline_ms, id LIMIT $6 OFFSET $7;

-- name: bounty_won_add
INSERT INTO bounty_won (node_id, unit, bounties, minor)
VALUES ($1, $2, 1, $3)
ON CONFLICT (node_id, unit) DO UPDATE
SET bounties = bounty_won.bounties + 1,
	minor = bounty_won.minor + excluded.minor;

-- name: bounty_won
SELECT minor FROM bounty_won WHERE node_id = $1 AND unit = $2;

-- name: bounty_all
SELECT id, reward_minor, state FROM bounty_bounty
WHERE unit = $1 ORDER BY id;

-- name: bounty_count
SELECT count(*) FROM bounty_bounty;
