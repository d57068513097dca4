-- name: evidence_add
INSERT INTO ledger_checkpoint (size, at_ms, root, note)
VALUES ($1, $2, $3, $4);

-- name: evidence_get
SELECT size, at_ms, root, note FROM ledger_checkpoint WHERE size = $1;

-- name: evidence_last
SELECT size, at_ms, root, note FROM ledger_checkpoint
ORDER BY size DESC LIMIT 1;

-- name: evidence_covering
SELECT size, at_ms, root FROM ledger_checkpoint WHERE size > $1
ORDER BY size LIMIT 1;

-- name: evidence_all
SELECT c.size, c.at_ms, c.root, c.note, count(s.size)
FROM ledger_checkpoint c LEFT JOIN ledger_cosig s ON s.size = c.size
GROUP BY c.size, c.at_ms, c.root, c.note ORDER BY c.size;

-- name: evidence_cosig_all
SELECT name, line FROM ledger_cosig WHERE size = $1 ORDER BY name;

-- name: evidence_cosig_add
INSERT INTO ledger_cosig (size, name, line) VALUES ($1, $2, $3)
ON CONFLICT (size, name) DO NOTHING RETURNING size;

-- name: evidence_by_prefix
SELECT seq FROM ledger_entry WHERE id >= $1 AND id < $2 ORDER BY seq;
