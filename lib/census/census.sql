-- Counts over whole tables, for the operator; only rows of one unit, which is
-- that of a realm, so that the sandbox is never counted with production.

-- name: census_trades
SELECT sum(CASE WHEN kind = 'task' THEN 1 ELSE 0 END),
	sum(CASE WHEN kind = 'task' AND made_ms >= $2 THEN 1 ELSE 0 END),
	sum(CASE WHEN kind = 'task' AND made_ms >= $3 THEN 1 ELSE 0 END),
	sum(CASE WHEN kind = 'task' AND made_ms >= $4 THEN 1 ELSE 0 END),
	sum(CASE WHEN state = 'SETTLED' THEN 1 ELSE 0 END),
	sum(CASE WHEN state = 'REFUNDED' THEN 1 ELSE 0 END),
	sum(CASE WHEN disputed_ms IS NULL THEN 0 ELSE 1 END),
	sum(CASE WHEN state = 'SETTLED' THEN amount_minor ELSE 0 END),
	sum(CASE WHEN state = 'SETTLED' AND closed_ms >= $3
		THEN amount_minor ELSE 0 END),
	sum(CASE WHEN state = 'SETTLED' AND closed_ms >= $4
		THEN amount_minor ELSE 0 END),
	sum(CASE WHEN state = 'PENDING' THEN 1 ELSE 0 END),
	sum(CASE WHEN state = 'AWAITING_SETTLEMENT' THEN 1 ELSE 0 END),
	sum(CASE WHEN state = 'DISPUTED' THEN 1 ELSE 0 END)
FROM escrow_escrow WHERE unit = $1;

-- name: census_others
SELECT (SELECT count(*) FROM node_node WHERE realm = $1),
	(SELECT count(*) FROM node_node WHERE realm = $1 AND active = 1),
	(SELECT count(*) FROM cri_award),
	(SELECT count(*) FROM market_skill WHERE unit = $2),
	(SELECT count(*) FROM market_skill s JOIN node_node n
		ON n.id = s.node_id WHERE s.unit = $2 AND n.active = 1
		AND s.retired_ms IS NULL),
	(SELECT count(*) FROM bounty_bounty WHERE unit = $2),
	(SELECT count(*) FROM bounty_bounty
		WHERE unit = $2 AND state = 'awarded'),
	(SELECT count(*) FROM bounty_bounty
		WHERE unit = $2 AND state = 'open'),
	(SELECT count(*) FROM escrow_rule r JOIN escrow_escrow e
		ON e.id = r.escrow_id
		WHERE e.unit = $2 AND r.rule <> 'BUYER_DISPUTE'),
	(SELECT count(*) FROM settle_failure WHERE parked_ms IS NOT NULL);

-- name: census_active
SELECT count(*) FROM (
	SELECT buyer_id FROM escrow_escrow WHERE unit = $1 AND made_ms >= $2
	UNION SELECT seller_id FROM escrow_escrow
	WHERE unit = $1 AND (made_ms >= $2 OR completed_ms >= $2
		OR closed_ms >= $2)
);

-- name: census_span
SELECT sum(CASE WHEN kind = 'task' AND made_ms >= $2 THEN 1 ELSE 0 END),
	sum(CASE WHEN kind = 'task' AND closed_ms >= $2
		AND state = 'SETTLED' THEN 1 ELSE 0 END),
	sum(CASE WHEN closed_ms >= $2 AND state = 'SETTLED'
		THEN amount_minor ELSE 0 END),
	sum(CASE WHEN closed_ms >= $2 AND state = 'SETTLED' THEN 1 ELSE 0 END),
	sum(CASE WHEN closed_ms >= $2 AND state = 'REFUNDED' THEN 1 ELSE 0 END),
	sum(CASE WHEN disputed_ms >= $2 THEN 1 ELSE 0 END),
	count(DISTINCT CASE WHEN made_ms >= $2 THEN buyer_id END),
	count(DISTINCT CASE WHEN made_ms >= $2 THEN seller_id END)
FROM escrow_escrow WHERE unit = $1;

-- name: census_span_others
SELECT (SELECT count(*) FROM node_node
		WHERE realm = 'production' AND made_ms >= $1),
	(SELECT count(*) FROM node_node WHERE realm = 'sandbox'),
	(SELECT count(*) FROM node_node
		WHERE realm = 'sandbox' AND made_ms >= $1),
	(SELECT count(*) FROM market_skill
		WHERE unit = 'TCK' AND made_ms >= $1),
	(SELECT count(*) FROM cri_node c JOIN node_node n
		ON n.id = c.node_id WHERE n.realm = 'production'
		AND c.first_ms >= $1),
	(SELECT count(*) FROM escrow_escrow
		WHERE unit = 'SBX' AND state = 'SETTLED' AND closed_ms >= $1),
	(SELECT count(*) FROM node_signup WHERE made_ms >= $1),
	(SELECT count(*) FROM node_signup WHERE linked_ms >= $1);

