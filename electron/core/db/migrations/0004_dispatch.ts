import type { Migration } from '../migrate'

/** Idempotent requests, policies, approvals and access tokens. The first policy row is the only one that is on unasked. */
export const dispatch: Migration = {
  version: 4,
  name: 'dispatch',
  up: `
    CREATE TABLE request (
      actor TEXT NOT NULL,
      procedure TEXT NOT NULL,
      request_id TEXT NOT NULL,
      body_digest BLOB NOT NULL CHECK (length(body_digest) = 32),
      outcome TEXT CHECK (outcome IS NULL OR json_valid(outcome)),
      at INTEGER NOT NULL,
      PRIMARY KEY (actor, procedure, request_id)
    ) STRICT, WITHOUT ROWID;

    CREATE TRIGGER request_is_kept_for_ever BEFORE DELETE ON request
    BEGIN SELECT RAISE(ABORT, 'requests are kept for ever'); END;

    CREATE TRIGGER request_is_first_outcome BEFORE UPDATE ON request
    BEGIN SELECT RAISE(ABORT, 'the first outcome of a request stands'); END;

    CREATE TABLE policy (
      id TEXT PRIMARY KEY,
      business_id TEXT REFERENCES business (id),
      procedure TEXT NOT NULL,
      decision TEXT NOT NULL CHECK (decision IN ('allow', 'ask', 'refuse')),
      over_minor INTEGER CHECK (over_minor > 0),
      over_currency TEXT CHECK (length(over_currency) = 3),
      created_at INTEGER NOT NULL,
      replaced_at INTEGER,
      CHECK ((over_minor IS NULL) = (over_currency IS NULL))
    ) STRICT;

    CREATE UNIQUE INDEX policy_in_force ON policy (procedure, coalesce(business_id, '')) WHERE replaced_at IS NULL;

    INSERT INTO policy (id, business_id, procedure, decision, over_minor, over_currency, created_at)
    VALUES ('pol_refund_limit', NULL, 'payments.requestRefund', 'ask', 1000000, 'USD', 0);

    CREATE TABLE approval (
      id TEXT PRIMARY KEY,
      business_id TEXT REFERENCES business (id),
      procedure TEXT NOT NULL,
      contract_version INTEGER NOT NULL,
      asked_by TEXT NOT NULL,
      door TEXT NOT NULL,
      policy_id TEXT NOT NULL REFERENCES policy (id),
      sealed_input BLOB,
      facts TEXT NOT NULL CHECK (json_valid(facts)),
      digest TEXT NOT NULL CHECK (length(digest) = 64),
      status TEXT NOT NULL CHECK (status IN ('pending', 'approved', 'denied', 'expired', 'stale', 'failed')),
      note TEXT,
      problem TEXT,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      decided_at INTEGER,
      decided_by TEXT,
      finished_at INTEGER,
      CHECK ((status = 'pending') = (decided_at IS NULL)),
      CHECK (status <> 'pending' OR sealed_input IS NOT NULL)
    ) STRICT;

    CREATE INDEX approval_by_status ON approval (status, created_at);
    CREATE INDEX approval_by_business ON approval (business_id, created_at);

    CREATE TRIGGER approval_question_is_fixed
    BEFORE UPDATE OF id, business_id, procedure, contract_version, asked_by, policy_id, facts, digest, created_at ON approval
    BEGIN SELECT RAISE(ABORT, 'what was asked does not change'); END;

    CREATE TRIGGER approval_decision_is_final BEFORE UPDATE OF status ON approval
    WHEN OLD.status <> 'pending' AND NOT (OLD.status = 'approved' AND OLD.finished_at IS NULL AND NEW.status IN ('approved', 'failed'))
    BEGIN SELECT RAISE(ABORT, 'a decision is final'); END;

    CREATE TRIGGER approval_is_kept BEFORE DELETE ON approval
    BEGIN SELECT RAISE(ABORT, 'approvals are kept'); END;

    CREATE TABLE token (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      mac BLOB NOT NULL UNIQUE CHECK (length(mac) = 32),
      scopes TEXT NOT NULL CHECK (json_valid(scopes)),
      created_by TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      last_used_at INTEGER,
      revoked_at INTEGER
    ) STRICT;

    CREATE TRIGGER token_revocation_is_final BEFORE UPDATE OF revoked_at ON token WHEN OLD.revoked_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'a revoked token stays revoked'); END;
  `,
}
