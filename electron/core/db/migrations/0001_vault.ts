import type { Migration } from '../migrate'

/** Secrets sealed one by one under the records key; the label is for people and is not secret. */
export const vault: Migration = {
  version: 1,
  name: 'vault',
  up: `
    CREATE TABLE secret (
      id TEXT PRIMARY KEY NOT NULL,
      business_id TEXT REFERENCES business (id),
      kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 100),
      label TEXT NOT NULL CHECK (length(label) <= 200),
      version INTEGER NOT NULL CHECK (version >= 1),
      sealed BLOB NOT NULL CHECK (length(sealed) >= 29),
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      UNIQUE (business_id, id)
    ) STRICT, WITHOUT ROWID;

    CREATE INDEX secret_by_business ON secret (business_id, kind, id);

    CREATE TRIGGER secret_identity_is_fixed
    BEFORE UPDATE ON secret
    WHEN NEW.id IS NOT OLD.id OR NEW.business_id IS NOT OLD.business_id OR NEW.kind IS NOT OLD.kind
      OR NEW.created_at IS NOT OLD.created_at OR NEW.version <> OLD.version + 1
    BEGIN
      SELECT RAISE(ABORT, 'a secret keeps its identity and its version rises by one');
    END;
  `,
}
