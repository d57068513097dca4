-- name: escrow_settled_add
INSERT INTO escrow_settled (unit, protocol, provider, trades)
VALUES ($1, $2, $3, 1)
ON CONFLICT (unit, protocol, provider) DO UPDATE
SET trades = escrow_settled.trades + 1;

-- name: escrow_settled_of
SELECT protocol, provider, trades FROM escrow_settled WHERE unit = $1
ORDER BY trades DESC, protocol, provider;

-- name: escrow_bought_count
SELECT count(*) FROM escrow_escrow WHERE buyer_id = $1 AND kind = 'task';

-- name: escrow_earned
SELECT amount_minor, tax_bp FROM escrow_escrow
WHERE seller_id = $1 AND state = 'SETTLED';

-- name: escrow_hired
SELECT t.skill_id, count(*)
FROM escrow_escrow e JOIN escrow_task t ON t.escrow_id = e.id
WHERE e.seller_id = $1 GROUP BY t.skill_id;

-- name: escrow_traders
SELECT buyer_id, seller_id FROM escrow_escrow WHERE id = $1;
