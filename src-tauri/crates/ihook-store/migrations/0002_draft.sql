-- What an editor has not saved yet: it outlives a crash of the program. One row for each open editor.
CREATE TABLE draft (
  editor TEXT PRIMARY KEY,
  -- NULL for a workflow that was never saved.
  workflow_id BLOB REFERENCES workflow (id),
  -- The version it was edited from; 0 for a workflow that was never saved.
  base INTEGER NOT NULL,
  file TEXT NOT NULL,
  saved_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX draft_by_workflow ON draft (workflow_id, saved_at);
