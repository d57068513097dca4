-- Step 12: escrows without a task, tasks without an escrow, what the rules
-- said of a delivery, and disputes.

-- The tables of escrows and tasks again.  An escrow of kind direct has no task:
-- what was delivered stands in its own row; and a task may have no escrow.
--
-- Of words in a list SQLite makes a table, each time that it looks for one in
-- it, and more than two make a list: so a check that each trade passes several
-- times says "or".
DROP VIEW escrow_trade;

CREATE TABLE escrow_escrow_new (
	id		TEXT PRIMARY KEY,
	buyer_id	TEXT NOT NULL REFERENCES node_node (id),
	seller_id	TEXT NOT NULL REFERENCES node_node (id),
	unit		TEXT NOT NULL,
	amount_minor	{int} NOT NULL CHECK (amount_minor > 0),
	tax_bp		{int} NOT NULL,
	state		TEXT NOT NULL CHECK (state = 'PENDING'
			OR state = 'AWAITING_SETTLEMENT' OR state = 'SETTLED'
			OR state = 'REFUNDED' OR state = 'DISPUTED'),
	verdict		TEXT,			-- the first failing rule
	reason		TEXT,			-- why disputed or refunded
	reasoning	TEXT,			-- why it was resolved as it was
	made_ms		{int} NOT NULL,
	refund_ms	{int} NOT NULL,		-- due unless delivered before
	settle_ms	{int},			-- due unless disputed before
	disputed_ms	{int},
	closed_ms	{int},
	kind		TEXT NOT NULL DEFAULT 'task'
			CHECK (kind IN ('task', 'direct')),
	proof_hash	TEXT,			-- as it was given
	settle_proof_hash TEXT,
	output		TEXT,			-- of a direct one, and below
	output_sha256	TEXT,
	completed_ms	{int},
	CHECK (buyer_id <> seller_id),
	CHECK ((closed_ms IS NULL) = (state = 'PENDING'
		OR state = 'AWAITING_SETTLEMENT' OR state = 'DISPUTED'))
) {strict};

INSERT INTO escrow_escrow_new (id, buyer_id, seller_id, unit, amount_minor,
	tax_bp, state, verdict, reason, reasoning, made_ms, refund_ms,
	settle_ms, disputed_ms, closed_ms)
SELECT id, buyer_id, seller_id, unit, amount_minor, tax_bp, state, verdict,
	reason, reasoning, made_ms, refund_ms, settle_ms, disputed_ms,
	closed_ms
FROM escrow_escrow ORDER BY id;

CREATE TABLE escrow_task_new (
	id		TEXT PRIMARY KEY,
	escrow_id	TEXT UNIQUE REFERENCES escrow_escrow_new (id),
	skill_id	TEXT NOT NULL REFERENCES market_skill (id),
	contract	TEXT NOT NULL,		-- the skill as it was bought
	customs		TEXT,			-- the buyer's validators as they were
	label		TEXT NOT NULL,
	protocol	TEXT NOT NULL,		-- api, sdk, mcp, shadow, ...
	integration	TEXT,
	capability	TEXT,
	deadline_s	{int},			-- that was wished for
	run_id		TEXT,			-- of a benchmark
	verified_task_id TEXT,			-- whose output this task judges
	is_shadow	{int} NOT NULL CHECK (is_shadow IN (0, 1)),
	state		TEXT NOT NULL CHECK (state = 'OPEN'
			OR state = 'COMPLETED' OR state = 'IN_PROGRESS'
			OR state = 'DISPUTED' OR state = 'REFUNDED'),
	input		TEXT NOT NULL,
	output		TEXT,
	output_sha256	TEXT,
	proof_match	TEXT,
	llm_provider	TEXT,
	claimed_ms	{int},
	completed_ms	{int},
	CHECK ((escrow_id IS NULL) = (is_shadow = 1))
) {strict};

INSERT INTO escrow_task_new (id, escrow_id, skill_id, contract, label,
	protocol, is_shadow, state, input, output, output_sha256, claimed_ms,
	completed_ms)
SELECT id, escrow_id, skill_id, contract, label, 'api', 0, state, input,
	output, output_sha256, claimed_ms, completed_ms
