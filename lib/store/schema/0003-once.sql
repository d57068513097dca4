-- Step 3: what was answered to whom under which key.

CREATE TABLE once_answer (
	scope		TEXT NOT NULL,		-- what is done, and for whom
	key		TEXT NOT NULL,		-- the caller's
	request		{bytes} NOT NULL CHECK (length(request) = 32),
	answer		TEXT NOT NULL,
	made_ms		{int} NOT NULL,
	PRIMARY KEY (scope, key)
) {strict};
