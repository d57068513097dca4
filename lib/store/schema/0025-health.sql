-- Step 25: what is known of the health of nodes (spec/ops.md 3), and the
-- outbox of who is told of it.

CREATE TABLE health_setting (		-- where a node has its own
	node_id		TEXT PRIMARY KEY CHECK (length(node_id) = 64),
	interval_ms	{int} CHECK (interval_ms > 0),
	owner		TEXT,			-- an address for mail
	depends		TEXT,			-- the node_id of what it stands on
	signed		{int} NOT NULL CHECK (signed BETWEEN 0 AND 1)
) {strict};

CREATE TABLE health_node (
	id		{int} PRIMARY KEY,
	node_id		TEXT NOT NULL CHECK (length(node_id) = 64),
	family		{int} NOT NULL CHECK (family BETWEEN 0 AND 3),
	name		TEXT NOT NULL,
	url		TEXT NOT NULL,
	first_ms	{int} NOT NULL,
	state		{int} NOT NULL CHECK (state BETWEEN 0 AND 3),
	before		{int} NOT NULL CHECK (before BETWEEN 0 AND 3),
	since_ms	{int} NOT NULL,
	probed_ms	{int} NOT NULL,		-- -1: never, as below
	probed_mono_ms	{int} NOT NULL,
	good_ms		{int} NOT NULL,
	fails		{int} NOT NULL,
	slows		{int} NOT NULL,
	oks		{int} NOT NULL,
	goods		{int} NOT NULL,
	fails_ms	{int} NOT NULL,
	slows_ms	{int} NOT NULL,
	oks_ms		{int} NOT NULL,
	goods_ms	{int} NOT NULL,
	seen		{int} NOT NULL,
	n_seen		{int} NOT NULL,
	flapping	{int} NOT NULL CHECK (flapping BETWEEN 0 AND 1),
	flaps		{int} NOT NULL,		-- times that it began to
	class		{int} NOT NULL,		-- of the last probe, as below
	http		{int} NOT NULL,
	version		TEXT NOT NULL,
	total_us	{int} NOT NULL,
	cert_ms		{int} NOT NULL,
	signed		{int} NOT NULL,
	rolled_ms	{int} NOT NULL,		-- samples before are added up
	UNIQUE (node_id, family)
) {strict};

-- Reports read many rows of a node at once, so those lie side by side.
CREATE TABLE health_sample (
	node		{int} NOT NULL REFERENCES health_node (id),
	started_ms	{int} NOT NULL,
	mono_ms		{int} NOT NULL,
	finding		{int} NOT NULL CHECK (finding BETWEEN 0 AND 2),
	confirm		{int} NOT NULL CHECK (confirm BETWEEN 0 AND 1),
	offline		{int} NOT NULL CHECK (offline BETWEEN 0 AND 1),
	class		{int} NOT NULL,
	http		{int} NOT NULL,
	version		TEXT,
	ip		TEXT,
	dns_us		{int},
	connect_us	{int},
	tls_us		{int},
	first_us	{int},
	total_us	{int},
	cert_ms		{int},
	signed		{int} NOT NULL,
	sweep_id	TEXT NOT NULL,
	PRIMARY KEY (node, started_ms, confirm)
) {by_key};

-- How often probes failed, by class and for good: samples go.
CREATE TABLE health_failure (
	node		{int} NOT NULL REFERENCES health_node (id),
	class		{int} NOT NULL,
	n		{int} NOT NULL CHECK (n > 0),
	PRIMARY KEY (node, class)
) {strict};

-- Samples of a while added up: counts, and histograms of all phases.
CREATE TABLE health_rollup (
	node		{int} NOT NULL REFERENCES health_node (id),
	width_s		{int} NOT NULL,
	from_ms		{int} NOT NULL,
	ok		{int} NOT NULL,
	slow		{int} NOT NULL,
	failed		{int} NOT NULL,
	total		{bytes} NOT NULL,	-- uptime/latency.h
	phases		{bytes} NOT NULL,	-- the others, each with its length
	PRIMARY KEY (node, width_s, from_ms)
) {by_key};

CREATE TABLE health_change (
	node		{int} NOT NULL REFERENCES health_node (id),
	n		{int} NOT NULL,		-- from 0
	from_state	{int} NOT NULL,
	to_state	{int} NOT NULL,
	effective_ms	{int} NOT NULL,
	decided_ms	{int} NOT NULL,
	cause		{int} NOT NULL,
	class		{int} NOT NULL,
	seq		{int} NOT NULL,		-- of its leaf in the log
	PRIMARY KEY (node, n),
	CHECK (from_state <> to_state)
) {by_key};
CREATE INDEX health_change_at ON health_change (node, effective_ms);

