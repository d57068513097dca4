-- Step 23: customers, who pay in DZIT.  The log knows their accounts; mail is
-- beside it, so that nothing in the log is of a person (spec/node.md 15).

CREATE TABLE customer_customer (
	account		TEXT PRIMARY KEY,	-- c_ and an id
	email		TEXT NOT NULL UNIQUE,	-- in small letters
	made_ms		{int} NOT NULL
) {strict};
