-- What a run looked for before it writes (a digest), and whether it holds that or waits for the run that does.
-- Runs that look for the same on one connection go one after the other.
ALTER TABLE run ADD COLUMN guard BLOB;
ALTER TABLE run ADD COLUMN guard_held INTEGER NOT NULL DEFAULT 0 CHECK (guard_held IN (0, 1));
CREATE INDEX run_guard ON run (connection, guard) WHERE guard IS NOT NULL
  AND status IN ('queued', 'running', 'waiting', 'inDoubt', 'held');
