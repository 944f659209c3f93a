import type { Migration } from '../migrate'

/**
 * Access that was given to helpers: a grant with its limits, fixed when it was given, and the items it covers. `mac` stands for its token,
 * which is kept nowhere. `ends_at` is the earlier of the expiry and the end of the engagement's last day. `created_by` is the actor whose
 * access was passed on. The holder's name is personal data, sealed under a key of its own, and can be forgotten.
 */
export const grants: Migration = {
  version: 12,
  name: 'grants',
  up: `
    CREATE TABLE secret_grant (
      id TEXT PRIMARY KEY NOT NULL,
      business_id TEXT REFERENCES business (id),
      mac BLOB NOT NULL UNIQUE CHECK (length(mac) = 32),
      actions TEXT NOT NULL CHECK (json_array_length(actions) > 0),
      hosts TEXT NOT NULL CHECK (json_valid(hosts)),
      methods TEXT NOT NULL CHECK (json_valid(methods)),
      paths TEXT NOT NULL CHECK (json_valid(paths)),
      weekdays TEXT NOT NULL CHECK (json_valid(weekdays)),
      hours_from TEXT CHECK (length(hours_from) = 5),
      hours_to TEXT CHECK (length(hours_to) = 5),
      max_uses INTEGER CHECK (max_uses > 0),
      uses INTEGER NOT NULL DEFAULT 0 CHECK (uses >= 0),
      created_by TEXT NOT NULL CHECK (length(created_by) BETWEEN 1 AND 200),
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      engagement_ends_on TEXT CHECK (length(engagement_ends_on) = 10),
      ends_at INTEGER NOT NULL,
      last_used_at INTEGER,
      revoked_at INTEGER,
      revoked_for TEXT CHECK (revoked_for IN ('owner', 'expired', 'engagement_ended', 'unused', 'used_up', 'secret_gone')),
      UNIQUE (business_id, id),
      CHECK ((hours_from IS NULL) = (hours_to IS NULL)),
      CHECK (max_uses IS NULL OR uses <= max_uses),
      CHECK (ends_at <= expires_at AND expires_at - created_at <= 7776000000),
      CHECK ((uses = 0) = (last_used_at IS NULL)),
      CHECK ((revoked_at IS NULL) = (revoked_for IS NULL))
    ) STRICT, WITHOUT ROWID;

    CREATE INDEX secret_grant_newest ON secret_grant (created_at, id);
    CREATE INDEX secret_grant_unrevoked ON secret_grant (ends_at) WHERE revoked_at IS NULL;
    CREATE INDEX secret_grant_by_creator ON secret_grant (created_by);

    CREATE TABLE secret_grant_item (
      grant_id TEXT NOT NULL REFERENCES secret_grant (id),
      secret_id TEXT NOT NULL REFERENCES secret (id),
      business_id TEXT,
      PRIMARY KEY (grant_id, secret_id),
      FOREIGN KEY (business_id, grant_id) REFERENCES secret_grant (business_id, id),
      FOREIGN KEY (business_id, secret_id) REFERENCES secret (business_id, id)
    ) STRICT, WITHOUT ROWID;

    CREATE INDEX secret_grant_item_by_secret ON secret_grant_item (secret_id, grant_id);

    CREATE TABLE secret_grant_holder (
      grant_id TEXT PRIMARY KEY NOT NULL REFERENCES secret_grant (id),
      key BLOB NOT NULL CHECK (length(key) = 32),
      sealed BLOB NOT NULL CHECK (length(sealed) >= 29)
    ) STRICT, WITHOUT ROWID;

    CREATE TRIGGER secret_grant_stays_in_its_business BEFORE INSERT ON secret_grant_item
    WHEN (SELECT business_id FROM secret_grant WHERE id = NEW.grant_id) IS NOT NEW.business_id
      OR (SELECT business_id FROM secret WHERE id = NEW.secret_id) IS NOT NEW.business_id
    BEGIN SELECT RAISE(ABORT, 'a grant covers items of its own business alone'); END;

    CREATE TRIGGER secret_grant_limits_are_fixed
    BEFORE UPDATE OF id, business_id, mac, actions, hosts, methods, paths, weekdays, hours_from, hours_to, max_uses, created_by,
      created_at, expires_at, engagement_ends_on, ends_at ON secret_grant
    BEGIN SELECT RAISE(ABORT, 'the limits of a grant do not change'); END;

    CREATE TRIGGER secret_grant_uses_only_rise BEFORE UPDATE OF uses ON secret_grant WHEN NEW.uses <> OLD.uses + 1
    BEGIN SELECT RAISE(ABORT, 'the uses of a grant rise one by one'); END;
    CREATE TRIGGER secret_grant_is_used_in_force BEFORE UPDATE OF uses ON secret_grant
    WHEN OLD.revoked_at IS NOT NULL OR NEW.last_used_at >= OLD.ends_at
    BEGIN SELECT RAISE(ABORT, 'a grant that has ended is not used'); END;

    CREATE TRIGGER secret_grant_revocation_is_final BEFORE UPDATE OF revoked_at, revoked_for ON secret_grant
    WHEN OLD.revoked_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'a revoked grant stays revoked'); END;
    CREATE TRIGGER secret_grant_is_kept BEFORE DELETE ON secret_grant
    BEGIN SELECT RAISE(ABORT, 'grants are kept'); END;
    CREATE TRIGGER secret_grant_item_is_fixed BEFORE UPDATE ON secret_grant_item
    BEGIN SELECT RAISE(ABORT, 'the items of a grant do not change'); END;
    CREATE TRIGGER secret_grant_item_is_kept BEFORE DELETE ON secret_grant_item
    BEGIN SELECT RAISE(ABORT, 'the items of a grant do not change'); END;
  `,
}
