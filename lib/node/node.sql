-- name: node_get
SELECT * FROM node_known WHERE id = $1;

-- name: node_add
INSERT INTO node_node (id, realm, active, made_ms, alias, expires_ms)
VALUES ($1, $2, $6, $3, $4, $5);

-- name: node_due_expiry
SELECT id, expires_ms FROM node_node
WHERE expires_ms IS NOT NULL AND burnt_ms IS NULL AND expires_ms <= $1
	AND (expires_ms > $2 OR (expires_ms = $2 AND id > $3))
ORDER BY expires_ms, id LIMIT $4;

-- name: node_expire
UPDATE node_node SET active = 0, expired_ms = $2
WHERE id = $1 AND expired_ms IS NULL
RETURNING 1;

-- name: node_burn
UPDATE node_node SET burnt_ms = $2 WHERE id = $1 AND burnt_ms IS NULL
RETURNING 1;

-- name: node_list
SELECT * FROM node_known WHERE id > $1 ORDER BY id;

-- name: node_challenge_put
INSERT INTO node_challenge (node_id, id, payload, tries, made_ms, signup)
VALUES ($1, $2, $3, 0, $4, $5)
ON CONFLICT (node_id) DO UPDATE SET id = excluded.id,
	payload = excluded.payload, tries = 0, made_ms = excluded.made_ms,
	signup = excluded.signup;

-- name: node_challenge_get
SELECT id, payload, tries, made_ms, signup FROM node_challenge
WHERE node_id = $1;

-- name: node_challenge_miss
UPDATE node_challenge SET tries = tries + 1 WHERE node_id = $1;

-- name: node_challenge_drop
DELETE FROM node_challenge WHERE node_id = $1;

-- name: node_purse_get
SELECT open_minor, day, day_minor, spent_minor, sales FROM node_purse
WHERE node_id = $1 AND unit = $2;

-- name: node_purse_lock
INSERT INTO node_purse (node_id, unit, open_minor, sales, day, day_minor,
	spent_minor)
VALUES ($1, $2, $3, 0, $4, $3, $3)
ON CONFLICT (node_id, unit) DO UPDATE
SET open_minor = node_purse.open_minor + excluded.open_minor,
	spent_minor = node_purse.spent_minor + excluded.spent_minor,
	day_minor = excluded.day_minor + CASE
		WHEN node_purse.day = excluded.day
		THEN node_purse.day_minor ELSE 0 END,
	day = excluded.day;

-- name: node_purse_close
UPDATE node_purse
SET open_minor = open_minor - $3, spent_minor = spent_minor - $4
WHERE node_id = $1 AND unit = $2;

-- name: node_purse_fee
INSERT INTO node_purse (node_id, unit, open_minor, sales, day, day_minor,
	spent_minor)
VALUES ($1, $2, 0, 0, 0, 0, $3)
ON CONFLICT (node_id, unit) DO UPDATE
SET spent_minor = node_purse.spent_minor + excluded.spent_minor;

-- name: node_purse_sale
INSERT INTO node_purse (node_id, unit, open_minor, sales, day, day_minor,
	spent_minor)
VALUES ($1, $2, 0, 1, 0, 0, 0)
ON CONFLICT (node_id, unit) DO UPDATE SET sales = node_purse.sales + 1;

-- name: node_purse_sold
UPDATE node_purse SET sales = sales - 1 WHERE node_id = $1 AND unit = $2;

-- name: node_caps
UPDATE node_node
SET per_task_minor = $2, per_day_minor = $3, exposure_pct = $4
WHERE id = $1
RETURNING 1;

-- name: node_signup_add
INSERT INTO node_signup (token, email, node_name, agent_type, capability,
	why, made_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: node_signup_linked
SELECT CASE WHEN node_id IS NULL THEN 0 ELSE 1 END FROM node_signup
WHERE token = $1;

-- name: node_signup_link
UPDATE node_signup SET node_id = $2, linked_ms = $3
WHERE token = $1 AND node_id IS NULL
RETURNING 1;

-- name: node_funnel
INSERT INTO node_funnel (node_id, type, at_ms) VALUES ($1, $2, $3)
ON CONFLICT (node_id, type) DO NOTHING;

-- name: node_share_add
INSERT INTO node_share (id, facts, made_ms) VALUES ($1, $2, $3)
ON CONFLICT (id) DO NOTHING;

-- name: node_share_get
SELECT facts FROM node_share WHERE id = $1 AND made_ms > $2;

-- name: node_active
UPDATE node_node SET active = $2 WHERE id = $1 RETURNING 1;

-- name: node_audit
SELECT n.id, coalesce(p.open_minor, 0), coalesce(p.spent_minor, 0),
	coalesce(p.sales, 0), n.strikes,
	CASE WHEN n.banned_ms IS NULL THEN 0 ELSE 1 END,
	CASE WHEN n.expired_ms IS NULL THEN 0 ELSE 1 END,
	coalesce(n.per_task_minor, 0), coalesce(n.per_day_minor, 0),
	coalesce(n.exposure_pct, -1), coalesce(p.day, 0),
	coalesce(p.day_minor, 0), n.active,
	CASE n.realm WHEN 'sandbox' THEN 1 ELSE 0 END, 1
FROM node_node n LEFT JOIN node_purse p ON p.node_id = n.id
	AND p.unit = CASE n.realm WHEN 'sandbox' THEN 'SBX' ELSE 'TCK' END
ORDER BY n.id;

-- name: node_access_put
INSERT INTO node_access (node_id, hash, made_ms) VALUES ($1, $2, $3)
ON CONFLICT (node_id) DO UPDATE SET hash = excluded.hash,
	made_ms = excluded.made_ms;

-- name: node_access_get
SELECT hash FROM node_access WHERE node_id = $1;
