-- Step 21: the nodes of the registry (spec/node.md 5).  Their keys are in
-- card_peer, what is thought of them in trust_event.

ALTER TABLE card_peer ADD COLUMN used_ms {int};		-- by a signed request

CREATE TABLE registry_node (
	node_hash	TEXT PRIMARY KEY CHECK (length(node_hash) = 66),
	node_id		TEXT			-- null: seen on chain only
			REFERENCES card_peer (node_id),
	wallet		TEXT,			-- as it says itself
	dns_name	TEXT,
	endpoint	TEXT,			-- null: that of its card
	ip_address	TEXT,
	made_ms		{int} NOT NULL,
	changed_ms	{int} NOT NULL,
	seen_ms		{int} NOT NULL
) {strict};

CREATE UNIQUE INDEX registry_name ON registry_node (dns_name)
	WHERE dns_name IS NOT NULL;
CREATE INDEX registry_age ON registry_node (made_ms, node_hash);

-- What a node says of its business: here only what the papers hash to.
CREATE TABLE registry_document (
	node_hash	TEXT NOT NULL REFERENCES registry_node (node_hash),
	sha256		TEXT NOT NULL CHECK (length(sha256) = 64),
	kind		TEXT NOT NULL,
	cid		TEXT NOT NULL,
	sealed		{int} NOT NULL CHECK (sealed BETWEEN 0 AND 1),
	made_ms		{int} NOT NULL,
	PRIMARY KEY (node_hash, sha256, kind)
) {strict};
