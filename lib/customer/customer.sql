-- name: customer_by_email
SELECT account, email, made_ms FROM customer_customer WHERE email = $1;

-- name: customer_by_account
SELECT account, email, made_ms FROM customer_customer WHERE account = $1;

-- name: customer_add
INSERT INTO customer_customer (account, email, made_ms) VALUES ($1, $2, $3);
