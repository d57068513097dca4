-- name: once_find
SELECT answer, request FROM once_answer WHERE scope = $1 AND key = $2;

-- name: once_keep
INSERT INTO once_answer (scope, key, request, answer, made_ms)
VALUES ($1, $2, $3, $4, $5);
