-- Step 18: who wants to be told of what, and what is to be told: an outbox,
-- filled in the transactions of what it tells of, and emptied by a sender.

CREATE TABLE hook_hook (
	id		TEXT PRIMARY KEY,
	node_id		TEXT NOT NULL REFERENCES node_node (id),	-- whose
	ref		TEXT,		-- all of this trade; NULL: of the node
	url		TEXT NOT NULL,
	events		{int} NOT NULL CHECK (events > 0),	-- 1 << event
	sealed		{bytes},	-- the secret that its deliveries bear
	made_ms		{int} NOT NULL,
	closed_ms	{int},
	CHECK ((ref IS NULL) = (sealed IS NOT NULL))
) {strict};

-- Looked up at every event, and mostly empty.
CREATE INDEX hook_of ON hook_hook (node_id)
	WHERE closed_ms IS NULL AND ref IS NULL;
CREATE INDEX hook_callback ON hook_hook (ref)
	WHERE closed_ms IS NULL AND ref IS NOT NULL;

CREATE TABLE hook_delivery (
	id		TEXT NOT NULL,
	hook_id		TEXT NOT NULL REFERENCES hook_hook (id),
	event		TEXT NOT NULL,
	ref		TEXT NOT NULL,	-- escrow, shadow task or bounty
	event_id	TEXT NOT NULL,
	body		TEXT NOT NULL,	-- the bytes that are sent and signed
	state		TEXT NOT NULL CHECK (state IN ('pending', 'delivered',
			'failed', 'exhausted')),
	attempts	{int} NOT NULL CHECK (attempts >= 0),
	next_ms		{int},		-- not before; NULL: no more
	made_ms		{int} NOT NULL,
	tried_ms	{int},
	code		{int},		-- what the last answer was, if any
	error		TEXT,
	PRIMARY KEY (hook_id, id),
	CHECK ((next_ms IS NULL) = (state <> 'pending'))
) {strict};

-- Nobody is told twice; and what a receipt asks for.
CREATE UNIQUE INDEX hook_once ON hook_delivery (ref, hook_id, event);
-- What is due, and what a person should know of.
CREATE INDEX hook_due ON hook_delivery (state, next_ms, id)
	WHERE state IN ('pending', 'exhausted');

-- Who is banned, or has expired, is told of nothing: by a trigger, because
-- who bans a node does not know that it listens.
CREATE TRIGGER hook_gone AFTER UPDATE OF banned_ms, expired_ms ON node_node
WHEN coalesce(OLD.banned_ms, OLD.expired_ms) IS NULL
	AND coalesce(NEW.banned_ms, NEW.expired_ms) IS NOT NULL
BEGIN
	UPDATE hook_hook SET closed_ms = coalesce(NEW.banned_ms, NEW.expired_ms)
	WHERE node_id = NEW.id AND closed_ms IS NULL;
END;

-- However it came to be closed, what waits is not sent any more.
CREATE TRIGGER hook_closed AFTER UPDATE OF closed_ms ON hook_hook
WHEN OLD.closed_ms IS NULL AND NEW.closed_ms IS NOT NULL
BEGIN
	UPDATE hook_delivery SET state = 'failed', next_ms = NULL,
		error = 'subscription_inactive'
	WHERE hook_id = NEW.id AND state = 'pending';
END;
