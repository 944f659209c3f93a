import type { Migration } from '../migrate'

/**
 * Items of the vault. The head holds what may be shown without opening anything; `words` and `sort_title` are for search and order.
 * Each version has a key of its own, wrapped under the records key, and its fields sealed with that key; a version above the one in use
 * waits in a rotation. An item that was destroyed keeps its head without title, so that uses and integrations still name something.
 */
export const vault: Migration = {
  version: 1,
  name: 'vault',
  up: `
    CREATE TABLE secret (
      id TEXT PRIMARY KEY NOT NULL,
      business_id TEXT REFERENCES business (id),
      kind TEXT NOT NULL CHECK (kind IN ('api_key', 'login', 'card', 'bank_account', 'note', 'file', 'stripe', 'upwork')),
      title TEXT NOT NULL CHECK (length(title) <= 200),
      sort_title TEXT NOT NULL,
      words TEXT NOT NULL,
      tags TEXT NOT NULL CHECK (json_valid(tags)),
      hint TEXT CHECK (length(hint) BETWEEN 1 AND 100),
      hosts TEXT NOT NULL CHECK (json_valid(hosts)),
      sensitive INTEGER NOT NULL CHECK (sensitive IN (0, 1)),
      version INTEGER NOT NULL CHECK (version >= 1),
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      last_used_at INTEGER,
      deleted_at INTEGER,
      destroyed_at INTEGER,
      rotate_every_days INTEGER CHECK (rotate_every_days BETWEEN 1 AND 3650),
      values_changed_at INTEGER NOT NULL,
      due_at INTEGER,
      rotation_phase TEXT NOT NULL DEFAULT 'none' CHECK (rotation_phase IN ('none', 'added', 'tested', 'overlap')),
      rotation_tested_at INTEGER,
      rotation_problem TEXT,
      rotation_from INTEGER CHECK (rotation_from BETWEEN 1 AND version),
      retires_at INTEGER,
      UNIQUE (business_id, id),
      CHECK ((rotation_phase = 'overlap') = (retires_at IS NOT NULL)),
      CHECK ((rotation_phase = 'overlap') = (rotation_from IS NOT NULL)),
      CHECK (rotation_phase <> 'none' OR (rotation_tested_at IS NULL AND rotation_problem IS NULL)),
      CHECK (rotation_phase <> 'tested' OR (rotation_tested_at IS NOT NULL AND rotation_problem IS NULL)),
      CHECK (destroyed_at IS NULL OR (deleted_at IS NOT NULL AND title = '' AND hint IS NULL AND rotation_phase = 'none'))
    ) STRICT;

    CREATE INDEX secret_by_title ON secret (sort_title, id) WHERE destroyed_at IS NULL;
    CREATE INDEX secret_by_due ON secret (due_at, id) WHERE due_at IS NOT NULL AND deleted_at IS NULL;
    CREATE INDEX secret_by_retiring ON secret (retires_at) WHERE retires_at IS NOT NULL;
    CREATE INDEX secret_in_bin ON secret (deleted_at) WHERE deleted_at IS NOT NULL AND destroyed_at IS NULL;

    CREATE TRIGGER secret_identity_is_fixed BEFORE UPDATE ON secret
    WHEN NEW.id IS NOT OLD.id OR NEW.business_id IS NOT OLD.business_id OR NEW.kind IS NOT OLD.kind
      OR NEW.created_at IS NOT OLD.created_at OR NEW.version NOT IN (OLD.version, OLD.version + 1)
      OR OLD.destroyed_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'a secret keeps its identity and its version rises by one'); END;

    CREATE TRIGGER secret_version_in_use_exists BEFORE UPDATE OF version ON secret
    WHEN NEW.version <> OLD.version
      AND NOT EXISTS (SELECT 1 FROM secret_version WHERE secret_id = NEW.id AND version = NEW.version)
    BEGIN SELECT RAISE(ABORT, 'the version in use is one that is kept'); END;

    CREATE TRIGGER secret_is_kept BEFORE DELETE ON secret
    BEGIN SELECT RAISE(ABORT, 'the head of a secret is kept'); END;

    CREATE TABLE secret_version (
      secret_id TEXT NOT NULL REFERENCES secret (id),
      version INTEGER NOT NULL CHECK (version >= 1),
      at INTEGER NOT NULL,
      actor TEXT NOT NULL CHECK (length(actor) BETWEEN 1 AND 200),
      title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
      changed TEXT NOT NULL CHECK (json_valid(changed)),
      sealed_key BLOB NOT NULL CHECK (length(sealed_key) = 61),
      PRIMARY KEY (secret_id, version)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE secret_field (
      secret_id TEXT NOT NULL,
      version INTEGER NOT NULL,
      name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
      position INTEGER NOT NULL CHECK (position >= 0),
      type TEXT NOT NULL CHECK (type IN ('text', 'hidden', 'multiline', 'url', 'email', 'phone', 'date', 'totp')),
      sealed BLOB NOT NULL CHECK (length(sealed) >= 29),
      PRIMARY KEY (secret_id, version, name),
      FOREIGN KEY (secret_id, version) REFERENCES secret_version (secret_id, version)
    ) STRICT, WITHOUT ROWID;

    CREATE TRIGGER secret_version_is_fixed BEFORE UPDATE ON secret_version
    WHEN NEW.secret_id IS NOT OLD.secret_id OR NEW.version IS NOT OLD.version OR NEW.changed IS NOT OLD.changed
      OR NEW.title IS NOT OLD.title
      OR ((NEW.at IS NOT OLD.at OR NEW.actor IS NOT OLD.actor)
        AND OLD.version <= (SELECT version FROM secret WHERE id = OLD.secret_id))
    BEGIN SELECT RAISE(ABORT, 'a version of a secret is not changed'); END;

    CREATE TRIGGER secret_version_is_kept BEFORE DELETE ON secret_version
    WHEN EXISTS (SELECT 1 FROM secret WHERE id = OLD.secret_id AND destroyed_at IS NULL AND version >= OLD.version)
    BEGIN SELECT RAISE(ABORT, 'a version of a secret is kept until the secret is destroyed'); END;

    CREATE TRIGGER secret_field_is_fixed BEFORE UPDATE ON secret_field
    BEGIN SELECT RAISE(ABORT, 'a version of a secret is not changed'); END;

    CREATE TRIGGER secret_field_is_kept BEFORE DELETE ON secret_field
    WHEN EXISTS (SELECT 1 FROM secret WHERE id = OLD.secret_id AND destroyed_at IS NULL AND version >= OLD.version)
    BEGIN SELECT RAISE(ABORT, 'a version of a secret is kept until the secret is destroyed'); END;
  `,
}
