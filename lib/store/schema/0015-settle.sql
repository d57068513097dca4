-- Step 15: what a sweep could not do, and what it has given up.

CREATE TABLE settle_failure (
	id		TEXT PRIMARY KEY,	-- of an escrow, a bounty, a node
	phase		TEXT NOT NULL,		-- what was tried: "refund"
	failures	{int} NOT NULL CHECK (failures > 0),
	code		TEXT NOT NULL,		-- of the last time
	reason		TEXT NOT NULL,
	first_ms	{int} NOT NULL,
	last_ms		{int} NOT NULL,
	parked_ms	{int}			-- given up since then
) {strict};

-- What else a sweep looks for.
CREATE INDEX node_challenge_made ON node_challenge (made_ms);
