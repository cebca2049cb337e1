-- For which way of proving itself the sender's secret was set; NULL where none was. The secret itself is in the
-- keyring. Of those set until now nobody kept what they were for.
ALTER TABLE workflow ADD COLUMN sender_proof TEXT;

UPDATE workflow SET sender_proof = 'unknown';
