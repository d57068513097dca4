-- name: node_get
SELECT id, realm, active, made_ms FROM node_node WHERE id = $1;

-- name: node_add
INSERT INTO node_node (id, realm, active, made_ms) VALUES ($1, $2, 1, $3);

-- name: node_list
SELECT id, realm, active, made_ms FROM node_node WHERE id > $1 ORDER BY id;

-- name: node_challenge_put
INSERT INTO node_challenge (node_id, id, payload, tries, made_ms)
VALUES ($1, $2, $3, 0, $4)
ON CONFLICT (node_id) DO UPDATE SET id = excluded.id,
	payload = excluded.payload, tries = 0, made_ms = excluded.made_ms;

-- name: node_challenge_get
SELECT id, payload, tries, made_ms FROM node_challenge WHERE node_id = $1;

-- name: node_challenge_miss
UPDATE node_challenge SET tries = tries + 1 WHERE node_id = $1;

-- name: node_challenge_drop
DELETE FROM node_challenge WHERE node_id = $1;
