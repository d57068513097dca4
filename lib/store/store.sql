-- How transactions begin and end.

-- name: store_begin
BEGIN IMMEDIATE;

-- name: store_snapshot
BEGIN;

-- name: store_commit
COMMIT;

-- name: store_rollback
ROLLBACK;

-- name: store_mark
SAVEPOINT mark;

-- name: store_keep
RELEASE mark;

-- name: store_undo
ROLLBACK TO mark;

-- name: store_fence
UPDATE store_meta SET v = v + 1 WHERE k = 'fence' RETURNING v;

-- name: store_keep_number
INSERT INTO store_meta (k, v) VALUES ($1, $2)
ON CONFLICT (k) DO UPDATE SET v = excluded.v;

-- name: store_number
SELECT v FROM store_meta WHERE k = $1;

-- name: store_version
PRAGMA data_version;

-- name: store_objects
SELECT type, name, sql FROM sqlite_schema ORDER BY type, name;

-- name: store_object
SELECT sql FROM sqlite_schema WHERE type = $1 AND name = $2;

-- name: store_columns
SELECT name FROM pragma_table_xinfo($1);

-- name: store_column
SELECT 1 FROM pragma_table_xinfo($1) WHERE name = $2;
