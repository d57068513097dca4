-- Step 13: bounties, and what was handed in for them.

CREATE TABLE bounty_bounty (
	id		TEXT PRIMARY KEY,
	creator_id	TEXT NOT NULL REFERENCES node_node (id),
	unit		TEXT NOT NULL,
	reward_minor	{int} NOT NULL CHECK (reward_minor > 0),
	tax_bp		{int} NOT NULL,
	title		TEXT NOT NULL,
	description	TEXT NOT NULL,
	category	TEXT NOT NULL,
	tags		TEXT NOT NULL,		-- a JSON array of strings
	state		TEXT NOT NULL CHECK (state IN ('open', 'awarded',
			'cancelled', 'expired')),
	made_ms		{int} NOT NULL,
	deadline_ms	{int},			-- null: it has none
	closed_ms	{int},
	CHECK ((closed_ms IS NULL) = (state = 'open')),
	CHECK (state <> 'expired' OR deadline_ms IS NOT NULL)
) {strict};

-- What a sweep looks for, and what a node has at stake.
CREATE INDEX bounty_due ON bounty_bounty (deadline_ms, id)
	WHERE state = 'open' AND deadline_ms IS NOT NULL;
CREATE INDEX bounty_open ON bounty_bounty (creator_id) WHERE state = 'open';

CREATE TABLE bounty_submission (
	id		TEXT NOT NULL,
	bounty_id	TEXT NOT NULL REFERENCES bounty_bounty (id),
	solver_id	TEXT NOT NULL REFERENCES node_node (id),
	content		TEXT NOT NULL,
	proof_url	TEXT,
	skill_id	TEXT,			-- as the solver says: any text
	state		TEXT NOT NULL CHECK (state IN ('pending', 'accepted',
			'rejected')),
	made_ms		{int} NOT NULL,
	reviewed_ms	{int},
	PRIMARY KEY (bounty_id, id),
	CHECK ((reviewed_ms IS NULL) = (state = 'pending'))
) {strict};

-- One that waits a solver, and one that wins.
CREATE UNIQUE INDEX bounty_pending ON bounty_submission (bounty_id, solver_id)
	WHERE state = 'pending';
CREATE UNIQUE INDEX bounty_accepted ON bounty_submission (bounty_id)
	WHERE state = 'accepted';

-- A bounty with its winner, as lib/bounty reads it.
CREATE VIEW bounty_view AS
SELECT b.id, b.creator_id, b.unit, b.reward_minor, b.tax_bp, b.title,
	b.description, b.category, b.tags, b.state, b.made_ms, b.deadline_ms,
	b.closed_ms, w.solver_id, w.id AS submission_id,
	(SELECT count(*) FROM bounty_submission s WHERE s.bounty_id = b.id)
	AS submissions
FROM bounty_bounty b LEFT JOIN bounty_submission w
	ON w.bounty_id = b.id AND w.state = 'accepted';
