-- Step 10: what settled trades say of a node.  All of it follows from the log.

CREATE TABLE cri_node (
	number		{int} PRIMARY KEY CHECK (number BETWEEN 1 AND 2147483647),
	node_id		TEXT NOT NULL UNIQUE REFERENCES node_node (id),
	sold		{int} NOT NULL DEFAULT 0 CHECK (sold >= 0),	-- S
	bought		{int} NOT NULL DEFAULT 0 CHECK (bought >= 0),	-- B
	partners	{int} NOT NULL DEFAULT 0,			-- U
	most		{int} NOT NULL DEFAULT 0,			-- m
	volume_minor	{int} NOT NULL DEFAULT 0,			-- V
	delivered	{int} NOT NULL DEFAULT 0 CHECK (delivered >= 0), -- N
	failed		{int} NOT NULL DEFAULT 0 CHECK (failed >= 0),	-- X
	first_ms	{int},			-- first sale that settled
	last_ms		{int},			-- last settlement on either side
	tenths		{int} CHECK (tenths BETWEEN 0 AND 1000),	-- as stored
	scored_ms	{int},
	snapshot	{int},			-- the last of cri_snapshot
	genesis_ms	{int},			-- waits for a badge, in this order
	verified	{int} NOT NULL DEFAULT 0,	-- rows of cri_verified
	pioneer_ms	{int},			-- waits for the bonus
	CHECK (partners <= sold + bought AND most <= sold + bought),
	CHECK ((partners = 0) = (sold + bought = 0)),
	CHECK ((tenths IS NULL) = (scored_ms IS NULL))
) {strict};

CREATE INDEX cri_genesis ON cri_node (genesis_ms, node_id)
	WHERE genesis_ms IS NOT NULL;
CREATE INDEX cri_pioneers ON cri_node (pioneer_ms, node_id)
	WHERE pioneer_ms IS NOT NULL;

-- Who has traded with whom: settled escrows, one row for both, whose lower id
-- comes first.
CREATE TABLE cri_pair (
	low_id		TEXT NOT NULL REFERENCES node_node (id),
	high_id		TEXT NOT NULL REFERENCES node_node (id),
	sold		{int} NOT NULL,		-- by the lower to the higher
	bought		{int} NOT NULL,
	minor		{int} NOT NULL,		-- both together
	PRIMARY KEY (low_id, high_id),
	CHECK (low_id < high_id)
) {strict};

CREATE VIEW cri_partner AS
SELECT low_id AS node_id, high_id AS other_id, sold, bought, minor
FROM cri_pair
UNION ALL
SELECT high_id, low_id, bought, sold, minor FROM cri_pair;

-- Each stored score; the parts in hundredths of a point.  They are written in
-- one place, at the end, and those of a node are found from its last one on.
CREATE TABLE cri_snapshot (
	key		{int} PRIMARY KEY,
	was_key		{int},			-- of the node's one before
	at_ms		{int} NOT NULL,
	base		{int} NOT NULL,
	tx		{int} NOT NULL,
	diversity	{int} NOT NULL,
	volume		{int} NOT NULL,
	age		{int} NOT NULL,
	buyer		{int} NOT NULL,
	genesis		{int} NOT NULL,
	dispute		{int} NOT NULL,
	concentration	{int} NOT NULL,
	strike		{int} NOT NULL,
	idle_days	{int},			-- that made it decay
	sold		{int} NOT NULL,
	bought		{int} NOT NULL,
	partners	{int} NOT NULL,
	most		{int} NOT NULL,
	volume_minor	{int} NOT NULL,
	days		{int} NOT NULL,
	delivered	{int} NOT NULL,
	failed		{int} NOT NULL,
	strikes		{int} NOT NULL,
	was_tenths	{int} NOT NULL,
	tenths		{int} NOT NULL
) {strict};
-- guard: cri_snapshot

CREATE TABLE cri_award (
	rank		{int} PRIMARY KEY CHECK (rank > 0),
	node_id		TEXT NOT NULL UNIQUE REFERENCES node_node (id),
	made_ms		{int} NOT NULL
) {strict};
-- guard: cri_award

-- Tasks that a verifier has judged, each once: pioneers have ten.
CREATE TABLE cri_verified (
	node_id		TEXT NOT NULL REFERENCES node_node (id),
	task_id		TEXT NOT NULL,		-- the one that was judged
	skill_id	TEXT NOT NULL,		-- that judged it
	made_ms		{int} NOT NULL,
	PRIMARY KEY (node_id, task_id)
) {strict};

CREATE TABLE cri_pioneer (
	rank		{int} PRIMARY KEY CHECK (rank > 0),
	node_id		TEXT NOT NULL UNIQUE REFERENCES node_node (id),
	skill_id	TEXT NOT NULL,
	verified	{int} NOT NULL,		-- when it was awarded
	made_ms		{int} NOT NULL
) {strict};
-- guard: cri_pioneer

-- What is known of those who have traded already.
INSERT INTO cri_pair (low_id, high_id, sold, bought, minor)
SELECT low_id, high_id, sum(sold), sum(1 - sold), sum(minor) FROM (
	SELECT seller_id AS low_id, buyer_id AS high_id, 1 AS sold,
		amount_minor AS minor
	FROM escrow_escrow WHERE state = 'SETTLED' AND seller_id < buyer_id
	UNION ALL
	SELECT buyer_id, seller_id, 0, amount_minor
	FROM escrow_escrow WHERE state = 'SETTLED' AND buyer_id < seller_id
) t GROUP BY low_id, high_id;

INSERT INTO cri_node (number, node_id, sold, bought, partners, most,
	volume_minor)
SELECT row_number() OVER (ORDER BY node_id), node_id, sum(sold), sum(bought),
	count(*), max(sold + bought), sum(minor)
FROM cri_partner GROUP BY node_id;

INSERT INTO cri_node (number, node_id)
SELECT (SELECT count(*) FROM cri_node) + row_number() OVER (ORDER BY seller_id),
	seller_id
FROM (SELECT DISTINCT e.seller_id FROM escrow_escrow e
	JOIN escrow_task t ON t.escrow_id = e.id
	WHERE t.completed_ms IS NOT NULL
	AND e.seller_id NOT IN (SELECT node_id FROM cri_node)) d;

UPDATE cri_node SET delivered = d.n, failed = d.x
FROM (SELECT e.seller_id, count(*) AS n,
		sum(CASE WHEN e.state IN ('DISPUTED', 'REFUNDED') THEN 1
			ELSE 0 END) AS x
	FROM escrow_escrow e JOIN escrow_task t ON t.escrow_id = e.id
	WHERE t.completed_ms IS NOT NULL GROUP BY e.seller_id) d
WHERE d.seller_id = cri_node.node_id;

UPDATE cri_node SET first_ms = d.first_ms
FROM (SELECT seller_id, min(closed_ms) AS first_ms FROM escrow_escrow
	WHERE state = 'SETTLED' AND unit = 'TCK' GROUP BY seller_id) d
WHERE d.seller_id = cri_node.node_id;

UPDATE cri_node SET last_ms = d.last_ms
FROM (SELECT node_id, max(closed_ms) AS last_ms FROM (
		SELECT seller_id AS node_id, closed_ms FROM escrow_escrow
		WHERE state = 'SETTLED'
		UNION ALL
		SELECT buyer_id, closed_ms FROM escrow_escrow
		WHERE state = 'SETTLED') b
	GROUP BY node_id) d
WHERE d.node_id = cri_node.node_id;
