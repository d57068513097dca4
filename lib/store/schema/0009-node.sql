-- Step 9: what a node may do, and what it has done: realm, caps, strikes,
-- what it has at stake, who reported it, and who came early.

ALTER TABLE node_node ADD COLUMN alias TEXT;	-- of a sandbox node
ALTER TABLE node_node ADD COLUMN expires_ms {int};	-- of one, too
ALTER TABLE node_node ADD COLUMN expired_ms {int};	-- inactive since
ALTER TABLE node_node ADD COLUMN burnt_ms {int};	-- its balance is gone
ALTER TABLE node_node ADD COLUMN strikes {int} NOT NULL DEFAULT 0
	CHECK (strikes >= 0);
ALTER TABLE node_node ADD COLUMN banned_ms {int};
ALTER TABLE node_node ADD COLUMN per_task_minor {int}	-- caps; NULL is none
	CHECK (per_task_minor > 0);
ALTER TABLE node_node ADD COLUMN per_day_minor {int}
	CHECK (per_day_minor > 0);
ALTER TABLE node_node ADD COLUMN exposure_pct {int}	-- NULL is the grid's
	CHECK (exposure_pct BETWEEN 0 AND 100);

ALTER TABLE node_challenge ADD COLUMN signup TEXT;	-- a token, given

-- What a sweep looks for.
CREATE INDEX node_due_expiry ON node_node (expires_ms, id)
	WHERE expires_ms IS NOT NULL AND burnt_ms IS NULL;

-- What a node has out, a row for each unit; counted where money moves.
CREATE TABLE node_purse (
	node_id		TEXT NOT NULL REFERENCES node_node (id),
	unit		TEXT NOT NULL,
	open_minor	{int} NOT NULL CHECK (open_minor >= 0),	-- own locks
	sales		{int} NOT NULL CHECK (sales >= 0),	-- open ones, to it
	day		{int} NOT NULL,		-- since 1970, UTC
	day_minor	{int} NOT NULL CHECK (day_minor >= 0),	-- locked on it
	spent_minor	{int} NOT NULL CHECK (spent_minor >= 0),
	PRIMARY KEY (node_id, unit)
) {strict};

-- Those who have traded already.
INSERT INTO node_purse (node_id, unit, open_minor, sales, day, day_minor,
	spent_minor)
SELECT e.buyer_id, e.unit,
	sum(CASE WHEN e.closed_ms IS NULL THEN e.amount_minor ELSE 0 END),
	0, d.day,
	sum(CASE WHEN e.made_ms / 86400000 = d.day THEN e.amount_minor
		ELSE 0 END),
	sum(CASE WHEN e.state = 'REFUNDED' THEN 0 ELSE e.amount_minor END)
FROM escrow_escrow e JOIN (
	SELECT buyer_id, unit, max(made_ms) / 86400000 AS day
	FROM escrow_escrow GROUP BY buyer_id, unit
) d ON d.buyer_id = e.buyer_id AND d.unit = e.unit
GROUP BY e.buyer_id, e.unit, d.day;

INSERT INTO node_purse (node_id, unit, open_minor, sales, day, day_minor,
	spent_minor)
SELECT seller_id, unit, 0, count(*), 0, 0, 0
FROM escrow_escrow WHERE closed_ms IS NULL GROUP BY seller_id, unit
ON CONFLICT (node_id, unit) DO UPDATE SET sales = excluded.sales;

INSERT INTO node_purse (node_id, unit, open_minor, sales, day, day_minor,
	spent_minor)
SELECT s.node_id, s.unit, 0, 0, 0, 0, sum(-p.amount)
FROM market_skill s JOIN ledger_entry e ON e.id = s.id || ':listing'
JOIN ledger_posting p ON p.seq = e.seq AND p.amount < 0
GROUP BY s.node_id, s.unit
ON CONFLICT (node_id, unit) DO UPDATE
SET spent_minor = node_purse.spent_minor + excluded.spent_minor;

-- Early access.  Letters of people are in no log and no report.
CREATE TABLE node_signup (
	token		TEXT PRIMARY KEY,
	email		TEXT NOT NULL,		-- in small letters
	node_name	TEXT,
	agent_type	TEXT,
	capability	TEXT,
	why		TEXT,
	made_ms		{int} NOT NULL,
	node_id		TEXT UNIQUE REFERENCES node_node (id),	-- who came
	linked_ms	{int}
) {strict};

-- A node as lib/node reads it.
CREATE VIEW node_known AS
SELECT n.id, n.realm, n.active, n.made_ms, n.alias, n.strikes, n.banned_ms,
	n.expires_ms, n.expired_ms, n.per_task_minor, n.per_day_minor,
	n.exposure_pct, EXISTS (SELECT 1 FROM node_signup s
		WHERE s.node_id = n.id) AS early, n.burnt_ms
FROM node_node n;

-- What a node did for the first time.
CREATE TABLE node_funnel (
	node_id		TEXT NOT NULL REFERENCES node_node (id),
	type		TEXT NOT NULL,
	at_ms		{int} NOT NULL,
	PRIMARY KEY (node_id, type)
) {strict};

CREATE TABLE strike_report (
	id		TEXT PRIMARY KEY,
	target_id	TEXT NOT NULL REFERENCES node_node (id),
	reporter_id	TEXT REFERENCES node_node (id),	-- NULL: the operator
	task_id		TEXT,
	reason		TEXT,
	policy		TEXT NOT NULL CHECK (policy IN ('counterparty',
			'open', 'admin')),
	counted		{int} NOT NULL CHECK (counted IN (0, 1)),
	made_ms		{int} NOT NULL
) {strict};
CREATE UNIQUE INDEX strike_pair ON strike_report (target_id, reporter_id)
	WHERE counted = 1 AND policy = 'counterparty';

-- What a level would have forbidden, had levels been enforced.
CREATE TABLE gate_soft (
	node_id		TEXT NOT NULL REFERENCES node_node (id),
	act		TEXT NOT NULL,
	needed		{int} NOT NULL,		-- the level
	times		{int} NOT NULL CHECK (times > 0),
	first_ms	{int} NOT NULL,
	last_ms		{int} NOT NULL,
	PRIMARY KEY (node_id, act)
) {strict};
