-- Members may also be suspended or marked for deletion, as records left over from a merge are.
CREATE TABLE party_new (
  id TEXT PRIMARY KEY,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  full_name TEXT NOT NULL,
  email TEXT,
  city TEXT NOT NULL,
  organization INTEGER NOT NULL CHECK (organization IN (0, 1)),
  status TEXT NOT NULL CHECK (status IN ('A', 'I', 'S', 'D')),
  uniform_id TEXT NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;
INSERT INTO party_new SELECT * FROM party;
DROP TABLE party;
ALTER TABLE party_new RENAME TO party;
UPDATE party SET status = 'S' WHERE id = '10120';
UPDATE party SET status = 'D' WHERE id = '10440';
