import type { Migration } from '../migrate'

/**
 * What is to be done at a provider, written in the transaction that decided it. `seq` is the order of deciding, `id` the idempotency key.
 * Rows hold ids only and are kept: a finished one proves that its key was used.
 */
export const outbox: Migration = {
  version: 9,
  name: 'outbox',
  up: `
    CREATE TABLE outbox (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      business_id TEXT NOT NULL REFERENCES business (id),
      kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 60),
      subject_id TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('waiting', 'paused', 'pending', 'done', 'declined')),
      attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
      next_at INTEGER NOT NULL,
      first_attempt_at INTEGER,
      last_problem TEXT,
      created_at INTEGER NOT NULL,
      finished_at INTEGER,
      CHECK ((finished_at IS NULL) = (state IN ('waiting', 'paused'))),
      CHECK (attempts = 0 OR first_attempt_at IS NOT NULL),
      CHECK (state <> 'paused' OR last_problem IS NOT NULL)
    ) STRICT;

    CREATE INDEX outbox_due ON outbox (next_at, seq) WHERE state = 'waiting';
    CREATE INDEX outbox_by_subject ON outbox (business_id, subject_id, seq);

    CREATE TRIGGER outbox_is_kept BEFORE DELETE ON outbox
    BEGIN SELECT RAISE(ABORT, 'what was sent to a provider is kept'); END;

    CREATE TRIGGER outbox_identity_is_fixed BEFORE UPDATE ON outbox
    WHEN NEW.seq IS NOT OLD.seq OR NEW.id IS NOT OLD.id OR NEW.business_id IS NOT OLD.business_id OR NEW.kind IS NOT OLD.kind
      OR NEW.subject_id IS NOT OLD.subject_id OR NEW.created_at IS NOT OLD.created_at
      OR (OLD.first_attempt_at IS NOT NULL AND NEW.first_attempt_at IS NOT OLD.first_attempt_at)
    BEGIN SELECT RAISE(ABORT, 'an outbox row keeps its identity and its first attempt'); END;

    CREATE TRIGGER outbox_end_is_final BEFORE UPDATE OF state ON outbox
    WHEN OLD.state IN ('pending', 'done', 'declined') AND NEW.state IS NOT OLD.state
    BEGIN SELECT RAISE(ABORT, 'an ended outbox row stays ended'); END;
  `,
}
