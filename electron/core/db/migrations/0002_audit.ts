import type { Migration } from '../migrate'

/**
 * The audit log: rows in a hash chain, whose hashes are the leaves of one RFC 6962 tree. `audit_node` holds the complete subtrees of 64
 * rows and more, so that roots and proofs need few reads; `audit_head` the signed roots; `audit_subject` which row mentions which id.
 */
export const audit: Migration = {
  version: 2,
  name: 'audit',
  up: `
    CREATE TABLE audit_row (
      seq INTEGER PRIMARY KEY CHECK (seq >= 1),
      at INTEGER NOT NULL,
      actor TEXT NOT NULL CHECK (length(actor) BETWEEN 1 AND 200),
      door TEXT NOT NULL CHECK (length(door) BETWEEN 1 AND 200),
      procedure TEXT NOT NULL CHECK (length(procedure) BETWEEN 1 AND 200),
      business_id TEXT CHECK (length(business_id) BETWEEN 1 AND 200),
      outcome TEXT NOT NULL CHECK (length(outcome) BETWEEN 1 AND 200),
      details TEXT NOT NULL CHECK (length(details) BETWEEN 2 AND 262144),
      prev_hash BLOB NOT NULL CHECK (length(prev_hash) = 32),
      hash BLOB NOT NULL CHECK (length(hash) = 32)
    ) STRICT;

    CREATE TRIGGER audit_row_extends_the_chain BEFORE INSERT ON audit_row
    WHEN NOT EXISTS (SELECT 1 FROM audit_row AS last WHERE last.seq = NEW.seq - 1 AND last.hash = NEW.prev_hash)
      AND (NEW.seq <> 1 OR NEW.prev_hash <> zeroblob(32))
      OR EXISTS (SELECT 1 FROM audit_row AS later WHERE later.seq >= NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'an audit row follows the last one'); END;
    CREATE TRIGGER audit_row_no_update BEFORE UPDATE ON audit_row
    BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;
    CREATE TRIGGER audit_row_no_delete BEFORE DELETE ON audit_row
    BEGIN SELECT RAISE(ABORT, 'audit rows are never deleted'); END;

    CREATE TABLE audit_subject (
      subject_id TEXT NOT NULL,
      seq INTEGER NOT NULL REFERENCES audit_row (seq),
      PRIMARY KEY (subject_id, seq)
    ) STRICT, WITHOUT ROWID;
    CREATE TRIGGER audit_subject_no_update BEFORE UPDATE ON audit_subject
    BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;
    CREATE TRIGGER audit_subject_no_delete BEFORE DELETE ON audit_subject
    BEGIN SELECT RAISE(ABORT, 'audit rows are never deleted'); END;

    CREATE TABLE audit_node (
      level INTEGER NOT NULL CHECK (level >= 6),
      position INTEGER NOT NULL CHECK (position >= 0),
      hash BLOB NOT NULL CHECK (length(hash) = 32),
      PRIMARY KEY (level, position)
    ) STRICT, WITHOUT ROWID;
    CREATE TRIGGER audit_node_no_update BEFORE UPDATE ON audit_node
    BEGIN SELECT RAISE(ABORT, 'a node of the audit tree is never changed'); END;
    CREATE TRIGGER audit_node_no_delete BEFORE DELETE ON audit_node
    BEGIN SELECT RAISE(ABORT, 'a node of the audit tree is never deleted'); END;

    CREATE TABLE audit_head (
      size INTEGER PRIMARY KEY REFERENCES audit_row (seq),
      root BLOB NOT NULL CHECK (length(root) = 32),
      at INTEGER NOT NULL,
      signature BLOB NOT NULL CHECK (length(signature) = 64)
    ) STRICT;
    CREATE TRIGGER audit_head_grows BEFORE INSERT ON audit_head
    WHEN EXISTS (SELECT 1 FROM audit_head AS later WHERE later.size >= NEW.size)
    BEGIN SELECT RAISE(ABORT, 'a signed head covers more rows than the one before'); END;
    CREATE TRIGGER audit_head_no_update BEFORE UPDATE ON audit_head
    BEGIN SELECT RAISE(ABORT, 'a signed head is never changed'); END;
    CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head
    BEGIN SELECT RAISE(ABORT, 'a signed head is never deleted'); END;

    CREATE TABLE audit_anchor (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
      path TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      removed_at INTEGER
    ) STRICT;
    CREATE TABLE audit_profile (
      only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
      id TEXT NOT NULL CHECK (length(id) BETWEEN 1 AND 40)
    ) STRICT;
    CREATE UNIQUE INDEX audit_anchor_in_use ON audit_anchor (path) WHERE removed_at IS NULL;
  `,
}
