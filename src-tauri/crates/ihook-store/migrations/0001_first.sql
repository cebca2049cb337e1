-- Times are milliseconds since 1970-01-01 UTC. Identifiers are 16-byte UUIDs (version 7).

CREATE TABLE workflow (
  id BLOB PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('draft', 'active', 'paused', 'disabled', 'archived')),
  published INTEGER NOT NULL DEFAULT 0,
  latest INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  -- A deleted workflow keeps its row: its runs stay readable as evidence.
  deleted_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE version (
  workflow_id BLOB NOT NULL REFERENCES workflow (id),
  number INTEGER NOT NULL,
  file TEXT NOT NULL,
  saved_at INTEGER NOT NULL,
  PRIMARY KEY (workflow_id, number)
) STRICT, WITHOUT ROWID;

-- Only the SHA-256 of a hook token; the URL itself is a secret of the secret store.
CREATE TABLE token (
  hash BLOB PRIMARY KEY,
  workflow_id BLOB NOT NULL REFERENCES workflow (id),
  -- Set on the replaced token during an overlap; NULL for the present one.
  valid_until INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
  -- Order of arrival.
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id BLOB NOT NULL UNIQUE,
  workflow_id BLOB NOT NULL REFERENCES workflow (id),
  version INTEGER NOT NULL,
  connection TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'waiting', 'inDoubt', 'held',
    'succeeded', 'failed', 'rejected', 'stopped', 'cancelled')),
  -- 0 a live delivery, 1 a rerun: live deliveries go first.
  lane INTEGER NOT NULL DEFAULT 0,
  received_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  rerun_of BLOB,
  -- When a waiting or in-doubt run goes on; NULL while it waits for a person or a connection.
  resume_at INTEGER,
  waiting_reason TEXT,
  error_action TEXT,
  error_code TEXT,
  error_message TEXT,
  -- Whether the search index has taken the payload in.
  indexed INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX run_by_workflow ON run (workflow_id, seq);
CREATE INDEX run_queue ON run (connection, workflow_id, lane, seq) WHERE status = 'queued';
CREATE INDEX run_open ON run (connection, status, resume_at) WHERE status IN ('running', 'waiting', 'inDoubt', 'held');
CREATE INDEX run_look ON run (status, seq) WHERE status IN ('failed', 'rejected', 'held', 'inDoubt', 'cancelled', 'stopped');
CREATE INDEX run_reruns ON run (rerun_of) WHERE rerun_of IS NOT NULL;
CREATE INDEX run_unindexed ON run (seq) WHERE indexed = 0;

-- Apart from run, so that lists never read bodies.
CREATE TABLE payload (
  run_seq INTEGER PRIMARY KEY REFERENCES run (seq),
  body TEXT NOT NULL,
  metadata TEXT
) STRICT;

CREATE TABLE step (
  -- run_seq * 2^20 + position: the steps of a run lie together in one tree.
  id INTEGER PRIMARY KEY,
  action_id TEXT NOT NULL,
  type TEXT NOT NULL,
  name TEXT NOT NULL,
  item INTEGER,
  status TEXT NOT NULL CHECK (status IN ('running', 'waiting', 'inDoubt', 'held', 'succeeded', 'failed', 'skipped',
    'carried')),
  started_at INTEGER NOT NULL,
  finished_at INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  -- What is about to be written and where, durable before the request leaves.
  intent TEXT,
  request TEXT,
  response TEXT,
  output TEXT,
  output_property TEXT,
  error TEXT,
  record_key TEXT,
  -- When a person had the record deleted again.
  undone_at INTEGER
) STRICT;

CREATE INDEX step_record ON step (record_key) WHERE record_key IS NOT NULL;

-- Values of payloads, lower-cased and cut, for search by a whole value or its beginning.
CREATE TABLE term (
  value TEXT NOT NULL,
  run_seq INTEGER NOT NULL,
  PRIMARY KEY (value, run_seq)
) STRICT, WITHOUT ROWID;

-- Counts per minute and workflow, kept as they happen, so that charts never scan runs.
CREATE TABLE minute (
  minute INTEGER NOT NULL,
  workflow_id BLOB NOT NULL,
  received INTEGER NOT NULL DEFAULT 0,
  succeeded INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  rejected INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (minute, workflow_id)
) STRICT, WITHOUT ROWID;

-- Requests that made no run, with the reason.
CREATE TABLE delivery (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id BLOB NOT NULL UNIQUE,
  at INTEGER NOT NULL,
  workflow_id BLOB,
  status INTEGER NOT NULL,
  reason TEXT NOT NULL,
  remote_ip TEXT NOT NULL,
  content_type TEXT,
  bytes INTEGER NOT NULL,
  body BLOB
) STRICT;

CREATE TABLE connection (
  name TEXT PRIMARY KEY,
  base_url TEXT NOT NULL,
  username TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  max_concurrent INTEGER NOT NULL CHECK (max_concurrent BETWEEN 1 AND 64),
  writes_per_minute INTEGER CHECK (writes_per_minute > 0)
) STRICT, WITHOUT ROWID;

-- What a site said about its activity types and panels, as JSON, so that editing works offline.
CREATE TABLE metadata (
  connection TEXT PRIMARY KEY,
  json TEXT NOT NULL,
  fetched_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;

-- Keys of deliveries that were taken; outlives the runs for the window the workflow asks for.
CREATE TABLE idempotency (
  workflow_id BLOB NOT NULL,
  hash BLOB NOT NULL,
  body BLOB NOT NULL,
  run_id BLOB NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (workflow_id, hash)
) STRICT, WITHOUT ROWID;

CREATE INDEX idempotency_expiry ON idempotency (expires_at);
