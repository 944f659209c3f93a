import type { Migration } from '../migrate'

/**
 * The pause (a row exactly while everything is paused), what the schedules have done, the list of backups with their settings, and the
 * restore drills. `tag` binds a row to the bytes of its file; `key_id` says under which database key they were made. `place` is a
 * folder that the owner chose, null for the one in the data folder.
 */
export const safety: Migration = {
  version: 14,
  name: 'safety',
  up: `
    CREATE TABLE pause (
      only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
      since INTEGER NOT NULL,
      by_actor TEXT NOT NULL CHECK (length(by_actor) BETWEEN 1 AND 200),
      reason TEXT CHECK (length(reason) BETWEEN 1 AND 300),
      after_audit_row INTEGER NOT NULL CHECK (after_audit_row >= 0)
    ) STRICT;

    CREATE TABLE schedule_run (
      name TEXT PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 60),
      handled_at INTEGER NOT NULL,
      outcome TEXT CHECK (outcome IN ('done', 'failed')),
      problem TEXT,
      skipped INTEGER NOT NULL DEFAULT 0 CHECK (skipped >= 0),
      asked_at INTEGER,
      CHECK ((problem IS NOT NULL) = (outcome IS 'failed'))
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE backup (
      id TEXT PRIMARY KEY,
      file_name TEXT NOT NULL CHECK (length(file_name) BETWEEN 1 AND 100 AND file_name NOT LIKE '%/%'),
      place TEXT CHECK (length(place) BETWEEN 1 AND 4096),
      created_at INTEGER NOT NULL,
      bytes INTEGER NOT NULL CHECK (bytes > 0),
      cause TEXT NOT NULL CHECK (cause IN ('schedule', 'owner', 'before_rotation')),
      tag BLOB NOT NULL CHECK (length(tag) = 32),
      key_id TEXT NOT NULL CHECK (length(key_id) = 32),
      secrets INTEGER NOT NULL CHECK (secrets >= 0),
      entries INTEGER NOT NULL CHECK (entries >= 0),
      audit_rows INTEGER NOT NULL CHECK (audit_rows >= 0),
      verified_at INTEGER,
      problem TEXT
    ) STRICT, WITHOUT ROWID;

    CREATE UNIQUE INDEX backup_by_file ON backup (ifnull(place, ''), file_name);
    CREATE INDEX backup_newest ON backup (created_at, id);

    CREATE TABLE backup_settings (
      only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
      is_on INTEGER NOT NULL CHECK (is_on IN (0, 1)),
      at TEXT NOT NULL CHECK (at GLOB '[0-2][0-9]:[0-5][0-9]'),
      keep_daily INTEGER NOT NULL CHECK (keep_daily >= 1),
      keep_weekly INTEGER NOT NULL CHECK (keep_weekly >= 0),
      keep_monthly INTEGER NOT NULL CHECK (keep_monthly >= 0),
      place TEXT CHECK (length(place) BETWEEN 1 AND 4096),
      last_problem TEXT
    ) STRICT;

    INSERT INTO backup_settings (only_one, is_on, at, keep_daily, keep_weekly, keep_monthly) VALUES (1, 1, '03:00', 7, 4, 12);

    CREATE TABLE drill (
      at INTEGER PRIMARY KEY,
      ok INTEGER NOT NULL CHECK (ok IN (0, 1)),
      backup_id TEXT,
      secrets INTEGER NOT NULL,
      entries INTEGER NOT NULL,
      audit_rows INTEGER NOT NULL,
      milliseconds INTEGER NOT NULL,
      problem TEXT,
      CHECK ((problem IS NULL) = (ok = 1))
    ) STRICT;
  `,
}