FROM escrow_task;

DROP TABLE escrow_task;
DROP TABLE escrow_escrow;
ALTER TABLE escrow_escrow_new RENAME TO escrow_escrow;
ALTER TABLE escrow_task_new RENAME TO escrow_task;

CREATE INDEX escrow_due_refund ON escrow_escrow (refund_ms, id)
	WHERE state = 'PENDING';
CREATE INDEX escrow_due_settle ON escrow_escrow (settle_ms, id)
	WHERE state IN ('AWAITING_SETTLEMENT', 'DISPUTED');

-- Those that are open, by the indexes of what is due: one of their own would be
-- written in random order twice for each.
CREATE VIEW escrow_held AS
SELECT id, buyer_id, seller_id, unit, amount_minor, state, made_ms
FROM escrow_escrow WHERE state = 'PENDING'
UNION ALL
SELECT id, buyer_id, seller_id, unit, amount_minor, state, made_ms
FROM escrow_escrow WHERE state IN ('AWAITING_SETTLEMENT', 'DISPUTED');

-- What an escrow would say of a task that has none.
CREATE TABLE escrow_shadow (
	task_id		TEXT PRIMARY KEY REFERENCES escrow_task (id),
	buyer_id	TEXT NOT NULL REFERENCES node_node (id),
	seller_id	TEXT NOT NULL REFERENCES node_node (id),
	unit		TEXT NOT NULL,
	amount_minor	{int} NOT NULL CHECK (amount_minor > 0),
	tax_bp		{int} NOT NULL,
	verdict		TEXT,
	reason		TEXT,
	proof_hash	TEXT,
	made_ms		{int} NOT NULL,
	refund_ms	{int} NOT NULL,		-- due unless delivered before
	closed_ms	{int},			-- delivered, or too late
	CHECK (buyer_id <> seller_id)
) {strict};

CREATE INDEX escrow_shadow_due ON escrow_shadow (refund_ms, task_id)
	WHERE closed_ms IS NULL;

-- What each validator said of a delivery; idx counts the contract's first.
CREATE TABLE escrow_verdict (
	task_id		TEXT NOT NULL REFERENCES escrow_task (id),
	idx		{int} NOT NULL,
	validator_id	TEXT NOT NULL,
	source		TEXT NOT NULL CHECK (source IN ('protocol', 'custom')),
	type		TEXT NOT NULL,
	result		TEXT NOT NULL CHECK (result = 'PASS'
			OR result = 'FAIL' OR result = 'INCONCLUSIVE'
			OR result = 'ERROR'),
	details		TEXT,			-- a JSON object
	made_ms		{int} NOT NULL,
	PRIMARY KEY (task_id, idx)
) {strict};

-- What a rule, or a buyer, did to a trade.
CREATE TABLE escrow_rule (
	id		{int} PRIMARY KEY,
	task_id		TEXT,
	escrow_id	TEXT,
	rule		TEXT NOT NULL CHECK (rule IN ('PROOF_MISSING',
			'SCHEMA_MISMATCH', 'VALIDATOR_FAILED',
			'TIMEOUT_NON_DELIVERY', 'BUYER_DISPUTE')),
	details		TEXT,			-- a JSON object
	action		TEXT NOT NULL CHECK (action IN ('FLAGGED_AUTO',
			'AUTO_REFUND', 'AUTO_SETTLE', 'FLAGGED_MANUAL')),
	made_ms		{int} NOT NULL,
	CHECK (task_id IS NOT NULL OR escrow_id IS NOT NULL)
) {strict};
-- guard: escrow_rule

CREATE INDEX escrow_rule_task ON escrow_rule (task_id);
CREATE INDEX escrow_rule_direct ON escrow_rule (escrow_id)
	WHERE task_id IS NULL;

