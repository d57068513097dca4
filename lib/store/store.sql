-- name: store_fence
UPDATE store_meta SET v = v + 1 WHERE k = 'fence' RETURNING v;

-- name: store_keep_number
INSERT INTO store_meta (k, v) VALUES ($1, $2)
ON CONFLICT (k) DO UPDATE SET v = excluded.v;

-- name: store_number
SELECT v FROM store_meta WHERE k = $1;
