-- The search index takes payloads in as they arrived: it has everything up to this run. One row.
CREATE TABLE term_reach (run_seq INTEGER NOT NULL) STRICT;

INSERT INTO term_reach
  SELECT coalesce((SELECT min(seq) - 1 FROM run WHERE indexed = 0), (SELECT max(seq) FROM run), 0);

-- A mark at each run cost a delivery an entry in an index and its row a second writing.
DROP INDEX run_unindexed;
ALTER TABLE run DROP COLUMN indexed;
