CREATE TABLE store_meta (
k       TEXT PRIMARY KEY,
v       INTEGER NOT NULL
) STRICT;
INSERT INTO store_meta (k, v) VALUES ('fence', 0);
CREATE TABLE ledger_unit (
id      INTEGER PRIMARY KEY CHECK (id > 0),
code    TEXT NOT NULL UNIQUE,
scale   INTEGER NOT NULL CHECK (scale BETWEEN 0 AND 18)
) STRICT;
CREATE TABLE ledger_account (
id      INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 2147483647),
name    TEXT NOT NULL,
unit_id INTEGER NOT NULL REFERENCES ledger_unit (id),
lo      INTEGER,
hi      INTEGER,
closed  INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1)),
cr      INTEGER NOT NULL DEFAULT 0,
dr      INTEGER NOT NULL DEFAULT 0,
pcr     INTEGER NOT NULL DEFAULT 0,
pdr     INTEGER NOT NULL DEFAULT 0,
legs    INTEGER NOT NULL DEFAULT 0,
UNIQUE (name, unit_id),
CHECK (cr >= 0 AND dr >= 0 AND pcr >= 0 AND pdr >= 0 AND legs >= 0),
CHECK (lo IS NULL OR cr - dr - pdr >= lo),
CHECK (hi IS NULL OR cr - dr + pcr <= hi)
) STRICT;
CREATE TABLE ledger_entry (
seq     INTEGER PRIMARY KEY CHECK (seq >= 0),
id      TEXT NOT NULL UNIQUE,
leaf    BLOB NOT NULL CHECK (length(leaf) BETWEEN 1 AND 65535)
) STRICT;
CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'ledger_entry is append-only'); END;
CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'ledger_entry is append-only'); END;
CREATE TABLE ledger_memo (
seq     INTEGER PRIMARY KEY REFERENCES ledger_entry (seq),
salt    BLOB NOT NULL CHECK (length(salt) = 16),
memo    TEXT NOT NULL
) STRICT;
CREATE TABLE ledger_checkpoint (
size    INTEGER PRIMARY KEY CHECK (size >= 0),
at_ms   INTEGER NOT NULL,
root    BLOB NOT NULL CHECK (length(root) = 32),
note    TEXT NOT NULL
) STRICT;
CREATE TRIGGER ledger_checkpoint_no_update BEFORE UPDATE ON ledger_checkpoint BEGIN SELECT RAISE(ABORT, 'ledger_checkpoint is append-only'); END;
CREATE TRIGGER ledger_checkpoint_no_delete BEFORE DELETE ON ledger_checkpoint BEGIN SELECT RAISE(ABORT, 'ledger_checkpoint is append-only'); END;
CREATE TABLE ledger_cosig (
size    INTEGER NOT NULL REFERENCES ledger_checkpoint (size),
name    TEXT NOT NULL,
line    TEXT NOT NULL,
PRIMARY KEY (size, name)
) STRICT;
CREATE TRIGGER ledger_cosig_no_update BEFORE UPDATE ON ledger_cosig BEGIN SELECT RAISE(ABORT, 'ledger_cosig is append-only'); END;
CREATE TRIGGER ledger_cosig_no_delete BEFORE DELETE ON ledger_cosig BEGIN SELECT RAISE(ABORT, 'ledger_cosig is append-only'); END;
CREATE TABLE ledger_tile (
pos     INTEGER PRIMARY KEY CHECK (pos >= 0),
root    BLOB NOT NULL CHECK (length(root) = 32),
hashes  BLOB NOT NULL CHECK (length(hashes) = 8192)
) STRICT;
CREATE TABLE ledger_head (
k       INTEGER PRIMARY KEY CHECK (k = 1),
size    INTEGER NOT NULL,
root    BLOB NOT NULL CHECK (length(root) = 32),
edge    BLOB NOT NULL,
at_ms   INTEGER NOT NULL,
posted  INTEGER NOT NULL CHECK (posted <= size)
) STRICT;
CREATE TABLE ledger_posting (
key     INTEGER PRIMARY KEY,
seq     INTEGER NOT NULL,
amount  INTEGER NOT NULL,
balance INTEGER NOT NULL
) STRICT;
CREATE TABLE ledger_reversal (
target  INTEGER PRIMARY KEY,
seq     INTEGER NOT NULL UNIQUE
) STRICT;
CREATE TABLE once_answer (
scope           TEXT NOT NULL,
key             TEXT NOT NULL,
request         BLOB NOT NULL CHECK (length(request) = 32),
answer          TEXT NOT NULL,
made_ms         INTEGER NOT NULL,
PRIMARY KEY (scope, key)
) STRICT;
CREATE TABLE node_node (
id              TEXT PRIMARY KEY,
realm           TEXT NOT NULL CHECK (realm IN ('production', 'sandbox')),
active          INTEGER NOT NULL CHECK (active IN (0, 1)),
made_ms         INTEGER NOT NULL
) STRICT;
CREATE TABLE node_challenge (
node_id         TEXT PRIMARY KEY,
id              TEXT NOT NULL,
payload         TEXT NOT NULL,
tries           INTEGER NOT NULL CHECK (tries >= 0),
made_ms         INTEGER NOT NULL
) STRICT;
CREATE TABLE market_skill (
id              TEXT PRIMARY KEY,
node_id         TEXT NOT NULL REFERENCES node_node (id),
type            TEXT NOT NULL CHECK (type IN ('SKILL_OFFER', 'TASK_BOUNTY')),
label           TEXT NOT NULL,
category        TEXT,
unit            TEXT NOT NULL,
price_minor     INTEGER NOT NULL CHECK (price_minor > 0),
metadata        TEXT NOT NULL,
made_ms         INTEGER NOT NULL,
retired_ms      INTEGER
) STRICT;
CREATE TABLE escrow_escrow (
id              TEXT PRIMARY KEY,
buyer_id        TEXT NOT NULL REFERENCES node_node (id),
seller_id       TEXT NOT NULL REFERENCES node_node (id),
unit            TEXT NOT NULL,
amount_minor    INTEGER NOT NULL CHECK (amount_minor > 0),
tax_bp          INTEGER NOT NULL,
state           TEXT NOT NULL CHECK (state IN ('PENDING',
'AWAITING_SETTLEMENT', 'DISPUTED', 'SETTLED', 'REFUNDED')),
verdict         TEXT,
reason          TEXT,
reasoning       TEXT,
made_ms         INTEGER NOT NULL,
refund_ms       INTEGER NOT NULL,
settle_ms       INTEGER,
disputed_ms     INTEGER,
closed_ms       INTEGER,
CHECK (buyer_id <> seller_id),
CHECK ((closed_ms IS NULL) = (state IN ('PENDING',
'AWAITING_SETTLEMENT', 'DISPUTED')))
) STRICT;
CREATE INDEX escrow_due_refund ON escrow_escrow (refund_ms, id)
WHERE state = 'PENDING';
CREATE INDEX escrow_due_settle ON escrow_escrow (settle_ms, id)
WHERE state IN ('AWAITING_SETTLEMENT', 'DISPUTED');
CREATE INDEX escrow_open ON escrow_escrow (buyer_id)
WHERE closed_ms IS NULL;
CREATE TABLE escrow_task (
id              TEXT PRIMARY KEY,
escrow_id       TEXT NOT NULL UNIQUE REFERENCES escrow_escrow (id),
skill_id        TEXT NOT NULL REFERENCES market_skill (id),
contract        TEXT NOT NULL,
label           TEXT NOT NULL,
state           TEXT NOT NULL CHECK (state IN ('OPEN', 'IN_PROGRESS',
'COMPLETED', 'DISPUTED', 'REFUNDED')),
input           TEXT NOT NULL,
output          TEXT,
output_sha256   TEXT,
claimed_ms      INTEGER,
completed_ms    INTEGER
) STRICT;
CREATE VIEW escrow_trade AS
SELECT t.id, t.escrow_id, t.skill_id, e.buyer_id, e.seller_id, e.unit,
e.amount_minor, e.tax_bp, t.state, e.state AS escrow_state, t.label,
t.input, t.output, t.output_sha256, e.verdict, e.reason, e.reasoning,
e.made_ms, e.refund_ms, e.settle_ms, t.claimed_ms, t.completed_ms,
e.disputed_ms, e.closed_ms
FROM escrow_task t JOIN escrow_escrow e ON e.id = t.escrow_id;
CREATE TABLE card_peer (
node_id         TEXT PRIMARY KEY CHECK (length(node_id) = 64),
key             BLOB NOT NULL CHECK (length(key) = 32),
name            TEXT NOT NULL,
endpoint        TEXT NOT NULL,
card            TEXT,
issued_ms       INTEGER,
state           TEXT NOT NULL CHECK (state IN ('pending', 'pinned', 'revoked')),
reason          TEXT,
moved_to        TEXT,
proof           TEXT,
made_ms         INTEGER NOT NULL,
changed_ms      INTEGER NOT NULL,
pinned_ms       INTEGER,
revoked_ms      INTEGER,
CHECK ((card IS NULL) = (issued_ms IS NULL)),
CHECK (state <> 'pinned' OR pinned_ms IS NOT NULL),
CHECK ((state = 'revoked') = (revoked_ms IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX card_peer_name ON card_peer (name)
WHERE state <> 'revoked' AND moved_to IS NULL;
CREATE INDEX card_peer_endpoint ON card_peer (endpoint)
WHERE state <> 'revoked' AND moved_to IS NULL;
CREATE TABLE sig_nonce (
key_id          TEXT NOT NULL,
nonce           TEXT NOT NULL,
until_ms        INTEGER NOT NULL,
PRIMARY KEY (key_id, nonce)
) STRICT;
CREATE INDEX sig_nonce_until ON sig_nonce (until_ms);

