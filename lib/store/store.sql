-- name: store_fence
UPDATE store_meta SET v = v + 1 WHERE k = 'fence' RETURNING v;
