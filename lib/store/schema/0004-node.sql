-- Step 4: the nodes of this grid.  Their money is in the ledger only.

CREATE TABLE node_node (
	id		TEXT PRIMARY KEY,
	realm		TEXT NOT NULL CHECK (realm IN ('production', 'sandbox')),
	active		{int} NOT NULL CHECK (active IN (0, 1)),
	made_ms		{int} NOT NULL
) {strict};

CREATE TABLE node_challenge (
	node_id		TEXT PRIMARY KEY,	-- one pending challenge a node
	id		TEXT NOT NULL,
	payload		TEXT NOT NULL,		-- numbers, parted by blanks
	tries		{int} NOT NULL CHECK (tries >= 0),	-- wrong so far
	made_ms		{int} NOT NULL
) {strict};
