-- name: health_setting_get
SELECT interval_ms, owner, depends, signed FROM health_setting
WHERE node_id = $1;

-- name: health_setting_put
INSERT INTO health_setting (node_id, interval_ms, owner, depends, signed)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (node_id) DO UPDATE SET interval_ms = excluded.interval_ms,
	owner = excluded.owner, depends = excluded.depends,
	signed = excluded.signed;

-- name: health_node_get
SELECT h.id, h.node_id, h.family, h.name, h.url, h.first_ms, h.state,
	h.before, h.since_ms, h.probed_ms, h.probed_mono_ms, h.good_ms,
	h.fails, h.slows, h.oks, h.goods, h.fails_ms, h.slows_ms, h.oks_ms,
	h.goods_ms, h.seen, h.n_seen, h.flapping, h.flaps, h.class, h.http,
	h.version, h.total_us, h.cert_ms, h.signed, s.interval_ms, h.rolled_ms
FROM health_node h LEFT JOIN health_setting s ON s.node_id = h.node_id
WHERE h.node_id = $1 AND h.family = $2;

-- name: health_node_by_row
SELECT h.id, h.node_id, h.family, h.name, h.url, h.first_ms, h.state,
	h.before, h.since_ms, h.probed_ms, h.probed_mono_ms, h.good_ms,
	h.fails, h.slows, h.oks, h.goods, h.fails_ms, h.slows_ms, h.oks_ms,
	h.goods_ms, h.seen, h.n_seen, h.flapping, h.flaps, h.class, h.http,
	h.version, h.total_us, h.cert_ms, h.signed, s.interval_ms, h.rolled_ms
FROM health_node h LEFT JOIN health_setting s ON s.node_id = h.node_id
WHERE h.id = $1;

-- name: health_node_list
SELECT h.id, h.node_id, h.family, h.name, h.url, h.first_ms, h.state,
	h.before, h.since_ms, h.probed_ms, h.probed_mono_ms, h.good_ms,
	h.fails, h.slows, h.oks, h.goods, h.fails_ms, h.slows_ms, h.oks_ms,
	h.goods_ms, h.seen, h.n_seen, h.flapping, h.flaps, h.class, h.http,
	h.version, h.total_us, h.cert_ms, h.signed, s.interval_ms, h.rolled_ms
FROM health_node h LEFT JOIN health_setting s ON s.node_id = h.node_id
ORDER BY h.name, h.node_id, h.family;

-- name: health_node_add
INSERT INTO health_node (node_id, family, name, url, first_ms, state, before,
	since_ms, probed_ms, probed_mono_ms, good_ms, fails, slows, oks,
	goods, fails_ms, slows_ms, oks_ms, goods_ms, seen, n_seen, flapping,
	flaps, class, http, version, total_us, cert_ms, signed, rolled_ms)
VALUES ($1, $2, $3, $4, $5, 0, 0, $5, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, '', -1, 0, 0, $5)
RETURNING id;

-- name: health_node_put
UPDATE health_node SET name = $2, url = $3, state = $4, before = $5,
	since_ms = $6, probed_ms = $7, probed_mono_ms = $8, good_ms = $9,
	fails = $10, slows = $11, oks = $12, goods = $13, fails_ms = $14,
	slows_ms = $15, oks_ms = $16, goods_ms = $17, seen = $18,
	n_seen = $19, flapping = $20, flaps = $21, class = $22, http = $23,
	version = $24, total_us = $25, cert_ms = $26, signed = $27,
	rolled_ms = $28
WHERE id = $1;

-- name: health_sample_add
INSERT INTO health_sample (node, started_ms, mono_ms, finding, confirm,
	offline, class, http, version, ip, dns_us, connect_us, tls_us,
	first_us, total_us, cert_ms, signed, sweep_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
	$16, $17, $18)
ON CONFLICT (node, started_ms, confirm) DO NOTHING;

-- name: health_change_add
INSERT INTO health_change (node, n, from_state, to_state, effective_ms,
	decided_ms, cause, class, seq)
SELECT $1, coalesce(max(n) + 1, 0), $2, $3, $4, $5, $6, $7, $8
FROM health_change WHERE node = $1;

-- name: health_change_list
SELECT n, from_state, to_state, effective_ms, decided_ms, cause, class, seq
FROM health_change
WHERE node = $1 AND n >= coalesce((SELECT n FROM health_change
	WHERE node = $1 AND effective_ms <= $2
	ORDER BY effective_ms DESC, n DESC LIMIT 1), 0)
ORDER BY n;

-- name: health_change_class
SELECT class FROM health_change WHERE node = $1 AND to_state = 3
ORDER BY n DESC LIMIT 1;

