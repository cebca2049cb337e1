-- A loop over very many items used to run over into the steps of the run behind it, which then counted as done.
-- A run that was never begun has no steps of its own yet, save those that were carried over from the run it repeats.
DELETE FROM step WHERE id IN (
  SELECT step.id FROM run
  JOIN step ON step.id >= run.seq * 1048576 AND step.id < (run.seq + 1) * 1048576
  WHERE run.status = 'queued' AND run.started_at IS NULL AND run.rerun_of IS NULL);
