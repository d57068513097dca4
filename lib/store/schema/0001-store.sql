-- Step 1: what the store itself keeps.

CREATE TABLE store_meta (
	k	TEXT PRIMARY KEY,
	v	{int} NOT NULL
) {strict};

-- Counts the transactions that follow a failed commit (spec/ledger.md 4.4).
INSERT INTO store_meta (k, v) VALUES ('fence', 0);
