-- Step 17: what signed events say of node identities, and what they come to
-- (spec/node.md 5.2, 6).  All of it follows from the log, but for the text
-- that was signed, of which the log has the hash.

CREATE TABLE trust_event (
	id		TEXT PRIMARY KEY,	-- of the entry
	kind		TEXT NOT NULL CHECK (kind IN ('endorse', 'complain',
			'quality', 'uptime', 'stake', 'verify')),
	node_id		TEXT NOT NULL CHECK (length(node_id) = 64),
	from_id		TEXT NOT NULL CHECK (length(from_id) = 64),
	escrow_id	TEXT REFERENCES escrow_escrow (id),
	at_ms		{int} NOT NULL,		-- log time
	since_ms	{int},			-- of a stake: when it became so
	until_ms	{int},
	good		{int} CHECK (good BETWEEN 0 AND 1),
	ok		{int} CHECK (ok >= 0),
	fail		{int} CHECK (fail >= 0),
	stake_wei	TEXT,
	evidence_sha256	TEXT,
	event_sha256	TEXT NOT NULL,		-- of what was signed
	event		TEXT NOT NULL,		-- with its signature
	CHECK ((escrow_id IS NULL) = (kind IN ('uptime', 'stake', 'verify'))),
	CHECK ((since_ms IS NULL) = (escrow_id IS NOT NULL)),
	CHECK ((until_ms IS NULL) = (kind <> 'uptime')),
	CHECK ((good IS NULL) = (kind NOT IN ('quality', 'verify'))),
	CHECK ((stake_wei IS NULL) = (kind <> 'stake')),
	CHECK (kind <> 'complain' OR evidence_sha256 IS NOT NULL)
) {strict};
-- guard: trust_event

CREATE INDEX trust_told ON trust_event (node_id, at_ms, id);
CREATE INDEX trust_endorser ON trust_event (from_id, at_ms)
	WHERE kind = 'endorse';

-- Each identity that something was said of, or that has said something: its
-- score when that was last made, with all that went into it.
CREATE TABLE trust_node (
	node_id		TEXT PRIMARY KEY CHECK (length(node_id) = 64),
	scored_ms	{int} NOT NULL,
	formula		{int} NOT NULL,		-- its version
	rules		TEXT NOT NULL,		-- hash of the parameters
	stake_wei	TEXT NOT NULL,
	verified	{int} NOT NULL CHECK (verified BETWEEN 0 AND 1),
	ok		{int} NOT NULL,
	fail		{int} NOT NULL,
	rated		{int} NOT NULL,
	good		{int} NOT NULL,
	endorsed	{int} NOT NULL,		-- how many have
	weight		{int} NOT NULL,		-- what that counts
	complaints	TEXT NOT NULL,		-- as a number is written
	orders		TEXT NOT NULL,
	hundredths	{int} NOT NULL CHECK (hundredths BETWEEN 0 AND 10000),
	tier		TEXT NOT NULL CHECK (tier IN ('UNVERIFIED', 'VERIFIED',
			'TRUSTED', 'ENTERPRISE')),
	-- As of the last epoch, which is a day: what its endorsements weigh.
	epoch		{int} NOT NULL DEFAULT -1,
	epoch_hundredths {int} NOT NULL DEFAULT 0,
	epoch_weight	{int} NOT NULL DEFAULT 0
) {strict};

-- Wallets: those that both keys have vouched for, which stay; and what a card
-- claims, which is one at a time.
CREATE TABLE trust_wallet (
	node_id		TEXT NOT NULL,
	wallet		TEXT NOT NULL,
	proven		{int} NOT NULL CHECK (proven BETWEEN 0 AND 1),
	at_ms		{int} NOT NULL,
	PRIMARY KEY (node_id, proven, wallet)
) {strict};

-- The orders of an identity: nodes of other names are in neither.
CREATE INDEX trust_sold ON escrow_escrow (seller_id, closed_ms)
	WHERE closed_ms IS NOT NULL AND length(seller_id) = 64;
CREATE INDEX trust_bought ON escrow_escrow (buyer_id, closed_ms)
	WHERE closed_ms IS NOT NULL AND length(buyer_id) = 64;
