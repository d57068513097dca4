-- name: sig_forget
DELETE FROM sig_nonce WHERE until_ms < $1 RETURNING 1;

-- name: sig_keep
INSERT INTO sig_nonce (key_id, nonce, until_ms) VALUES ($1, $2, $3)
ON CONFLICT (key_id, nonce) DO NOTHING RETURNING 1;
