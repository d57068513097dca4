-- name: cri_pair_add
INSERT INTO cri_pair (low_id, high_id, sold, bought, minor)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (low_id, high_id) DO UPDATE
SET sold = cri_pair.sold + excluded.sold,
	bought = cri_pair.bought + excluded.bought,
	minor = cri_pair.minor + excluded.minor;

-- name: cri_pair_get
SELECT sold + bought FROM cri_pair WHERE low_id = $1 AND high_id = $2;

-- name: cri_open
INSERT INTO cri_node (number, node_id)
VALUES (coalesce((SELECT max(number) FROM cri_node), 0) + 1, $1)
ON CONFLICT (node_id) DO NOTHING;

-- name: cri_count
UPDATE cri_node SET delivered = delivered + $2, failed = failed + $3
WHERE node_id = $1 AND delivered + $2 >= 0 AND failed + $3 >= 0;

-- name: cri_get
SELECT c.sold, c.bought, c.partners, c.most, c.volume_minor, c.delivered,
	c.failed, c.first_ms, c.last_ms, c.tenths, c.scored_ms, c.genesis_ms,
	c.verified, a.rank, a.made_ms, c.number, c.snapshot
FROM cri_node c LEFT JOIN cri_award a ON a.node_id = c.node_id
WHERE c.node_id = $1;

-- name: cri_write
UPDATE cri_node
SET sold = $2, bought = $3, partners = $4, most = $5, volume_minor = $6,
	first_ms = $7, last_ms = $8, tenths = $9, scored_ms = $10,
	snapshot = (SELECT max(key) FROM cri_snapshot)
WHERE number = $1;

-- name: cri_snapshot_add
INSERT INTO cri_snapshot (key, was_key, at_ms, base, tx, diversity, volume,
	age, buyer, genesis, dispute, concentration, strike, idle_days, sold,
	bought, partners, most, volume_minor, days, delivered, failed, strikes,
	was_tenths, tenths)
VALUES (coalesce((SELECT max(key) FROM cri_snapshot), 0) + 1, $1, $2, $3, $4,
	$5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
	$20, $21, $22, $23, $24);

-- name: cri_genesis_wait
UPDATE cri_node SET genesis_ms = $2 WHERE node_id = $1;

-- name: cri_genesis_due
SELECT node_id FROM cri_node WHERE genesis_ms IS NOT NULL
ORDER BY genesis_ms, node_id LIMIT 1;

-- name: cri_award_rank
SELECT coalesce(max(rank), 0) FROM cri_award;

-- name: cri_award_add
INSERT INTO cri_award (rank, node_id, made_ms) VALUES ($1, $2, $3);

-- name: cri_award_next
SELECT rank, node_id, made_ms FROM cri_award WHERE rank > $1
ORDER BY rank LIMIT 1;

-- name: cri_verified_add
INSERT INTO cri_verified (node_id, task_id, skill_id, made_ms)
VALUES ($1, $2, $3, $4)
ON CONFLICT (node_id, task_id) DO NOTHING
RETURNING 1;

-- name: cri_verified_skill
SELECT skill_id FROM cri_verified WHERE node_id = $1
ORDER BY made_ms DESC, task_id DESC LIMIT 1;

-- name: cri_verified_count
UPDATE cri_node SET verified = verified + 1 WHERE node_id = $1
RETURNING verified;

-- name: cri_pioneer_wait
UPDATE cri_node
SET pioneer_ms = CASE WHEN $2 IS NULL THEN NULL
	ELSE coalesce(pioneer_ms, $2) END
WHERE node_id = $1;

-- name: cri_pioneer_due
SELECT node_id, verified FROM cri_node WHERE pioneer_ms IS NOT NULL
ORDER BY pioneer_ms, node_id LIMIT 1;

-- name: cri_pioneer_get
SELECT rank FROM cri_pioneer WHERE node_id = $1;

-- name: cri_pioneer_rank
SELECT coalesce(max(rank), 0) FROM cri_pioneer;

-- name: cri_pioneer_add
INSERT INTO cri_pioneer (rank, node_id, skill_id, verified, made_ms)
VALUES ($1, $2, $3, $4, $5);

-- name: cri_pioneer_next
SELECT rank, node_id, skill_id, verified, made_ms FROM cri_pioneer
WHERE rank > $1 ORDER BY rank LIMIT 1;

-- name: cri_touch
UPDATE cri_node SET scored_ms = $2 WHERE node_id = $1;

-- name: cri_board
SELECT n.id, coalesce(c.tenths, 300) AS score,
	coalesce(p.spent_minor, 0) AS spent, a.rank
FROM node_node n LEFT JOIN cri_node c ON c.node_id = n.id
	LEFT JOIN node_purse p ON p.node_id = n.id AND p.unit = 'TCK'
	LEFT JOIN cri_award a ON a.node_id = n.id
WHERE n.realm = 'production' AND n.active = 1
ORDER BY score DESC, spent DESC, n.id LIMIT $1 OFFSET $2;

-- name: cri_board_total
SELECT count(*) FROM node_node WHERE realm = 'production' AND active = 1;

-- name: cri_snapshot_next
SELECT s.at_ms, s.base, s.tx, s.diversity, s.volume, s.age, s.buyer, s.genesis,
	s.dispute, s.concentration, s.strike, s.idle_days, s.sold, s.bought,
	s.partners, s.most, s.volume_minor, s.days, s.delivered, s.failed,
	s.strikes, s.was_tenths, s.tenths, s.was_key
FROM cri_snapshot s WHERE s.key = coalesce($1,
	(SELECT snapshot FROM cri_node WHERE node_id = $2));

-- name: cri_audit_nodes
SELECT n.id, c.sold, c.bought, c.partners, c.most, c.volume_minor,
	c.delivered, c.failed, c.first_ms, c.last_ms, a.rank, n.made_ms,
	n.banned_ms, n.early
FROM node_known n LEFT JOIN cri_node c ON c.node_id = n.id
	LEFT JOIN cri_award a ON a.node_id = n.id
ORDER BY n.id;

-- name: cri_audit_pairs
SELECT node_id, other_id, sold, bought, minor FROM cri_partner
ORDER BY node_id, other_id;
