-- Tells the file from other programs' databases: "iHok".
PRAGMA application_id = 1766354795;

-- When the run's content was erased at someone's request; the row itself stays as evidence.
ALTER TABLE run ADD COLUMN erased_at INTEGER;

-- Retention takes those first that ended first.
CREATE INDEX run_finished ON run (finished_at) WHERE finished_at IS NOT NULL;