-- name: health_sample_good
SELECT started_ms FROM health_sample
WHERE node = $1 AND started_ms < $2 AND finding < 2 AND offline = 0
ORDER BY started_ms DESC LIMIT 1;

-- name: health_change_all
SELECT h.id, c.to_state, c.effective_ms
FROM health_node h JOIN health_change c ON c.node = h.id
	AND c.n >= coalesce((SELECT p.n FROM health_change p
		WHERE p.node = h.id AND p.effective_ms <= $1
		ORDER BY p.effective_ms DESC, p.n DESC LIMIT 1), 0)
WHERE c.effective_ms < $2
ORDER BY h.id, c.n;

-- name: health_incident_add
INSERT INTO health_incident (id, node, began_ms, decided_ms, class, good_ms)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: health_incident_end
UPDATE health_incident SET ended_ms = $2, ended_decided_ms = $3
WHERE id = $1;

-- name: health_incident_open
SELECT id, node, began_ms, decided_ms, class, good_ms, ended_ms,
	ended_decided_ms
FROM health_incident WHERE node = $1 AND ended_ms IS NULL;

-- name: health_incident_range
SELECT id, node, began_ms, decided_ms, class, good_ms, ended_ms,
	ended_decided_ms
FROM health_incident WHERE id >= $1 AND id < $2 ORDER BY id LIMIT 2;

-- name: health_incident_list
SELECT id, node, began_ms, decided_ms, class, good_ms, ended_ms,
	ended_decided_ms
FROM health_incident
WHERE node = $1 AND began_ms < $3 AND (ended_ms IS NULL OR ended_ms > $2)
ORDER BY began_ms, id;

-- name: health_incident_all
SELECT id, node, began_ms, decided_ms, class, good_ms, ended_ms,
	ended_decided_ms
FROM health_incident
WHERE began_ms < $2 AND (ended_ms IS NULL OR ended_ms > $1)
ORDER BY began_ms, id;

-- name: health_incident_count
SELECT node, count(*) FROM health_incident
WHERE began_ms < $2 AND (ended_ms IS NULL OR ended_ms > $1)
GROUP BY node ORDER BY node;

-- name: health_maint_add
INSERT INTO health_maint (id, node_id, from_ms, to_ms, weekday, minute,
	length_ms, zone, reason, made_ms, seq)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: health_maint_end
UPDATE health_maint SET to_ms = CASE WHEN from_ms > $2 THEN from_ms
	ELSE $2 END, end_seq = $3
WHERE id = $1 AND (to_ms IS NULL OR to_ms > $2);

-- name: health_maint_list
SELECT id, node_id, from_ms, to_ms, weekday, minute, length_ms, zone, reason,
	made_ms, seq, end_seq
FROM health_maint WHERE to_ms IS NULL OR to_ms > $1
ORDER BY from_ms, id;

-- name: health_sweep_add
INSERT INTO health_sweep (n, id, began_ms, ended_ms, targets, ok, failed,
	unasked, offline)
SELECT coalesce(max(n) + 1, 0), $1, $2, $3, $4, $5, $6, $7, $8
FROM health_sweep;

-- name: health_sweep_known
SELECT 1 FROM health_sweep WHERE id = $1;

-- name: health_sweep_forget
DELETE FROM health_sweep WHERE ended_ms < $1 AND offline = 0;

-- name: health_sweep_last
SELECT ended_ms FROM health_sweep WHERE offline = 0 ORDER BY n DESC LIMIT 1;

-- name: health_sweep_newest
SELECT began_ms, ended_ms, targets, ok, failed, unasked, offline
FROM health_sweep ORDER BY n DESC LIMIT 1;

-- name: health_sweep_get
SELECT began_ms, ended_ms, unasked, offline FROM health_sweep WHERE id = $1;

-- name: health_sample_all
SELECT h.node_id, h.family, h.url, s.started_ms, s.mono_ms, s.finding,
	s.confirm, s.class, s.http, s.version, s.ip, s.dns_us, s.connect_us,
	s.tls_us, s.first_us, s.total_us, s.cert_ms, s.signed, s.sweep_id
FROM health_sample s JOIN health_node h ON h.id = s.node
	LEFT JOIN health_sweep w ON w.id = s.sweep_id
ORDER BY coalesce(w.n, -1), s.sweep_id, h.id, s.started_ms, s.confirm;

-- name: health_sample_of
SELECT h.node_id, h.family, h.url, s.started_ms, s.mono_ms, s.finding,
	s.confirm, s.class, s.http, s.version, s.ip, s.dns_us, s.connect_us,
	s.tls_us, s.first_us, s.total_us, s.cert_ms, s.signed, s.sweep_id,
	s.offline
