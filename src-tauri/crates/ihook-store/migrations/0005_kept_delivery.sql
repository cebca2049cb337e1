-- Bodies of refused requests, apart from delivery, so that lists never read them and their size is known.
CREATE TABLE kept_delivery (
  delivery_seq INTEGER PRIMARY KEY REFERENCES delivery (seq) ON DELETE CASCADE,
  body BLOB NOT NULL,
  -- The metadata object, as payload has it.
  metadata TEXT
) STRICT;

INSERT INTO kept_delivery (delivery_seq, body) SELECT seq, body FROM delivery WHERE body IS NOT NULL;

-- Bytes kept of the body; 0: the body is not kept.
ALTER TABLE delivery ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;
-- How many requests the entry stands for: a flood is summed up.
ALTER TABLE delivery ADD COLUMN times INTEGER NOT NULL DEFAULT 1;
-- The run that was made of it later.
ALTER TABLE delivery ADD COLUMN released_run BLOB;

UPDATE delivery SET kept = length(body) WHERE body IS NOT NULL;
ALTER TABLE delivery DROP COLUMN body;

CREATE INDEX delivery_kept ON delivery (seq, kept) WHERE kept > 0;
CREATE INDEX delivery_plain ON delivery (seq) WHERE kept = 0;
