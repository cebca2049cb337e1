-- Runs that were found executing our own code for long without finishing a step. Nothing is written for others.
CREATE TABLE long_work (
  run_seq INTEGER PRIMARY KEY,
  -- It is doing so now, or was when the program ended.
  is_open INTEGER NOT NULL,
  -- At how many ends of the program in a row, and how many steps it had finished by the last of them.
  ends INTEGER NOT NULL DEFAULT 0,
  steps INTEGER NOT NULL DEFAULT 0
) STRICT;