-- name: census_words
SELECT CASE $3 WHEN 'protocol' THEN t.protocol
		WHEN 'provider' THEN coalesce(t.llm_provider, 'unknown')
		ELSE t.label END AS word, count(*) AS n,
	sum(CASE WHEN e.state = 'SETTLED' THEN e.amount_minor ELSE 0 END)
FROM escrow_task t JOIN escrow_escrow e ON e.id = t.escrow_id
WHERE e.unit = $1 AND e.made_ms >= $2
GROUP BY word ORDER BY n DESC, word LIMIT $4;

-- name: census_scores
SELECT count(*), sum(c.tenths), min(c.tenths), max(c.tenths),
	sum(CASE WHEN c.tenths >= 700 THEN 1 ELSE 0 END),
	sum(CASE WHEN c.tenths >= 400 AND c.tenths < 700 THEN 1 ELSE 0 END),
	sum(CASE WHEN c.tenths < 400 THEN 1 ELSE 0 END)
FROM cri_node c JOIN node_node n ON n.id = c.node_id
WHERE n.realm = 'production' AND c.tenths IS NOT NULL;

-- name: census_first
SELECT coalesce(min(made_ms), 0) FROM node_node WHERE realm = $1;

-- name: census_days
SELECT day, sum(joined), sum(bought), sum(settled), sum(refunded),
	sum(disputed), sum(minor)
FROM (
	SELECT made_ms / 86400000 AS day, 1 AS joined, 0 AS bought,
		0 AS settled, 0 AS refunded, 0 AS disputed, 0 AS minor
	FROM node_node WHERE realm = 'production' AND made_ms >= $1
	UNION ALL SELECT made_ms / 86400000, 0, 1, 0, 0, 0, 0
	FROM escrow_escrow WHERE unit = 'TCK' AND made_ms >= $1
	UNION ALL SELECT closed_ms / 86400000, 0, 0, 1, 0, 0, amount_minor
	FROM escrow_escrow
	WHERE unit = 'TCK' AND state = 'SETTLED' AND closed_ms >= $1
	UNION ALL SELECT closed_ms / 86400000, 0, 0, 0, 1, 0, 0
	FROM escrow_escrow
	WHERE unit = 'TCK' AND state = 'REFUNDED' AND closed_ms >= $1
	UNION ALL SELECT disputed_ms / 86400000, 0, 0, 0, 0, 1, 0
	FROM escrow_escrow WHERE unit = 'TCK' AND disputed_ms >= $1
)
GROUP BY day ORDER BY day;

-- What is exported: no addresses, no mail, no keys, nothing that was ordered
-- or delivered.

-- name: census_export_daily_active
SELECT day, count(DISTINCT buyer), count(DISTINCT seller),
	count(DISTINCT coalesce(buyer, seller))
FROM (
	SELECT made_ms / 86400000 AS day, buyer_id AS buyer, NULL AS seller
	FROM escrow_escrow WHERE unit = 'TCK' AND made_ms >= $1
	UNION ALL SELECT made_ms / 86400000, NULL, seller_id
	FROM escrow_escrow WHERE unit = 'TCK' AND made_ms >= $1
)
GROUP BY day ORDER BY day LIMIT $2 OFFSET $3;

-- name: census_export_tasks
SELECT t.id, t.skill_id, t.label, e.buyer_id, e.seller_id, t.state,
	t.protocol, t.llm_provider, e.amount_minor, e.made_ms,
	coalesce(t.completed_ms, 0)
FROM escrow_task t JOIN escrow_escrow e ON e.id = t.escrow_id
WHERE e.unit = 'TCK' AND e.made_ms >= $1
ORDER BY t.id LIMIT $2 OFFSET $3;

-- name: census_export_escrows
SELECT id, kind, buyer_id, seller_id, state, amount_minor, tax_bp, made_ms,
	coalesce(disputed_ms, 0), coalesce(closed_ms, 0)
FROM escrow_escrow WHERE unit = 'TCK' AND made_ms >= $1
ORDER BY id LIMIT $2 OFFSET $3;

-- name: census_export_nodes
SELECT id, realm, active, strikes, made_ms, coalesce(banned_ms, 0),
	coalesce(expired_ms, 0)
FROM node_node WHERE made_ms >= $1
ORDER BY id LIMIT $2 OFFSET $3;

-- name: census_export_funnel
SELECT f.node_id, f.type, f.at_ms
FROM node_funnel f WHERE f.at_ms >= $1
ORDER BY f.at_ms, f.node_id, f.type LIMIT $2 OFFSET $3;

-- name: census_export_cri
SELECT c.node_id, c.tenths, c.sold, c.bought, c.partners, c.volume_minor,
	c.delivered, c.failed, n.strikes, c.scored_ms
FROM cri_node c JOIN node_node n ON n.id = c.node_id
WHERE n.realm = 'production' AND c.tenths IS NOT NULL AND c.scored_ms >= $1
ORDER BY c.node_id LIMIT $2 OFFSET $3;
