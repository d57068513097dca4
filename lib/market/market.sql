-- name: market_skill_add
INSERT INTO market_skill
	(id, node_id, type, label, category, unit, price_minor, metadata,
	made_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: market_skill_get
SELECT id, node_id, type, label, category, unit, price_minor, metadata,
	made_ms, retired_ms
FROM market_skill WHERE id = $1;

-- name: market_skill_list
SELECT s.id, s.node_id, s.type, s.label, s.category, s.unit, s.price_minor,
	s.metadata, s.made_ms, s.retired_ms
FROM market_skill s JOIN node_node n ON n.id = s.node_id
WHERE s.retired_ms IS NULL AND n.active = 1
	AND lower(s.label) LIKE lower($1) ESCAPE '\'
	AND ($2 IS NULL OR s.category = $2)
	AND ($3 IS NULL OR s.node_id = $3)
	AND s.price_minor >= $4 AND s.price_minor <= $5
ORDER BY s.made_ms DESC, s.id DESC LIMIT $6 OFFSET $7;
