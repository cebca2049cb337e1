-- The search index in blocks of 8,192 runs that arrived one after the other. Lists are newest first: a block is
-- searched, and the next one only when that was not enough, whatever number of runs has what is looked for.
CREATE TABLE search (
  block INTEGER NOT NULL,
  -- A value of the payload, folded and cut.
  value TEXT NOT NULL,
  run_seq INTEGER NOT NULL,
  PRIMARY KEY (block, value, run_seq)
) STRICT, WITHOUT ROWID;

-- The same values by run, each behind a line break: to look into one run, and to forget it.
CREATE TABLE search_values (
  run_seq INTEGER PRIMARY KEY,
  texts TEXT NOT NULL
) STRICT;

-- What is in the index: every run after low, up to high. Older ones are taken in again, behind the new ones: their
-- values were folded in another way. One row.
CREATE TABLE search_reach (high INTEGER NOT NULL, low INTEGER NOT NULL) STRICT;
INSERT INTO search_reach SELECT newest, newest FROM (SELECT coalesce(max(seq), 0) AS newest FROM run);

DROP TABLE term;
DROP TABLE term_reach;

-- Of blocks that are full: when the first and the last of their deliveries came, and of their reruns, which keep the
-- time of the delivery that they repeat. NULL where there are none.
CREATE TABLE block (
  number INTEGER PRIMARY KEY,
  first_at INTEGER,
  last_at INTEGER,
  first_rerun_at INTEGER,
  last_rerun_at INTEGER
) STRICT;
INSERT INTO block
  SELECT seq >> 13,
    min(received_at) FILTER (WHERE lane = 0), max(received_at) FILTER (WHERE lane = 0),
    min(received_at) FILTER (WHERE lane = 1), max(received_at) FILTER (WHERE lane = 1)
  FROM run WHERE seq >> 13 < (SELECT max(seq) >> 13 FROM run) GROUP BY 1;

-- Waiting runs may be as many as failed ones: they are listed in order too. The cause is there to be asked for.
DROP INDEX run_look;
CREATE INDEX run_look ON run (status, seq, error_code)
  WHERE status IN ('waiting', 'failed', 'rejected', 'held', 'inDoubt', 'cancelled', 'stopped');

-- Reruns may have come at any time, wherever they stand: what a list asks of them is in the index.
CREATE INDEX run_reruns_in_order ON run (seq, received_at, status, workflow_id) WHERE lane = 1;
