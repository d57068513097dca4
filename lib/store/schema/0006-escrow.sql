-- Step 6: tasks, and the escrows that hold their price.

CREATE TABLE escrow_escrow (
	id		TEXT PRIMARY KEY,
	buyer_id	TEXT NOT NULL REFERENCES node_node (id),
	seller_id	TEXT NOT NULL REFERENCES node_node (id),
	unit		TEXT NOT NULL,
	amount_minor	{int} NOT NULL CHECK (amount_minor > 0),
	tax_bp		{int} NOT NULL,
	state		TEXT NOT NULL CHECK (state IN ('PENDING',
			'AWAITING_SETTLEMENT', 'DISPUTED', 'SETTLED', 'REFUNDED')),
	verdict		TEXT,			-- the first failing rule
	reason		TEXT,			-- why disputed or refunded
	reasoning	TEXT,			-- why it was resolved as it was
	made_ms		{int} NOT NULL,
	refund_ms	{int} NOT NULL,		-- due unless delivered before
	settle_ms	{int},			-- due unless disputed before
	disputed_ms	{int},
	closed_ms	{int},
	CHECK (buyer_id <> seller_id),
	CHECK ((closed_ms IS NULL) = (state IN ('PENDING',
		'AWAITING_SETTLEMENT', 'DISPUTED')))
) {strict};

-- What a sweep looks for, and what a buyer has at stake.
CREATE INDEX escrow_due_refund ON escrow_escrow (refund_ms, id)
	WHERE state = 'PENDING';
CREATE INDEX escrow_due_settle ON escrow_escrow (settle_ms, id)
	WHERE state IN ('AWAITING_SETTLEMENT', 'DISPUTED');
CREATE INDEX escrow_open ON escrow_escrow (buyer_id)
	WHERE closed_ms IS NULL;

CREATE TABLE escrow_task (
	id		TEXT PRIMARY KEY,
	escrow_id	TEXT NOT NULL UNIQUE REFERENCES escrow_escrow (id),
	skill_id	TEXT NOT NULL REFERENCES market_skill (id),
	contract	TEXT NOT NULL,		-- the skill as it was bought
	label		TEXT NOT NULL,
	state		TEXT NOT NULL CHECK (state IN ('OPEN', 'IN_PROGRESS',
			'COMPLETED', 'DISPUTED', 'REFUNDED')),
	input		TEXT NOT NULL,
	output		TEXT,
	output_sha256	TEXT,
	claimed_ms	{int},
	completed_ms	{int}
) {strict};

-- A task with its escrow, as lib/escrow reads it.
CREATE VIEW escrow_trade AS
SELECT t.id, t.escrow_id, t.skill_id, e.buyer_id, e.seller_id, e.unit,
	e.amount_minor, e.tax_bp, t.state, e.state AS escrow_state, t.label,
	t.input, t.output, t.output_sha256, e.verdict, e.reason, e.reasoning,
	e.made_ms, e.refund_ms, e.settle_ms, t.claimed_ms, t.completed_ms,
	e.disputed_ms, e.closed_ms
FROM escrow_task t JOIN escrow_escrow e ON e.id = t.escrow_id;
