import type { Migration } from '../migrate'

/**
 * Personal data of customers, sealed under a key of their own person (`subject`), so that forgetting the key forgets the person while
 * invoices and entries stay. Every version of a profile is kept: an issued invoice names the version it was issued to.
 * `provider_version` is the version that the provider has, NULL when that is not certain.
 * `changed` counts writes per business; the in-memory directory reads on from the last count it knows.
 */
export const customers: Migration = {
  version: 6,
  name: 'customers',
  up: `
    CREATE TABLE subject (
      id TEXT PRIMARY KEY NOT NULL,
      business_id TEXT NOT NULL REFERENCES business (id),
      key BLOB CHECK (length(key) = 32),
      created_at INTEGER NOT NULL,
      erased_at INTEGER,
      UNIQUE (business_id, id),
      CHECK ((key IS NULL) = (erased_at IS NOT NULL))
    ) STRICT;

    CREATE TABLE customer (
      id TEXT PRIMARY KEY NOT NULL,
      business_id TEXT NOT NULL,
      subject_id TEXT NOT NULL,
      provider_ref TEXT CHECK (length(provider_ref) BETWEEN 1 AND 255),
      provider_version INTEGER,
      version INTEGER NOT NULL CHECK (version >= 1),
      changed INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      UNIQUE (business_id, id),
      UNIQUE (business_id, subject_id),
      UNIQUE (business_id, changed),
      CHECK (provider_version IS NULL OR (provider_ref IS NOT NULL AND provider_version BETWEEN 1 AND version)),
      FOREIGN KEY (business_id, subject_id) REFERENCES subject (business_id, id)
    ) STRICT;

    CREATE TABLE customer_profile (
      business_id TEXT NOT NULL,
      customer_id TEXT NOT NULL,
      version INTEGER NOT NULL CHECK (version >= 1),
      sealed BLOB NOT NULL CHECK (length(sealed) >= 29),
      PRIMARY KEY (customer_id, version),
      FOREIGN KEY (business_id, customer_id) REFERENCES customer (business_id, id)
    ) STRICT, WITHOUT ROWID;

    CREATE TRIGGER subject_is_only_erased BEFORE UPDATE ON subject
    WHEN NEW.id IS NOT OLD.id OR NEW.business_id IS NOT OLD.business_id OR NEW.created_at IS NOT OLD.created_at
      OR NEW.key IS NOT NULL OR OLD.erased_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'a subject can only be erased, once'); END;

    CREATE TRIGGER customer_identity_is_fixed BEFORE UPDATE ON customer
    WHEN NEW.id IS NOT OLD.id OR NEW.business_id IS NOT OLD.business_id OR NEW.subject_id IS NOT OLD.subject_id
      OR NEW.created_at IS NOT OLD.created_at OR NEW.version NOT IN (OLD.version, OLD.version + 1)
    BEGIN SELECT RAISE(ABORT, 'a customer keeps its identity and its version rises by one'); END;

    CREATE TRIGGER customer_profile_is_kept BEFORE UPDATE ON customer_profile
    BEGIN SELECT RAISE(ABORT, 'a version of a profile is not changed'); END;
  `,
}
