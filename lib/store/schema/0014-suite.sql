-- Step 14: runs of benchmark suites.  What came of them is in their tasks.

CREATE TABLE suite_run (
	id		TEXT PRIMARY KEY,
	suite		TEXT NOT NULL,
	skill_id	TEXT NOT NULL REFERENCES market_skill (id),
	node_id		TEXT NOT NULL REFERENCES node_node (id),	-- who asked
	made_ms		{int} NOT NULL,
	due_ms		{int} NOT NULL,		-- later nothing can be delivered
	state		TEXT NOT NULL CHECK (state IN ('running', 'completed',
			'expired')),
	closed_ms	{int},
	CHECK ((closed_ms IS NULL) = (state = 'running'))
) {strict};

CREATE INDEX suite_run_of ON suite_run (node_id, made_ms);
CREATE INDEX suite_running ON suite_run (due_ms, id) WHERE state = 'running';

-- The cases as they were then, whatever becomes of the suite.
CREATE TABLE suite_case (
	run_id		TEXT NOT NULL REFERENCES suite_run (id),
	idx		{int} NOT NULL,
	case_id		TEXT NOT NULL,
	check_type	TEXT NOT NULL CHECK (check_type IN ('field_match',
			'schema_valid', 'consistent_keys')),
	field		TEXT,			-- of field_match
	expected	TEXT,			-- JSON; of field_match
	task_id		TEXT NOT NULL REFERENCES escrow_task (id),
	repeat_id	TEXT REFERENCES escrow_task (id),
	PRIMARY KEY (run_id, idx)
) {strict};
