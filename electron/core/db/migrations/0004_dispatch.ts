import type { Migration } from '../migrate'

/**
 * Idempotent requests, policies, plans, approvals and access tokens. The first policy row is the only one that is on unasked.
 * `identity` is the canonical text of a rule's conditions: one rule of an identity is in force per procedure and business.
 * `approval_rule` names the rules that asked, which approving waives; `approval_consent` who approved where two are wanted.
 * A permit lets the asker of a command whose answer is a secret carry it out once, since the answer could not wait.
 */
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
      identity TEXT NOT NULL,
      decision TEXT NOT NULL CHECK (decision IN ('allow', 'ask', 'refuse')),
      over_minor INTEGER CHECK (over_minor > 0),
      over_currency TEXT CHECK (length(over_currency) = 3),
      conditions TEXT NOT NULL CHECK (json_valid(conditions)),
      demands TEXT NOT NULL CHECK (json_valid(demands)),
      created_at INTEGER NOT NULL,
      replaced_at INTEGER,
      CHECK ((over_minor IS NULL) = (over_currency IS NULL))
    ) STRICT;

    CREATE UNIQUE INDEX policy_in_force ON policy (procedure, coalesce(business_id, ''), identity) WHERE replaced_at IS NULL;

    INSERT INTO policy (id, business_id, procedure, identity, decision, over_minor, over_currency, conditions, demands, created_at)
    VALUES ('pol_refund_limit', NULL, 'payments.requestRefund', '{}', 'ask', 1000000, 'USD', '{}', '{}', 0);

    CREATE TRIGGER policy_is_fixed
    BEFORE UPDATE OF id, business_id, procedure, identity, decision, over_minor, over_currency, conditions, demands, created_at ON policy
    BEGIN SELECT RAISE(ABORT, 'a rule is replaced, never changed'); END;

    CREATE TRIGGER policy_ends_once BEFORE UPDATE OF replaced_at ON policy WHEN OLD.replaced_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'a rule out of force stays out of force'); END;

    CREATE TRIGGER policy_is_kept BEFORE DELETE ON policy
    BEGIN SELECT RAISE(ABORT, 'rules are kept'); END;

    CREATE TABLE plan (
      id TEXT PRIMARY KEY,
      title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
      proposed_by TEXT NOT NULL,
      steps INTEGER NOT NULL CHECK (steps BETWEEN 1 AND 50),
      created_at INTEGER NOT NULL
    ) STRICT;

    CREATE TRIGGER plan_is_fixed BEFORE UPDATE ON plan
    BEGIN SELECT RAISE(ABORT, 'what was proposed does not change'); END;
    CREATE TRIGGER plan_is_kept BEFORE DELETE ON plan
    BEGIN SELECT RAISE(ABORT, 'plans are kept'); END;

    CREATE TABLE approval (
      id TEXT PRIMARY KEY,
      business_id TEXT REFERENCES business (id),
      procedure TEXT NOT NULL,
      contract_version INTEGER NOT NULL,
      asked_by TEXT NOT NULL,
      door TEXT NOT NULL,
      sealed_input BLOB,
      body_digest BLOB NOT NULL CHECK (length(body_digest) = 32),
      facts TEXT NOT NULL CHECK (json_valid(facts)),
      digest TEXT NOT NULL CHECK (length(digest) = 64),
      step_up INTEGER NOT NULL CHECK (step_up IN (0, 1)),
      second_approver INTEGER NOT NULL CHECK (second_approver IN (0, 1)),
      cooling_minutes INTEGER NOT NULL CHECK (cooling_minutes >= 0),
      plan_id TEXT REFERENCES plan (id),
      plan_step INTEGER CHECK (plan_step >= 1),
      status TEXT NOT NULL CHECK (status IN ('pending', 'approved', 'denied', 'expired', 'stale', 'failed')),
      note TEXT,
      problem TEXT,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      decided_at INTEGER,
      decided_by TEXT,
      finished_at INTEGER,
      permit_until INTEGER,
      permit_used_at INTEGER,
      CHECK ((plan_id IS NULL) = (plan_step IS NULL)),
      CHECK ((status = 'pending') = (decided_at IS NULL)),
      CHECK (status <> 'pending' OR sealed_input IS NOT NULL),
      CHECK (permit_until IS NULL OR status = 'approved'),
      CHECK (permit_used_at IS NULL OR permit_until IS NOT NULL)
    ) STRICT;

    CREATE INDEX approval_by_status ON approval (status, created_at);
    CREATE INDEX approval_by_business ON approval (business_id, created_at);
    CREATE UNIQUE INDEX approval_of_plan ON approval (plan_id, plan_step) WHERE plan_id IS NOT NULL;

    CREATE TRIGGER approval_question_is_fixed
    BEFORE UPDATE OF id, business_id, procedure, contract_version, asked_by, body_digest, facts, digest, step_up, second_approver,
      cooling_minutes, plan_id, plan_step, created_at, expires_at ON approval
    BEGIN SELECT RAISE(ABORT, 'what was asked does not change'); END;

    CREATE TRIGGER approval_decision_is_final BEFORE UPDATE OF status ON approval
    WHEN OLD.status <> 'pending' AND NOT (OLD.status = 'approved' AND OLD.finished_at IS NULL AND NEW.status IN ('approved', 'failed'))
    BEGIN SELECT RAISE(ABORT, 'a decision is final'); END;

    CREATE TRIGGER approval_permit_is_used_once BEFORE UPDATE OF permit_used_at ON approval WHEN OLD.permit_used_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'a permit is used once'); END;

    CREATE TRIGGER approval_is_kept BEFORE DELETE ON approval
    BEGIN SELECT RAISE(ABORT, 'approvals are kept'); END;

    CREATE TABLE approval_rule (
      approval_id TEXT NOT NULL REFERENCES approval (id),
      policy_id TEXT NOT NULL REFERENCES policy (id),
      PRIMARY KEY (approval_id, policy_id)
    ) STRICT, WITHOUT ROWID;

    CREATE TRIGGER approval_rule_is_fixed BEFORE UPDATE ON approval_rule
    BEGIN SELECT RAISE(ABORT, 'what was asked does not change'); END;
    CREATE TRIGGER approval_rule_is_kept BEFORE DELETE ON approval_rule
    BEGIN SELECT RAISE(ABORT, 'approvals are kept'); END;

    CREATE TABLE approval_consent (
      approval_id TEXT NOT NULL REFERENCES approval (id),
      turn INTEGER NOT NULL CHECK (turn IN (1, 2)),
      actor TEXT NOT NULL,
      at INTEGER NOT NULL,
      PRIMARY KEY (approval_id, turn)
    ) STRICT, WITHOUT ROWID;

    CREATE TRIGGER approval_consent_is_fixed BEFORE UPDATE ON approval_consent
    BEGIN SELECT RAISE(ABORT, 'who approved stays on record'); END;
    CREATE TRIGGER approval_consent_is_kept BEFORE DELETE ON approval_consent
    BEGIN SELECT RAISE(ABORT, 'who approved stays on record'); END;

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
