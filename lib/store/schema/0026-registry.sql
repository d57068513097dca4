-- Step 26: how many nodes are registered, counted where one is added, since
-- each registration asks for it.

CREATE TABLE registry_tally (
	id		{int} PRIMARY KEY CHECK (id = 1),
	nodes		{int} NOT NULL CHECK (nodes >= 0)
) {strict};

INSERT INTO registry_tally (id, nodes) SELECT 1, count(*) FROM registry_node;
