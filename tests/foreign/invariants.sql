-- What must be true of a ledger, said again in SQL: a row for each thing that
-- is not.  sqlite3 -readonly node.db <invariants.sql

-- The legs as the leaves have them, in least steps.
CREATE TEMP VIEW leg AS
SELECT e.seq, l.key AS place,
	l.value ->> 'account' AS name, l.value ->> 'unit' AS code,
	CAST(replace(l.value ->> 'amount', '.', '') AS INTEGER) AS minor
FROM ledger_entry e, json_each(CAST(e.leaf AS TEXT), '$.legs') l;

CREATE TEMP VIEW account AS
SELECT a.*, u.code FROM ledger_account a JOIN ledger_unit u ON u.id = a.unit_id;

CREATE TEMP VIEW step AS
SELECT *, sum(minor) OVER (PARTITION BY name, code ORDER BY seq) AS balance,
	row_number() OVER (PARTITION BY name, code ORDER BY seq) - 1 AS n
FROM leg;

SELECT 'conservation', code, sum(cr - dr) FROM account GROUP BY code
HAVING sum(cr - dr);

SELECT 'unbalanced', seq, code FROM leg GROUP BY seq, code HAVING sum(minor);

SELECT 'sequence', max(seq), count(*) FROM ledger_entry
HAVING max(seq) + 1 <> count(*) OR min(seq) <> 0;

SELECT 'head', size FROM ledger_head
WHERE size <> (SELECT count(*) FROM ledger_entry) OR posted > size;

SELECT 'column', seq FROM ledger_entry
WHERE seq IS NOT CAST(leaf AS TEXT) ->> 'seq'
	OR id IS NOT CAST(leaf AS TEXT) ->> 'id';

SELECT 'time', seq FROM (
	SELECT seq, CAST(leaf AS TEXT) ->> 'at_ms' AS at_ms,
		lag(CAST(leaf AS TEXT) ->> 'at_ms') OVER (ORDER BY seq) AS was
	FROM ledger_entry) WHERE at_ms < was;

SELECT 'account', coalesce(a.name, s.name), coalesce(a.code, s.code)
FROM account a FULL JOIN (
	SELECT name, code, count(*) AS legs,
		sum(CASE WHEN minor > 0 THEN minor ELSE 0 END) AS cr,
		sum(CASE WHEN minor < 0 THEN -minor ELSE 0 END) AS dr
	FROM leg GROUP BY name, code) s
ON s.name = a.name AND s.code = a.code
WHERE (a.legs, a.cr, a.dr) IS NOT
	(coalesce(s.legs, 0), coalesce(s.cr, 0), coalesce(s.dr, 0));

SELECT 'limit', name, code, seq FROM step s JOIN account a USING (name, code)
WHERE s.balance < a.lo OR s.balance > a.hi;

SELECT 'posting', p.key FROM ledger_posting p LEFT JOIN (
	SELECT a.id * 4294967296 + s.n AS key, s.seq, s.minor, s.balance
	FROM step s JOIN account a USING (name, code)) s USING (key)
WHERE (p.seq, p.amount, p.balance) IS NOT (s.seq, s.minor, s.balance);

SELECT 'postings', count(*) FROM ledger_posting
HAVING count(*) <> (SELECT count(*) FROM leg
	WHERE seq < (SELECT posted FROM ledger_head));
