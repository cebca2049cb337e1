-- How often a person decided something about the run, or something was learned of it after its end. What was
-- prepared while it was another number is out of date.
ALTER TABLE run ADD COLUMN decisions INTEGER NOT NULL DEFAULT 0;

-- When a person began to have the step's record deleted; NULL again once that is known to have failed. Durable before
-- the request leaves, like the intent of an insert.
ALTER TABLE step ADD COLUMN undo_since INTEGER;

-- What was decided about one thing, newest first.
CREATE INDEX audit_by_subject ON audit (subject, seq);
