import type { Migration } from '../migrate'

/**
 * What commands stated, for rules that look back (sums of a day, splitting, new payees) and for back-tests: a row per executed or parked
 * command, named by its audit row. `on_date` and `minute` are the business's calendar day and minute of the day at that instant.
 * `payee` holds who may be paid and `payee_hold` each quarantine after a change of details; `began_with` is the number of the first of
 * those that followed each other without a release or an end between them.
 */
export const governance: Migration = {
  version: 13,
  name: 'governance',
  up: `
    CREATE TABLE command_fact (
      audit_seq INTEGER PRIMARY KEY REFERENCES audit_row (seq),
      at INTEGER NOT NULL,
      on_date TEXT NOT NULL CHECK (length(on_date) = 10),
      minute INTEGER NOT NULL CHECK (minute BETWEEN 0 AND 1439),
      procedure TEXT NOT NULL,
      business_id TEXT REFERENCES business (id),
      actor TEXT NOT NULL,
      amount_minor INTEGER,
      amount_currency TEXT CHECK (length(amount_currency) = 3),
      base_minor INTEGER,
      payee TEXT,
      sensitive INTEGER NOT NULL CHECK (sensitive IN (0, 1)),
      outcome TEXT NOT NULL CHECK (outcome IN ('done', 'parked')),
      approval_id TEXT REFERENCES approval (id),
      CHECK ((amount_minor IS NULL) = (amount_currency IS NULL)),
      CHECK (base_minor IS NULL OR amount_minor IS NOT NULL)
    ) STRICT;

    CREATE INDEX command_fact_by_day ON command_fact (business_id, procedure, on_date, base_minor)
      WHERE outcome = 'done' AND amount_minor IS NOT NULL;
    CREATE INDEX command_fact_by_payee ON command_fact (business_id, payee, procedure, at, base_minor)
      WHERE outcome = 'done' AND amount_minor IS NOT NULL AND payee IS NOT NULL;

    CREATE TRIGGER command_fact_is_fixed BEFORE UPDATE ON command_fact
    BEGIN SELECT RAISE(ABORT, 'what was stated does not change'); END;
    CREATE TRIGGER command_fact_is_kept BEFORE DELETE ON command_fact
    BEGIN SELECT RAISE(ABORT, 'what was stated is kept'); END;

    CREATE TABLE payee (
      id TEXT PRIMARY KEY,
      business_id TEXT NOT NULL REFERENCES business (id),
      kind TEXT NOT NULL CHECK (kind IN ('customer', 'bank_account')),
      subject_id TEXT NOT NULL,
      details_digest BLOB CHECK (length(details_digest) = 32),
      created_at INTEGER NOT NULL,
      UNIQUE (business_id, id),
      UNIQUE (business_id, subject_id)
    ) STRICT;

    CREATE TRIGGER payee_identity_is_fixed BEFORE UPDATE OF id, business_id, kind, subject_id, created_at ON payee
    BEGIN SELECT RAISE(ABORT, 'a payee keeps its identity'); END;
    CREATE TRIGGER payee_is_kept BEFORE DELETE ON payee
    BEGIN SELECT RAISE(ABORT, 'payees are kept'); END;

    CREATE TABLE payee_hold (
      payee_id TEXT NOT NULL,
      business_id TEXT NOT NULL,
      number INTEGER NOT NULL CHECK (number >= 1),
      changed_at INTEGER NOT NULL,
      changed_by TEXT NOT NULL,
      until_at INTEGER NOT NULL CHECK (until_at > changed_at),
      ended_at INTEGER,
      checks TEXT NOT NULL CHECK (json_valid(checks)),
      began_with INTEGER NOT NULL CHECK (began_with BETWEEN 1 AND number),
      PRIMARY KEY (payee_id, number),
      FOREIGN KEY (business_id, payee_id) REFERENCES payee (business_id, id)
    ) STRICT, WITHOUT ROWID;

    CREATE TRIGGER payee_hold_is_fixed BEFORE UPDATE OF payee_id, business_id, number, changed_at, changed_by, until_at, began_with ON payee_hold
    BEGIN SELECT RAISE(ABORT, 'a quarantine keeps its time; it only ends'); END;
    CREATE TRIGGER payee_hold_ends_once BEFORE UPDATE ON payee_hold WHEN OLD.ended_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'a quarantine that ended stays ended'); END;
    CREATE TRIGGER payee_hold_is_kept BEFORE DELETE ON payee_hold
    BEGIN SELECT RAISE(ABORT, 'quarantines are kept'); END;

    CREATE TABLE payee_setting (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      quarantine_hours INTEGER NOT NULL CHECK (quarantine_hours BETWEEN 24 AND 72)
    ) STRICT;
    INSERT INTO payee_setting (only, quarantine_hours) VALUES (1, 48);
  `,
}
