-- name: registry_get
SELECT node_hash, node_id, wallet, dns_name, endpoint, ip_address, made_ms,
	changed_ms, seen_ms
FROM registry_node WHERE node_hash = $1;

-- name: registry_named
SELECT node_hash, node_id, wallet, dns_name, endpoint, ip_address, made_ms,
	changed_ms, seen_ms
FROM registry_node WHERE dns_name = $1;

-- name: registry_page
SELECT node_hash, node_id, wallet, dns_name, endpoint, ip_address, made_ms,
	changed_ms, seen_ms
FROM registry_node ORDER BY made_ms, node_hash LIMIT $1 OFFSET $2;

-- name: registry_page_verified
SELECT r.node_hash, r.node_id, r.wallet, r.dns_name, r.endpoint,
	r.ip_address, r.made_ms, r.changed_ms, r.seen_ms
FROM registry_node r JOIN trust_node t ON t.node_id = r.node_id
WHERE t.verified = 1 ORDER BY r.made_ms, r.node_hash LIMIT $1 OFFSET $2;

-- name: registry_count
SELECT nodes FROM registry_tally WHERE id = 1;

-- name: registry_counted
UPDATE registry_tally SET nodes = nodes + 1 WHERE id = 1;

-- name: registry_put
INSERT INTO registry_node (node_hash, node_id, wallet, dns_name, endpoint,
	ip_address, made_ms, changed_ms, seen_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (node_hash) DO UPDATE SET node_id = excluded.node_id,
	wallet = excluded.wallet, dns_name = excluded.dns_name,
	endpoint = excluded.endpoint, ip_address = excluded.ip_address,
	changed_ms = excluded.changed_ms, seen_ms = excluded.seen_ms;

-- name: registry_document_add
INSERT INTO registry_document (node_hash, sha256, kind, cid, sealed, made_ms)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: registry_document_get
SELECT cid, sealed, made_ms FROM registry_document
WHERE node_hash = $1 AND sha256 = $2 AND kind = $3;

-- name: registry_document_list
SELECT sha256, kind, cid, sealed, made_ms FROM registry_document
WHERE node_hash = $1 ORDER BY made_ms, sha256, kind;

-- name: registry_document_count
SELECT count(*) FROM registry_document WHERE node_hash = $1;
