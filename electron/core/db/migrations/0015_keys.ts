import type { Migration } from '../migrate'

/**
 * When each factor was last used; code generators, whose secret is sealed under the records key, each with the last time step whose code
 * was taken, so that a code works once; what goes on while the vault is locked and when it locks by itself.
 */
export const keys: Migration = {
  version: 15,
  name: 'keys',
  up: `
    CREATE TABLE factor_use (
      factor_id TEXT PRIMARY KEY NOT NULL CHECK (length(factor_id) BETWEEN 1 AND 64),
      last_used_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE code_generator (
      id TEXT PRIMARY KEY NOT NULL,
      label TEXT NOT NULL CHECK (length(label) BETWEEN 1 AND 60),
      sealed BLOB NOT NULL CHECK (length(sealed) = 49),
      created_at INTEGER NOT NULL,
      confirmed_at INTEGER,
      last_step INTEGER NOT NULL CHECK (last_step >= 0)
    ) STRICT, WITHOUT ROWID;

    CREATE UNIQUE INDEX code_generator_is_one ON code_generator (confirmed_at IS NULL);

    CREATE TRIGGER code_works_once BEFORE UPDATE OF last_step ON code_generator WHEN NEW.last_step <= OLD.last_step
    BEGIN SELECT RAISE(ABORT, 'a code works once'); END;

    CREATE TRIGGER code_generator_identity_is_fixed BEFORE UPDATE OF id, created_at ON code_generator
    BEGIN SELECT RAISE(ABORT, 'a code generator keeps its identity'); END;

    CREATE TABLE vault_setting (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      while_locked TEXT NOT NULL CHECK (while_locked IN ('everything', 'watch_only')),
      idle_minutes INTEGER NOT NULL CHECK (idle_minutes BETWEEN 1 AND 60)
    ) STRICT;

    INSERT INTO vault_setting (only, while_locked, idle_minutes) VALUES (1, 'everything', 5);
  `,
}
