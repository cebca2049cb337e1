-- What a connection leads to, so that nobody takes a live site for a test one. Live unless said otherwise.
ALTER TABLE connection ADD COLUMN kind TEXT NOT NULL DEFAULT 'live' CHECK (kind IN ('sandbox', 'test', 'live'));
UPDATE connection SET kind = 'sandbox' WHERE name = 'sandbox';
