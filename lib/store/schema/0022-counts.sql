-- Step 22: what everybody may ask for, counted where it changes; and trades
-- that were shared.

-- Settlements of a realm, by how they were made and with whose model.
CREATE TABLE escrow_settled (
	unit		TEXT NOT NULL,
	protocol	TEXT NOT NULL,
	provider	TEXT NOT NULL,		-- "" if nobody said
	trades		{int} NOT NULL CHECK (trades > 0),
	PRIMARY KEY (unit, protocol, provider)
) {strict};

INSERT INTO escrow_settled (unit, protocol, provider, trades)
SELECT e.unit, coalesce(t.protocol, 'api'), coalesce(t.llm_provider, ''),
	count(*)
FROM escrow_escrow e LEFT JOIN escrow_task t ON t.escrow_id = e.id
WHERE e.state = 'SETTLED'
GROUP BY e.unit, coalesce(t.protocol, 'api'), coalesce(t.llm_provider, '');

-- Deliveries of a skill that failed, or are disputed: what counts for its
-- seller's score, skill by skill.
CREATE TABLE market_failed (
	skill_id	TEXT PRIMARY KEY REFERENCES market_skill (id),
	tasks		{int} NOT NULL CHECK (tasks >= 0)
) {strict};

INSERT INTO market_failed (skill_id, tasks)
SELECT t.skill_id, count(*)
FROM escrow_escrow e JOIN escrow_task t ON t.escrow_id = e.id
WHERE t.completed_ms IS NOT NULL AND (e.state = 'DISPUTED'
	OR (e.state = 'REFUNDED' AND (e.disputed_ms IS NOT NULL
	OR e.verdict IS NOT NULL)))
GROUP BY t.skill_id;

-- What nodes have won by bounties, the tax taken off.
CREATE TABLE bounty_won (
	node_id		TEXT NOT NULL REFERENCES node_node (id),
	unit		TEXT NOT NULL,
	bounties	{int} NOT NULL CHECK (bounties > 0),
	minor		{int} NOT NULL CHECK (minor >= 0),
	PRIMARY KEY (node_id, unit)
) {strict};

INSERT INTO bounty_won (node_id, unit, bounties, minor)
SELECT solver_id, unit, count(*),
	sum(reward_minor - (reward_minor * tax_bp + 5000) / 10000)
FROM bounty_view WHERE state = 'awarded' GROUP BY solver_id, unit;

-- What somebody wanted to show to others, for some days.
CREATE TABLE node_share (
	id		TEXT PRIMARY KEY,
	facts		TEXT NOT NULL,		-- a JSON object
	made_ms		{int} NOT NULL
) {strict};
CREATE INDEX node_share_made ON node_share (made_ms);
