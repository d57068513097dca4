-- Step 16: how long skills take, and which tests of quality they have passed.

CREATE TABLE market_took (
	skill_id	TEXT NOT NULL REFERENCES market_skill (id),
	seconds		{int} NOT NULL CHECK (seconds >= 0),	-- two digits
	tasks		{int} NOT NULL CHECK (tasks > 0),
	PRIMARY KEY (skill_id, seconds)
) {strict};

CREATE TABLE market_verified (
	skill_id	TEXT NOT NULL REFERENCES market_skill (id),
	suite		TEXT NOT NULL,
	made_ms		{int} NOT NULL,
	PRIMARY KEY (skill_id, suite)
) {strict};
