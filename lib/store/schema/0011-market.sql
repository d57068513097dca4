-- Step 11: skills that change, quotes, statistics of prices, and validators
-- that buyers attach.

ALTER TABLE market_skill ADD COLUMN version {int} NOT NULL DEFAULT 1;
ALTER TABLE market_skill ADD COLUMN changed_ms {int};

-- Of a provider; and the cheapest of what is offered.
CREATE INDEX market_skill_of ON market_skill (node_id);
CREATE INDEX market_skill_cheap ON market_skill (unit, price_minor, id)
	WHERE retired_ms IS NULL;

-- What a skill was before it was changed: a quote may promise that.
CREATE TABLE market_past (
	skill_id	TEXT NOT NULL REFERENCES market_skill (id),
	version		{int} NOT NULL,
	label		TEXT NOT NULL,
	category	TEXT,
	price_minor	{int} NOT NULL CHECK (price_minor > 0),
	metadata	TEXT NOT NULL,
	PRIMARY KEY (skill_id, version)
) {strict};

CREATE TABLE market_quote (
	id		TEXT PRIMARY KEY,
	node_id		TEXT NOT NULL REFERENCES node_node (id),	-- for whom
	skill_id	TEXT NOT NULL REFERENCES market_skill (id),
	version		{int} NOT NULL,			-- of the skill
	made_ms		{int} NOT NULL,
	valid_ms	{int} NOT NULL,
	used_ms		{int}
) {strict};
CREATE INDEX market_quote_over ON market_quote (valid_ms)
	WHERE used_ms IS NULL;

CREATE TABLE market_custom (
	id		TEXT PRIMARY KEY,
	node_id		TEXT NOT NULL REFERENCES node_node (id),	-- the buyer
	name		TEXT NOT NULL,
	type		TEXT NOT NULL CHECK (type IN ('schema', 'regex', 'webhook')),
	config		TEXT NOT NULL,			-- a JSON object
	made_ms		{int} NOT NULL,
	removed_ms	{int}
) {strict};
CREATE INDEX market_custom_of ON market_custom (node_id)
	WHERE removed_ms IS NULL;

-- How many skills are offered at which prices: all together, in buckets of
-- 100.00, in buckets of 1.00, and at each price.  So the least, the greatest
-- and the middle one are found in some hundred rows, however many skills
-- there are.  What happens to a skill after it was published is counted by
-- triggers, because who bans a node does not know that it has skills.
CREATE TABLE market_price (
	unit		TEXT NOT NULL,
	level		{int} NOT NULL,
	bucket		{int} NOT NULL,		-- price_minor / width
	skills		{int} NOT NULL CHECK (skills >= 0),
	sum_minor	{int} NOT NULL CHECK (sum_minor >= 0),
	PRIMARY KEY (unit, level, bucket)
) {strict};

CREATE VIEW market_level AS
	SELECT 0 AS level, 1000000000 AS width
	UNION ALL SELECT 1, 10000 UNION ALL SELECT 2, 100
	UNION ALL SELECT 3, 1;
CREATE VIEW market_bucket AS
	SELECT s.id, s.node_id, s.unit, v.level,
		s.price_minor / v.width AS bucket, s.price_minor
	FROM market_skill s CROSS JOIN market_level v
	WHERE s.retired_ms IS NULL;

INSERT INTO market_price (unit, level, bucket, skills, sum_minor)
SELECT b.unit, b.level, b.bucket, count(*), sum(b.price_minor)
FROM market_bucket b JOIN node_node n ON n.id = b.node_id
WHERE n.active = 1 GROUP BY b.unit, b.level, b.bucket;

-- Offers come and go, and prices change: out with the old, in with the new.
CREATE TRIGGER market_price_changed AFTER UPDATE OF price_minor, retired_ms
ON market_skill
BEGIN
	UPDATE market_price
	SET skills = skills - 1, sum_minor = sum_minor - OLD.price_minor
	WHERE OLD.retired_ms IS NULL AND unit = OLD.unit AND (level, bucket)
		IN (SELECT v.level, OLD.price_minor / v.width
		FROM market_level v JOIN node_node n ON n.id = OLD.node_id
		WHERE n.active = 1);
	INSERT INTO market_price (unit, level, bucket, skills, sum_minor)
	SELECT b.unit, b.level, b.bucket, 1, b.price_minor
	FROM market_bucket b JOIN node_node n ON n.id = b.node_id
	WHERE b.id = NEW.id AND n.active = 1
	ON CONFLICT (unit, level, bucket) DO UPDATE
	SET skills = market_price.skills + 1,
		sum_minor = market_price.sum_minor + excluded.sum_minor;
END;

-- A node that is banned, or has expired, offers nothing.
CREATE TRIGGER market_price_of AFTER UPDATE OF active ON node_node
WHEN OLD.active <> NEW.active
BEGIN
	INSERT INTO market_price (unit, level, bucket, skills, sum_minor)
	SELECT b.unit, b.level, b.bucket, count(*), sum(b.price_minor)
	FROM market_bucket b WHERE b.node_id = NEW.id
	GROUP BY b.unit, b.level, b.bucket
	ON CONFLICT (unit, level, bucket) DO UPDATE
	SET skills = market_price.skills + excluded.skills *
		(NEW.active - OLD.active),
		sum_minor = market_price.sum_minor + excluded.sum_minor *
		(NEW.active - OLD.active);
END;
