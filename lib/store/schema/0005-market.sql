-- Step 5: skills on offer.

CREATE TABLE market_skill (
	id		TEXT PRIMARY KEY,
	node_id		TEXT NOT NULL REFERENCES node_node (id),	-- provider
	type		TEXT NOT NULL CHECK (type IN ('SKILL_OFFER', 'TASK_BOUNTY')),
	label		TEXT NOT NULL,
	category	TEXT,			-- copied out of metadata
	unit		TEXT NOT NULL,
	price_minor	{int} NOT NULL CHECK (price_minor > 0),
	metadata	TEXT NOT NULL,		-- a JSON object, as it came
	made_ms		{int} NOT NULL,
	retired_ms	{int}
) {strict};
