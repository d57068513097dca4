-- Step 8: what was accepted once, and must not be again.

CREATE TABLE sig_nonce (
	key_id		TEXT NOT NULL,
	nonce		TEXT NOT NULL,
	until_ms	{int} NOT NULL,		-- too old to pass after that
	PRIMARY KEY (key_id, nonce)
) {strict};

CREATE INDEX sig_nonce_until ON sig_nonce (until_ms);
