-- name: card_peer_put
INSERT INTO card_peer (node_id, key, name, endpoint, card, issued_ms, state,
	reason, moved_to, proof, made_ms, changed_ms, pinned_ms, revoked_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (node_id) DO UPDATE SET name = excluded.name,
	endpoint = excluded.endpoint, card = excluded.card,
	issued_ms = excluded.issued_ms, state = excluded.state,
	reason = excluded.reason, moved_to = excluded.moved_to,
	proof = excluded.proof, changed_ms = excluded.changed_ms,
	pinned_ms = excluded.pinned_ms, revoked_ms = excluded.revoked_ms;

-- name: card_peer_get
SELECT node_id, key, name, endpoint, card, issued_ms, state, reason, moved_to,
	proof, made_ms, changed_ms, pinned_ms, revoked_ms, used_ms
FROM card_peer WHERE node_id = $1;

-- name: card_peer_next
SELECT node_id, key, name, endpoint, card, issued_ms, state, reason, moved_to,
	proof, made_ms, changed_ms, pinned_ms, revoked_ms, used_ms
FROM card_peer WHERE node_id > $1 ORDER BY node_id LIMIT 1;

-- name: card_peer_range
SELECT node_id FROM card_peer WHERE node_id >= $1 AND node_id < $2
ORDER BY node_id LIMIT 2;

-- name: card_peer_named
SELECT node_id FROM card_peer WHERE name = $1 ORDER BY node_id LIMIT 2;

-- name: card_peer_by_name
SELECT node_id FROM card_peer
WHERE name = $1 AND state <> 'revoked' AND moved_to IS NULL
	AND node_id <> $2;

-- name: card_peer_by_endpoint
SELECT node_id FROM card_peer
WHERE endpoint = $1 AND state <> 'revoked' AND moved_to IS NULL
	AND node_id <> $2 LIMIT 1;

-- name: card_peer_pinned
SELECT name, node_id FROM card_peer
WHERE name = $1 AND state <> 'revoked' AND moved_to IS NULL
	AND state = 'pinned' AND node_id <> $3
UNION ALL
SELECT name, node_id FROM card_peer
WHERE endpoint = $2 AND state <> 'revoked' AND moved_to IS NULL
	AND state = 'pinned' AND node_id <> $3
LIMIT 1;

-- name: card_peer_used
UPDATE card_peer SET used_ms = $2 WHERE node_id = $1;

-- name: card_peer_pending
SELECT count(*) FROM card_peer
WHERE endpoint > '' AND state <> 'revoked' AND moved_to IS NULL
	AND state = 'pending';
