-- Which of day and month comes first where a date has slashes; NULL: as is usual in the connection's zone.
ALTER TABLE connection ADD COLUMN date_order TEXT CHECK (date_order IN ('m/d', 'd/m'));
