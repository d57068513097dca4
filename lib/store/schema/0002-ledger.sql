-- Step 2: the ledger (spec/ledger.md 3.1).  ledger_entry, ledger_checkpoint
-- and ledger_cosig are truth; ledger_memo is private truth outside the log;
-- everything else is a projection of the leaves.

CREATE TABLE ledger_unit (
	id	{int} PRIMARY KEY CHECK (id > 0),	-- in order of declaration
	code	TEXT NOT NULL UNIQUE,
	scale	{int} NOT NULL CHECK (scale BETWEEN 0 AND 18)
) {strict};

CREATE TABLE ledger_account (
	id	{int} PRIMARY KEY CHECK (id BETWEEN 1 AND 2147483647),
	name	TEXT NOT NULL,
	unit_id	{int} NOT NULL REFERENCES ledger_unit (id),
	lo	{int},			-- least available; NULL is no limit
	hi	{int},			-- greatest balance
	closed	{int} NOT NULL DEFAULT 0 CHECK (closed IN (0, 1)),
	cr	{int} NOT NULL DEFAULT 0,	-- sum of positive legs
	dr	{int} NOT NULL DEFAULT 0,	-- sum of negative legs, >= 0
	pcr	{int} NOT NULL DEFAULT 0,	-- the same, pending
	pdr	{int} NOT NULL DEFAULT 0,
	legs	{int} NOT NULL DEFAULT 0,	-- so far = n of the next one
	UNIQUE (name, unit_id),
	CHECK (cr >= 0 AND dr >= 0 AND pcr >= 0 AND pdr >= 0 AND legs >= 0),
	CHECK (lo IS NULL OR cr - dr - pdr >= lo),
	CHECK (hi IS NULL OR cr - dr + pcr <= hi)
) {strict};

CREATE TABLE ledger_entry (
	seq	{int} PRIMARY KEY CHECK (seq >= 0),	-- leaf index, dense
	id	TEXT NOT NULL UNIQUE,			-- copied out of the leaf
	leaf	{bytes} NOT NULL CHECK (length(leaf) BETWEEN 1 AND 65535)
) {strict};
-- guard: ledger_entry

CREATE TABLE ledger_memo (
	seq	{int} PRIMARY KEY REFERENCES ledger_entry (seq),
	salt	{bytes} NOT NULL CHECK (length(salt) = 16),
	memo	TEXT NOT NULL
) {strict};

CREATE TABLE ledger_checkpoint (
	size	{int} PRIMARY KEY CHECK (size >= 0),
	at_ms	{int} NOT NULL,
	root	{bytes} NOT NULL CHECK (length(root) = 32),
	note	TEXT NOT NULL			-- with the log's own signatures
) {strict};
-- guard: ledger_checkpoint

CREATE TABLE ledger_cosig (
	size	{int} NOT NULL REFERENCES ledger_checkpoint (size),
	name	TEXT NOT NULL,
	line	TEXT NOT NULL,			-- one signature line with its LF
	PRIMARY KEY (size, name)
) {strict};
-- guard: ledger_cosig

CREATE TABLE ledger_tile (
	pos	{int} PRIMARY KEY CHECK (pos >= 0),	-- level * 2^56 + index
	root	{bytes} NOT NULL CHECK (length(root) = 32),	-- the fold
	hashes	{bytes} NOT NULL CHECK (length(hashes) = 8192)	-- full tiles only
) {strict};

CREATE TABLE ledger_head (
	k	{int} PRIMARY KEY CHECK (k = 1),
	size	{int} NOT NULL,
	root	{bytes} NOT NULL CHECK (length(root) = 32),
	edge	{bytes} NOT NULL,		-- 32 bytes a set bit of size
	at_ms	{int} NOT NULL,			-- log time of the last leaf
	posted	{int} NOT NULL CHECK (posted <= size)	-- postings are whole below
) {strict};

CREATE TABLE ledger_posting (
	key	{int} PRIMARY KEY,		-- account id * 2^32 + n
	seq	{int} NOT NULL,
	amount	{int} NOT NULL,
	balance	{int} NOT NULL			-- after this leg
) {strict};

CREATE TABLE ledger_reversal (
	target	{int} PRIMARY KEY,		-- seq reversed
	seq	{int} NOT NULL UNIQUE		-- seq of the reversal
) {strict};