-- From when a node is down until it is up again; what lies between that is
-- unknown is no time of being down.
CREATE TABLE health_incident (
	id		TEXT PRIMARY KEY,
	node		{int} NOT NULL REFERENCES health_node (id),
	began_ms	{int} NOT NULL,
	decided_ms	{int} NOT NULL,
	class		{int} NOT NULL,
	good_ms		{int} NOT NULL,		-- last that was seen up; -1
	ended_ms	{int},
	ended_decided_ms {int},
	CHECK ((ended_ms IS NULL) = (ended_decided_ms IS NULL))
) {strict};
CREATE UNIQUE INDEX health_incident_open ON health_incident (node)
	WHERE ended_ms IS NULL;
CREATE INDEX health_incident_at ON health_incident (node, began_ms);

-- What peers that were asked about it said before a node was called down.
CREATE TABLE health_witness (
	node		{int} NOT NULL REFERENCES health_node (id),
	decided_ms	{int} NOT NULL,
	peer		TEXT NOT NULL CHECK (length(peer) = 64),
	asked_ms	{int} NOT NULL,
	saw		{int} NOT NULL CHECK (saw BETWEEN 0 AND 2),
	class		{int} NOT NULL,
	http		{int} NOT NULL,
	said		TEXT,			-- signed by the peer
	PRIMARY KEY (node, decided_ms, peer)
) {strict};

-- Once, or each week at a time of a zone; each of one node or of all.
CREATE TABLE health_maint (
	id		TEXT PRIMARY KEY,
	node_id		TEXT,			-- NULL: of all
	from_ms		{int} NOT NULL,
	to_ms		{int},			-- NULL: weekly, until ended
	weekday		{int} CHECK (weekday BETWEEN 0 AND 6),
	minute		{int} CHECK (minute BETWEEN 0 AND 1439),
	length_ms	{int} CHECK (length_ms > 0),
	zone		TEXT NOT NULL,
	reason		TEXT NOT NULL,
	made_ms		{int} NOT NULL,
	seq		{int} NOT NULL,		-- of its leaf in the log
	end_seq		{int},			-- of the leaf that ends it
	CHECK ((weekday IS NULL) = (minute IS NULL)),
	CHECK ((weekday IS NULL) = (length_ms IS NULL)),
	CHECK (weekday IS NOT NULL OR to_ms IS NOT NULL)
) {strict};

CREATE TABLE health_sweep (
	n		{int} PRIMARY KEY,	-- as they were taken in: a clock
						-- may be set back
	id		TEXT NOT NULL UNIQUE,
	began_ms	{int} NOT NULL,
	ended_ms	{int} NOT NULL,
	targets		{int} NOT NULL,
	ok		{int} NOT NULL,
	failed		{int} NOT NULL,
	unasked		{int} NOT NULL,		-- its time was over
	offline		{int} NOT NULL CHECK (offline BETWEEN 0 AND 1)
) {strict};
CREATE INDEX health_sweep_at ON health_sweep (ended_ms) WHERE offline = 0;

CREATE TABLE alert_alert (
	id		TEXT PRIMARY KEY,	-- of each attempt to deliver it
	ref		TEXT NOT NULL,
	kind		{int} NOT NULL CHECK (kind BETWEEN 0 AND 8),
	n		{int} NOT NULL CHECK (n >= 0),
	node_id		TEXT,
	owner		TEXT,			-- NULL: the operator
	sweep_id	TEXT,
	data		TEXT NOT NULL,
	made_ms		{int} NOT NULL,
	due_ms		{int} NOT NULL,		-- for the next attempt
	state		TEXT NOT NULL CHECK (state IN ('pending', 'sent',
			'dropped', 'failed')),
	done		{int} NOT NULL DEFAULT 0,	-- ways that it went
	attempts	{int} NOT NULL CHECK (attempts >= 0),
	tried_ms	{int},
	error		TEXT,
	parcel		TEXT,			-- those with one go together
	UNIQUE (ref, kind, n)
) {strict};
CREATE INDEX alert_due ON alert_alert (state, due_ms, id)
	WHERE state IN ('pending', 'failed');
