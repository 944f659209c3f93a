import type { Migration } from '../migrate'

/**
 * What stands around the items of the vault: who used them, each use proved by a row of the audit log; their files, sealed in chunks
 * under a key of their own (a file is staged until all of it is there; one that was detached has lost its key); which warnings were given.
 */
export const secrets: Migration = {
  version: 11,
  name: 'secrets',
  up: `
    CREATE TABLE secret_use (
      seq INTEGER PRIMARY KEY,
      secret_id TEXT NOT NULL REFERENCES secret (id),
      at INTEGER NOT NULL,
      actor TEXT NOT NULL CHECK (length(actor) BETWEEN 1 AND 200),
      door TEXT NOT NULL CHECK (length(door) BETWEEN 1 AND 200),
      action TEXT NOT NULL
        CHECK (action IN ('created', 'changed', 'revealed', 'copied', 'used', 'tested', 'rotated', 'exported', 'deleted')),
      procedure TEXT NOT NULL CHECK (length(procedure) BETWEEN 1 AND 200),
      host TEXT CHECK (length(host) BETWEEN 1 AND 253),
      field TEXT CHECK (length(field) BETWEEN 1 AND 60),
      outcome TEXT NOT NULL CHECK (length(outcome) BETWEEN 1 AND 200),
      audit_seq INTEGER NOT NULL REFERENCES audit_row (seq) DEFERRABLE INITIALLY DEFERRED
    ) STRICT;

    CREATE INDEX secret_use_newest ON secret_use (secret_id, seq);
    CREATE INDEX secret_use_by_actor ON secret_use (actor, secret_id, at);
    CREATE INDEX secret_use_by_proof ON secret_use (audit_seq);

    CREATE TRIGGER secret_use_is_kept BEFORE DELETE ON secret_use
    BEGIN SELECT RAISE(ABORT, 'a use of a secret is kept'); END;
    CREATE TRIGGER secret_use_is_fixed BEFORE UPDATE ON secret_use
    BEGIN SELECT RAISE(ABORT, 'a use of a secret is not changed'); END;

    CREATE TRIGGER secret_use_has_its_own_proof BEFORE INSERT ON secret_use
    WHEN EXISTS (SELECT 1 FROM audit_row WHERE seq = NEW.audit_seq AND (actor IS NOT NEW.actor OR procedure IS NOT NEW.procedure))
    BEGIN SELECT RAISE(ABORT, 'a use of a secret is proved by an audit row of the same actor and procedure'); END;
    CREATE TRIGGER audit_row_proves_its_uses BEFORE INSERT ON audit_row
    WHEN EXISTS (SELECT 1 FROM secret_use WHERE audit_seq = NEW.seq AND (actor IS NOT NEW.actor OR procedure IS NOT NEW.procedure))
    BEGIN SELECT RAISE(ABORT, 'a use of a secret is proved by an audit row of the same actor and procedure'); END;

    CREATE TABLE secret_attachment (
      id TEXT PRIMARY KEY NOT NULL,
      secret_id TEXT NOT NULL REFERENCES secret (id),
      name TEXT NOT NULL CHECK (length(name) <= 200),
      media_type TEXT NOT NULL CHECK (length(media_type) <= 100),
      bytes INTEGER NOT NULL CHECK (bytes BETWEEN 0 AND 52428800),
      chunks INTEGER NOT NULL CHECK (chunks BETWEEN 1 AND 800),
      sealed_key BLOB CHECK (length(sealed_key) = 61),
      state TEXT NOT NULL CHECK (state IN ('staged', 'kept', 'removed')),
      created_at INTEGER NOT NULL,
      CHECK ((state = 'removed') = (sealed_key IS NULL)),
      CHECK (state <> 'removed' OR name = '')
    ) STRICT, WITHOUT ROWID;

    CREATE INDEX secret_attachment_kept ON secret_attachment (secret_id, id) WHERE state = 'kept';

    CREATE TABLE secret_attachment_chunk (
      attachment_id TEXT NOT NULL REFERENCES secret_attachment (id),
      position INTEGER NOT NULL CHECK (position >= 0),
      sealed BLOB NOT NULL CHECK (length(sealed) >= 29),
      PRIMARY KEY (attachment_id, position)
    ) STRICT;

    CREATE TRIGGER secret_attachment_is_fixed BEFORE UPDATE ON secret_attachment
    WHEN NEW.id IS NOT OLD.id OR NEW.secret_id IS NOT OLD.secret_id OR NEW.created_at IS NOT OLD.created_at
      OR NEW.chunks IS NOT OLD.chunks OR NEW.bytes IS NOT OLD.bytes OR OLD.state = 'removed'
      OR (NEW.state = 'staged' AND OLD.state <> 'staged')
    BEGIN SELECT RAISE(ABORT, 'a file of a secret is kept as it is, or removed'); END;

    CREATE TRIGGER secret_attachment_chunk_is_fixed BEFORE UPDATE ON secret_attachment_chunk
    BEGIN SELECT RAISE(ABORT, 'a file of a secret is kept as it is, or removed'); END;
    CREATE TRIGGER secret_attachment_chunk_is_staged BEFORE INSERT ON secret_attachment_chunk
    WHEN (SELECT state FROM secret_attachment WHERE id = NEW.attachment_id) IS NOT 'staged'
    BEGIN SELECT RAISE(ABORT, 'a file of a secret is kept as it is, or removed'); END;
    CREATE TRIGGER secret_attachment_chunk_is_kept BEFORE DELETE ON secret_attachment_chunk
    WHEN (SELECT state FROM secret_attachment WHERE id = OLD.attachment_id) IS 'kept'
    BEGIN SELECT RAISE(ABORT, 'a file of a secret is kept as it is, or removed'); END;

    CREATE TABLE secret_warning (
      secret_id TEXT NOT NULL REFERENCES secret (id),
      due_at INTEGER NOT NULL,
      stage TEXT NOT NULL CHECK (stage IN ('14', '7', '1', 'overdue')),
      at INTEGER NOT NULL,
      PRIMARY KEY (secret_id, due_at, stage)
    ) STRICT, WITHOUT ROWID;
  `,
}
