-- What the sandbox keeps. Properties are JSON objects of plain values by column name.
CREATE TABLE party (
  id TEXT PRIMARY KEY,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  full_name TEXT NOT NULL,
  email TEXT,
  city TEXT NOT NULL,
  organization INTEGER NOT NULL CHECK (organization IN (0, 1)),
  status TEXT NOT NULL CHECK (status IN ('A', 'I')),
  uniform_id TEXT NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

-- AUTOINCREMENT: the number of a deleted activity is never given again.
CREATE TABLE activity (
  seqn INTEGER PRIMARY KEY AUTOINCREMENT,
  party_id TEXT NOT NULL,
  activity_type TEXT NOT NULL,
  properties TEXT NOT NULL
) STRICT;
CREATE INDEX activity_by_party ON activity (party_id, activity_type);

CREATE TABLE panel_row (
  panel TEXT NOT NULL,
  party_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  properties TEXT NOT NULL,
  PRIMARY KEY (panel, party_id, ordinal)
) STRICT, WITHOUT ROWID;

-- Every insert that was asked for, with the sandbox's own clock, whatever the caller was told.
CREATE TABLE ledger (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at_us INTEGER NOT NULL,
  entity TEXT NOT NULL,
  party_id TEXT NOT NULL,
  record_key TEXT,
  committed INTEGER NOT NULL CHECK (committed IN (0, 1)),
  status INTEGER,
  note TEXT NOT NULL,
  properties TEXT NOT NULL
) STRICT;
