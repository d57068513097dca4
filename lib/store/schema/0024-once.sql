-- Step 24: with which status the first answer went out.

ALTER TABLE once_answer ADD COLUMN status {int} NOT NULL DEFAULT 200;