FROM health_sample s JOIN health_node h ON h.id = s.node
WHERE s.node = $1 AND s.started_ms >= $2 AND s.started_ms < $3
ORDER BY s.started_ms, s.confirm;

-- name: health_failure_add
INSERT INTO health_failure (node, class, n) VALUES ($1, $2, 1)
ON CONFLICT (node, class) DO UPDATE SET n = health_failure.n + 1;

-- name: health_failure_list
SELECT class, n FROM health_failure WHERE node = $1 ORDER BY class;

-- name: health_sample_last
SELECT finding, dns_us, connect_us, tls_us, first_us, total_us
FROM health_sample WHERE node = $1 ORDER BY started_ms DESC, confirm DESC
LIMIT 1;

-- name: health_sample_sum
SELECT finding, class, total_us, dns_us, connect_us, tls_us, first_us
FROM health_sample
WHERE node = $1 AND started_ms >= $2 AND started_ms < $3 AND confirm = 0
	AND offline = 0;

-- name: health_sample_sum_all
WITH piece (from_ms, to_ms) AS (VALUES ($1, $2), ($3, $4))
SELECT s.finding, s.class, s.total_us, s.dns_us, s.connect_us, s.tls_us,
	s.first_us, h.id
FROM health_node h CROSS JOIN piece p JOIN health_sample s ON s.node = h.id
	AND s.started_ms >= p.from_ms AND s.started_ms < p.to_ms
WHERE s.confirm = 0 AND s.offline = 0
ORDER BY h.id;

-- name: health_sample_next
SELECT started_ms FROM health_sample
WHERE node = $1 AND started_ms >= $2 AND confirm = 0 AND offline = 0
ORDER BY started_ms LIMIT 1;

-- name: health_sample_forget
DELETE FROM health_sample WHERE node = $1 AND started_ms < $2;

-- name: health_rollup_add
INSERT INTO health_rollup (node, width_s, from_ms, ok, slow, failed, total,
	phases)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (node, width_s, from_ms) DO UPDATE SET ok = excluded.ok,
	slow = excluded.slow, failed = excluded.failed,
	total = excluded.total, phases = excluded.phases;

-- name: health_rollup_list
SELECT ok, slow, failed, total, phases FROM health_rollup
WHERE node = $1 AND width_s = $2 AND from_ms >= $3 AND from_ms < $4;

-- name: health_rollup_next
SELECT from_ms FROM health_rollup
WHERE node = $1 AND width_s = $3 AND from_ms >= $2
ORDER BY from_ms LIMIT 1;

-- name: health_rollup_all
WITH piece (width_s, from_ms, to_ms) AS (VALUES ($1, $2, $3), ($4, $5, $6),
	($7, $8, $9), ($10, $11, $12), ($13, $14, $15), ($16, $17, $18),
	($19, $20, $21))
SELECT r.ok, r.slow, r.failed, r.total, r.phases, h.id
FROM health_node h CROSS JOIN piece p JOIN health_rollup r ON r.node = h.id
	AND r.width_s = p.width_s AND r.from_ms >= p.from_ms
	AND r.from_ms < p.to_ms
ORDER BY h.id;

-- name: health_rollup_forget
DELETE FROM health_rollup WHERE node = $1 AND width_s = $2 AND from_ms < $3;

-- name: health_stats
SELECT (SELECT count(*) FROM health_node),
	(SELECT count(*) FROM health_sample),
	(SELECT count(*) FROM health_change),
	(SELECT count(*) FROM health_incident),
	(SELECT count(*) FROM health_sweep),
	(SELECT coalesce(sum(length(sweep_id) + coalesce(length(ip), 0) +
		coalesce(length(version), 0)), 0) FROM health_sample),
	(SELECT coalesce(min(first_ms), 0) FROM health_node),
	(SELECT count(*) FROM health_witness),
	(SELECT coalesce(sum(length(said)), 0) FROM health_witness);

-- name: health_stats_rollup
SELECT width_s, count(*), sum(length(total) + length(phases))
FROM health_rollup GROUP BY width_s;

-- name: health_node_news
SELECT state, since_ms, flapping, cert_ms FROM health_node WHERE id = $1;

-- name: health_witness_add
INSERT INTO health_witness (node, decided_ms, peer, asked_ms, saw, class,
	http, said)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (node, decided_ms, peer) DO NOTHING;

-- name: health_witness_list
SELECT decided_ms, peer, asked_ms, saw, class, http, said
FROM health_witness
WHERE node = $1 AND decided_ms <= $3 AND decided_ms >= coalesce((
	SELECT decided_ms FROM health_change
	WHERE node = $1 AND to_state = 3 AND decided_ms <= $2
	ORDER BY n DESC LIMIT 1), $2)
ORDER BY decided_ms, peer;
