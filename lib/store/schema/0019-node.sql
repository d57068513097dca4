-- Step 19: what is kept of the API keys of nodes.

CREATE TABLE node_access (
	node_id		TEXT PRIMARY KEY REFERENCES node_node (id),
	hash		TEXT NOT NULL,	-- keyed, 64 digits; or as imported
	made_ms		{int} NOT NULL
) {strict};