-- An escrow is disputed once at most.
CREATE TABLE escrow_dispute (
	id		TEXT PRIMARY KEY,
	escrow_id	TEXT NOT NULL UNIQUE REFERENCES escrow_escrow (id),
	reason		TEXT NOT NULL,
	evidence	TEXT,			-- a JSON object
	resolution	TEXT CHECK (resolution IN ('refund_buyer',
			'release_to_seller')),
	resolved_by	TEXT CHECK (resolved_by IN ('AUTO_RULE',
			'MANUAL_REVIEW', 'VERIFIER_EVIDENCE', 'SELLER')),
	reasoning	TEXT,
	made_ms		{int} NOT NULL,
	resolved_ms	{int},
	CHECK ((resolution IS NULL) = (resolved_ms IS NULL)
		AND (resolved_by IS NULL) = (resolved_ms IS NULL))
) {strict};

-- Those of before bear the id of their escrow.
INSERT INTO escrow_dispute (id, escrow_id, reason, resolution, resolved_by,
	reasoning, made_ms, resolved_ms)
SELECT id, id, coalesce(reason, ''), CASE state WHEN 'SETTLED' THEN
		'release_to_seller' WHEN 'REFUNDED' THEN 'refund_buyer' END,
	CASE WHEN closed_ms IS NULL THEN NULL
		WHEN state = 'REFUNDED' AND verdict IS NOT NULL
		AND reasoning IS NULL AND closed_ms >= settle_ms
		THEN 'AUTO_RULE' ELSE 'MANUAL_REVIEW' END,
	reasoning, disputed_ms, closed_ms
FROM escrow_escrow WHERE disputed_ms IS NOT NULL;

-- A trade as lib/escrow reads it, in three kinds of the same columns: a task
-- with its escrow, a shadow, and a direct escrow under its own id.
CREATE VIEW escrow_trade AS
SELECT t.id, t.escrow_id, t.skill_id, e.buyer_id, e.seller_id, e.unit,
	e.amount_minor, e.tax_bp, t.state, e.state AS escrow_state, t.label,
	t.input, t.output, t.output_sha256, e.verdict, e.reason, e.reasoning,
	e.made_ms, e.refund_ms, e.settle_ms, t.claimed_ms, t.completed_ms,
	e.disputed_ms, e.closed_ms, t.protocol, t.integration, t.capability,
	t.llm_provider, e.proof_hash, t.proof_match, e.settle_proof_hash,
	t.verified_task_id, t.run_id, t.deadline_s, t.customs
FROM escrow_task t JOIN escrow_escrow e ON e.id = t.escrow_id;

CREATE VIEW escrow_trade_shadow AS
SELECT s.task_id AS id, t.escrow_id, t.skill_id, s.buyer_id, s.seller_id, s.unit,
	s.amount_minor, s.tax_bp, t.state, NULL AS escrow_state, t.label,
	t.input, t.output, t.output_sha256, s.verdict, s.reason,
	NULL AS reasoning, s.made_ms, s.refund_ms, NULL AS settle_ms,
	t.claimed_ms, t.completed_ms, NULL AS disputed_ms, s.closed_ms,
	t.protocol, t.integration, t.capability, t.llm_provider, s.proof_hash,
	t.proof_match, NULL AS settle_proof_hash, t.verified_task_id, t.run_id,
	t.deadline_s, t.customs
FROM escrow_shadow s JOIN escrow_task t ON t.id = s.task_id;

CREATE VIEW escrow_trade_direct AS
SELECT e.id, e.id AS escrow_id, NULL AS skill_id, e.buyer_id, e.seller_id,
	e.unit, e.amount_minor, e.tax_bp, NULL AS state,
	e.state AS escrow_state, NULL AS label, NULL AS input, e.output,
	e.output_sha256, e.verdict, e.reason, e.reasoning, e.made_ms,
	e.refund_ms, e.settle_ms, NULL AS claimed_ms, e.completed_ms,
	e.disputed_ms, e.closed_ms, 'api' AS protocol, NULL AS integration,
	NULL AS capability, NULL AS llm_provider, e.proof_hash,
	NULL AS proof_match, e.settle_proof_hash, NULL AS verified_task_id,
	NULL AS run_id, NULL AS deadline_s, NULL AS customs
FROM escrow_escrow e WHERE e.kind = 'direct';

-- For lists of what was traded without a task, which is rare.
CREATE INDEX escrow_direct ON escrow_escrow (id) WHERE kind = 'direct';
