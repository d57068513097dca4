-- name: market_skill_add
INSERT INTO market_skill
	(id, node_id, type, label, category, unit, price_minor, metadata,
	made_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: market_price_add
INSERT INTO market_price (unit, level, bucket, skills, sum_minor)
SELECT b.unit, b.level, b.bucket, 1, b.price_minor
FROM market_bucket b JOIN node_node n ON n.id = b.node_id
WHERE b.id = $1 AND n.active = 1
ON CONFLICT (unit, level, bucket) DO UPDATE
SET skills = market_price.skills + 1,
	sum_minor = market_price.sum_minor + excluded.sum_minor;

-- name: market_past_add
INSERT INTO market_past
	(skill_id, version, label, category, price_minor, metadata)
SELECT id, version, label, category, price_minor, metadata
FROM market_skill WHERE id = $1;

-- name: market_skill_change
UPDATE market_skill
SET label = $2, category = $3, price_minor = $4, metadata = $5, version = $6,
	changed_ms = $7
WHERE id = $1;

-- name: market_skill_retire
UPDATE market_skill SET retired_ms = $2 WHERE id = $1;

-- name: market_skill_get
SELECT id, node_id, type, label, category, unit, price_minor, metadata,
	made_ms, retired_ms, version, changed_ms
FROM market_skill WHERE id = $1;

-- name: market_skill_of
SELECT id, node_id, type, label, category, unit, price_minor, metadata,
	made_ms, retired_ms, version, changed_ms
FROM market_skill WHERE node_id = $1 AND retired_ms IS NULL
ORDER BY id DESC;

-- The score of a seller is the one that is kept; $8 and $9 are those of a new
-- node, in production and in the sandbox.

-- name: market_skill_list
SELECT s.id, s.node_id, s.type, s.label, s.category, s.unit, s.price_minor,
	s.metadata, s.made_ms, s.retired_ms, s.version, s.changed_ms,
	coalesce(c.tenths, CASE s.unit WHEN 'SBX' THEN $9 ELSE $8 END),
	EXISTS (SELECT 1 FROM market_verified v WHERE v.skill_id = s.id)
FROM market_skill s JOIN node_node n ON n.id = s.node_id
	LEFT JOIN cri_node c ON c.node_id = s.node_id
WHERE s.retired_ms IS NULL AND n.active = 1
	AND ($1 IS NULL OR lower(s.label) LIKE lower($1) ESCAPE '\')
	AND ($2 IS NULL OR s.category = $2)
	AND ($3 IS NULL OR s.node_id = $3)
	AND s.price_minor >= $4 AND s.price_minor <= $5
	AND coalesce(s.unit, '') IN ($6, $7)
	AND coalesce(c.tenths, CASE s.unit WHEN 'SBX' THEN $9 ELSE $8 END)
	>= $10
	AND (n.expires_ms IS NULL OR n.expires_ms > $11)
ORDER BY s.id DESC LIMIT $12 OFFSET $13;

-- name: market_skill_rank
SELECT s.id, s.node_id, s.type, s.label, s.category, s.unit, s.price_minor,
	s.metadata, s.made_ms, s.retired_ms, s.version, s.changed_ms,
	coalesce(c.tenths, CASE s.unit WHEN 'SBX' THEN $9 ELSE $8 END),
	EXISTS (SELECT 1 FROM market_verified v WHERE v.skill_id = s.id)
FROM market_skill s JOIN node_node n ON n.id = s.node_id
	LEFT JOIN cri_node c ON c.node_id = s.node_id
WHERE s.retired_ms IS NULL AND n.active = 1
	AND ($1 IS NULL OR lower(s.label) LIKE lower($1) ESCAPE '\')
	AND ($2 IS NULL OR s.category = $2)
	AND ($3 IS NULL OR s.node_id = $3)
	AND s.price_minor >= $4 AND s.price_minor <= $5
	AND s.unit IN ($6, $7)
	AND coalesce(c.tenths, CASE s.unit WHEN 'SBX' THEN $9 ELSE $8 END)
	>= $10
	AND (n.expires_ms IS NULL OR n.expires_ms > $11)
ORDER BY CASE $14 WHEN 1 THEN s.price_minor ELSE -coalesce(c.tenths,
	CASE s.unit WHEN 'SBX' THEN $9 ELSE $8 END) END, s.id
LIMIT $12 OFFSET $13;

-- name: market_skill_total
SELECT count(*)
FROM market_skill s JOIN node_node n ON n.id = s.node_id
WHERE s.retired_ms IS NULL AND n.active = 1
	AND ($1 IS NULL OR lower(s.label) LIKE lower($1) ESCAPE '\')
	AND ($2 IS NULL OR s.category = $2)
	AND ($3 IS NULL OR s.node_id = $3)
	AND s.price_minor >= $4 AND s.price_minor <= $5
	AND s.unit IN ($6, $7)
	AND ($10 = 0 OR coalesce((SELECT c.tenths FROM cri_node c
		WHERE c.node_id = s.node_id),
		CASE s.unit WHEN 'SBX' THEN $9 ELSE $8 END) >= $10)
	AND (n.expires_ms IS NULL OR n.expires_ms > $11);

-- name: market_skill_listed
SELECT s.id, s.node_id, s.type, s.label, s.category, s.unit, s.price_minor,
	s.metadata, s.made_ms, s.retired_ms, s.version, s.changed_ms,
	coalesce(c.tenths, CASE s.unit WHEN 'SBX' THEN $3 ELSE $2 END)
FROM market_skill s JOIN node_node n ON n.id = s.node_id
	LEFT JOIN cri_node c ON c.node_id = s.node_id
WHERE s.id = $1;

-- name: market_skill_cheapest
SELECT s.id, s.node_id, s.type, s.label, s.category, s.unit, s.price_minor,
	s.metadata, s.made_ms, s.retired_ms, s.version, s.changed_ms,
	coalesce(c.tenths, CASE s.unit WHEN 'SBX' THEN $9 ELSE $8 END)
FROM market_skill s JOIN node_node n ON n.id = s.node_id
	LEFT JOIN cri_node c ON c.node_id = s.node_id
WHERE s.retired_ms IS NULL AND n.active = 1 AND s.unit = $1
	AND s.price_minor >= $2 AND s.price_minor <= $3
	AND ($4 IS NULL OR s.id = $4)
	AND lower(s.label) LIKE lower($5) ESCAPE '\'
	AND ($4 IS NOT NULL OR s.node_id <> $6)
	AND coalesce(c.tenths, CASE s.unit WHEN 'SBX' THEN $9 ELSE $8 END)
	>= $7
	AND ($10 = 0 OR EXISTS (SELECT 1 FROM market_verified v
		WHERE v.skill_id = s.id))
	AND (n.expires_ms IS NULL OR n.expires_ms > $11)
ORDER BY s.price_minor, coalesce(c.tenths,
	CASE s.unit WHEN 'SBX' THEN $9 ELSE $8 END) DESC, s.id;

-- name: market_price_all
SELECT skills, sum_minor FROM market_price
WHERE unit = $1 AND level = 0 AND bucket = 0;

-- name: market_price_between
SELECT coalesce(sum(skills), 0) FROM market_price
WHERE unit = $1 AND level = 3 AND bucket >= $2 AND bucket <= $3;

-- name: market_price_buckets
SELECT bucket, skills FROM market_price
WHERE unit = $1 AND level = $2 AND bucket >= $3 AND bucket < $4 AND skills > 0
ORDER BY bucket;

-- name: market_took_add
INSERT INTO market_took (skill_id, seconds, tasks) VALUES ($1, $2, 1)
ON CONFLICT (skill_id, seconds) DO UPDATE SET tasks = market_took.tasks + 1;

-- name: market_took_all
SELECT coalesce(sum(tasks), 0) FROM market_took WHERE skill_id = $1;

-- name: market_took
SELECT seconds, tasks FROM market_took WHERE skill_id = $1 ORDER BY seconds;

-- name: market_failed_add
INSERT INTO market_failed (skill_id, tasks) VALUES ($1, 1)
ON CONFLICT (skill_id) DO UPDATE SET tasks = market_failed.tasks + 1;

-- name: market_failed_take
UPDATE market_failed SET tasks = tasks - 1
WHERE skill_id = $1 AND tasks > 0;

-- name: market_failed
SELECT tasks FROM market_failed WHERE skill_id = $1;

-- name: market_verified_add
INSERT INTO market_verified (skill_id, suite, made_ms) VALUES ($1, $2, $3)
ON CONFLICT (skill_id, suite) DO NOTHING;

-- name: market_verified_all
SELECT suite FROM market_verified WHERE skill_id = $1 ORDER BY suite;

-- name: market_quote_add
INSERT INTO market_quote (id, node_id, skill_id, version, made_ms, valid_ms)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: market_quote_get
SELECT s.id, s.node_id, s.type, coalesce(p.label, s.label),
	CASE WHEN p.skill_id IS NULL THEN s.category ELSE p.category END,
	s.unit, coalesce(p.price_minor, s.price_minor),
	coalesce(p.metadata, s.metadata), s.made_ms, s.retired_ms, q.version,
	s.changed_ms, q.id, q.node_id, q.made_ms, q.valid_ms, q.used_ms
FROM market_quote q JOIN market_skill s ON s.id = q.skill_id
	LEFT JOIN market_past p ON p.skill_id = q.skill_id
	AND p.version = q.version
WHERE q.id = $1 AND q.node_id = $2;

-- name: market_quote_use
UPDATE market_quote SET used_ms = $2 WHERE id = $1 AND used_ms IS NULL
RETURNING 1;

-- name: market_custom_get
SELECT id, name, type, config FROM market_custom
WHERE id = $1 AND node_id = $2 AND removed_ms IS NULL;

-- name: market_custom_count
SELECT count(*) FROM market_custom
WHERE node_id = $1 AND removed_ms IS NULL;

-- name: market_custom_add
INSERT INTO market_custom (id, node_id, name, type, config, made_ms)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: market_custom_remove
UPDATE market_custom SET removed_ms = $3
WHERE id = $1 AND ($2 IS NULL OR node_id = $2) AND removed_ms IS NULL
RETURNING 1;

-- name: market_custom_list
SELECT id, name, type, config, made_ms, node_id FROM market_custom
WHERE node_id = $1 AND removed_ms IS NULL ORDER BY id;

-- name: market_skill_has
SELECT 1 FROM market_skill
WHERE node_id = $1 AND label = $2 AND retired_ms IS NULL LIMIT 1;
