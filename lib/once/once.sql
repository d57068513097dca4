-- name: once_find
SELECT answer, request, status FROM once_answer WHERE scope = $1 AND key = $2;

-- name: once_keep
INSERT INTO once_answer (scope, key, request, answer, made_ms, status)
VALUES ($1, $2, $3, $4, $5, $6);
