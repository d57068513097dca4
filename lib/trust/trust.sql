-- name: trust_event_add
INSERT INTO trust_event (id, kind, node_id, from_id, escrow_id, at_ms,
	since_ms, until_ms, good, ok, fail, stake_wei, evidence_sha256,
	event_sha256, event)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);

-- name: trust_event_known
SELECT event_sha256 FROM trust_event WHERE id = $1;

-- name: trust_event_list
SELECT e.id, e.kind, e.from_id, e.escrow_id, e.at_ms, e.since_ms, e.until_ms,
	e.good, e.ok, e.fail, e.stake_wei, e.evidence_sha256, n.epoch_weight
FROM trust_event e LEFT JOIN trust_node n ON n.node_id = e.from_id
WHERE e.node_id = $1 ORDER BY e.at_ms, e.id;

-- name: trust_event_last
SELECT max(since_ms) FROM trust_event WHERE node_id = $1 AND kind = $2;

-- name: trust_event_overlap
SELECT 1 FROM trust_event
WHERE node_id = $1 AND kind = 'uptime' AND since_ms < $3 AND until_ms > $2
LIMIT 1;

-- name: trust_event_endorsed
SELECT count(*) FROM trust_event
WHERE from_id = $1 AND at_ms >= $2 AND kind = 'endorse';

-- name: trust_order_list
SELECT id, closed_ms, 1, CASE WHEN state = 'SETTLED' THEN 1 ELSE 0 END,
	disputed_ms
FROM escrow_escrow
WHERE seller_id = $1 AND closed_ms IS NOT NULL AND length(seller_id) = 64
	AND unit = 'TCK'
UNION ALL
SELECT id, closed_ms, 0, CASE WHEN state = 'SETTLED' THEN 1 ELSE 0 END,
	disputed_ms
FROM escrow_escrow
WHERE buyer_id = $1 AND closed_ms IS NOT NULL AND length(buyer_id) = 64
	AND unit = 'TCK';

-- name: trust_node_get
SELECT epoch, epoch_hundredths, epoch_weight FROM trust_node
WHERE node_id = $1;

-- name: trust_node_next
SELECT node_id, epoch, epoch_hundredths, epoch_weight FROM trust_node
WHERE node_id > $1 ORDER BY node_id LIMIT 1;

-- name: trust_node_write
INSERT INTO trust_node (node_id, scored_ms, formula, rules, stake_wei,
	verified, ok, fail, rated, good, endorsed, weight, complaints, orders,
	hundredths, tier)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
ON CONFLICT (node_id) DO UPDATE
SET scored_ms = excluded.scored_ms, formula = excluded.formula,
	rules = excluded.rules, stake_wei = excluded.stake_wei,
	verified = excluded.verified, ok = excluded.ok, fail = excluded.fail,
	rated = excluded.rated, good = excluded.good,
	endorsed = excluded.endorsed, weight = excluded.weight,
	complaints = excluded.complaints, orders = excluded.orders,
	hundredths = excluded.hundredths, tier = excluded.tier;

-- name: trust_node_epoch
UPDATE trust_node
SET epoch = $2, epoch_hundredths = $3, epoch_weight = $4 WHERE node_id = $1;

-- name: trust_wallet_list
SELECT node_id, wallet, proven FROM trust_wallet WHERE node_id = $1
UNION
SELECT w.node_id, w.wallet, w.proven
FROM trust_event e JOIN trust_wallet w ON w.node_id = e.from_id
WHERE e.node_id = $1 AND e.kind = 'endorse'
ORDER BY 1, 3 DESC, 2;

-- name: trust_wallet_claimed
SELECT wallet FROM trust_wallet WHERE node_id = $1 AND proven = 0;

-- name: trust_wallet_forget
DELETE FROM trust_wallet WHERE node_id = $1 AND proven = 0;

-- name: trust_wallet_add
INSERT INTO trust_wallet (node_id, wallet, proven, at_ms)
VALUES ($1, $2, $3, $4)
ON CONFLICT (node_id, proven, wallet) DO NOTHING;

-- name: trust_wallet_proven
SELECT 1 FROM trust_wallet WHERE node_id = $1 AND wallet = $2 AND proven = 1;

-- name: trust_node_stored
SELECT stake_wei, verified, ok, fail, rated, good, endorsed, weight,
	complaints, orders, hundredths, tier, formula, rules
FROM trust_node WHERE node_id = $1;
