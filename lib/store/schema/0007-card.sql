-- Step 7: the keys of other nodes, and how far they are trusted.

CREATE TABLE card_peer (
	node_id		TEXT PRIMARY KEY CHECK (length(node_id) = 64),
	key		{bytes} NOT NULL CHECK (length(key) = 32),
	name		TEXT NOT NULL,
	endpoint	TEXT NOT NULL,
	card		TEXT,			-- canonical; null: only its URI is known
	issued_ms	{int},			-- by the card
	state		TEXT NOT NULL CHECK (state IN ('pending', 'pinned', 'revoked')),
	reason		TEXT,			-- why revoked
	moved_to	TEXT,			-- by a rotation: the node_id that follows
	proof		TEXT,			-- the signed statement that revoked or moved it
	made_ms		{int} NOT NULL,		-- first heard of
	changed_ms	{int} NOT NULL,
	pinned_ms	{int},
	revoked_ms	{int},
	CHECK ((card IS NULL) = (issued_ms IS NULL)),
	CHECK (state <> 'pinned' OR pinned_ms IS NOT NULL),
	CHECK ((state = 'revoked') = (revoked_ms IS NOT NULL))
) {strict};

-- A name has one key at a time, and so has an endpoint, but for loopback.
CREATE UNIQUE INDEX card_peer_name ON card_peer (name)
	WHERE state <> 'revoked' AND moved_to IS NULL;
CREATE INDEX card_peer_endpoint ON card_peer (endpoint)
	WHERE state <> 'revoked' AND moved_to IS NULL;
