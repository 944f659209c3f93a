import type { Migration } from '../migrate'

/**
 * Connected providers, and what the providers told. An event keeps its kind and the id of its object, never its payload: payloads hold
 * personal data, and the object is read again before anything is done about it. `delays` counts waits for an unreachable provider;
 * `attempts` counts failures that lead to the dead-letter list.
 */
export const events: Migration = {
  version: 10,
  name: 'events',
  up: `
    CREATE TABLE integration (
      id TEXT PRIMARY KEY NOT NULL,
      business_id TEXT NOT NULL REFERENCES business (id),
      provider TEXT NOT NULL CHECK (provider IN ('stripe')),
      mode TEXT NOT NULL CHECK (mode IN ('test', 'live', 'practice')),
      account_ref TEXT NOT NULL,
      path_token TEXT NOT NULL UNIQUE CHECK (length(path_token) = 22),
      secret_id TEXT,
      webhook_previous INTEGER CHECK (webhook_previous >= 1),
      webhook_rotated_at INTEGER,
      key_hint TEXT,
      connected_at INTEGER NOT NULL,
      disconnected_at INTEGER,
      last_sync_at INTEGER,
      cursor_at INTEGER NOT NULL,
      complete_since INTEGER NOT NULL,
      problem TEXT,
      UNIQUE (business_id, provider),
      UNIQUE (business_id, id),
      CHECK ((disconnected_at IS NULL) = (secret_id IS NOT NULL)),
      CHECK ((secret_id IS NULL) = (key_hint IS NULL)),
      CHECK (secret_id IS NOT NULL OR webhook_previous IS NULL),
      CHECK ((webhook_previous IS NULL) = (webhook_rotated_at IS NULL)),
      FOREIGN KEY (business_id, secret_id) REFERENCES secret (business_id, id)
    ) STRICT;

    CREATE TRIGGER integration_is_kept BEFORE DELETE ON integration
    BEGIN SELECT RAISE(ABORT, 'an integration is disconnected, never deleted'); END;

    CREATE TRIGGER integration_identity_is_fixed BEFORE UPDATE ON integration
    WHEN NEW.id IS NOT OLD.id OR NEW.business_id IS NOT OLD.business_id OR NEW.provider IS NOT OLD.provider
      OR NEW.mode IS NOT OLD.mode OR NEW.path_token IS NOT OLD.path_token
    BEGIN SELECT RAISE(ABORT, 'an integration keeps its business, provider, mode and path'); END;

    CREATE TABLE provider_event (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      business_id TEXT NOT NULL,
      integration_id TEXT NOT NULL,
      provider_event_id TEXT NOT NULL CHECK (length(provider_event_id) BETWEEN 1 AND 255),
      type TEXT NOT NULL CHECK (length(type) BETWEEN 1 AND 255),
      object_kind TEXT NOT NULL,
      object_id TEXT,
      occurred_at INTEGER NOT NULL,
      received_at INTEGER NOT NULL,
      via TEXT NOT NULL CHECK (via IN ('webhook', 'poll')),
      status TEXT NOT NULL CHECK (status IN ('pending', 'applied', 'ignored', 'dead')),
      attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
      delays INTEGER NOT NULL DEFAULT 0 CHECK (delays >= 0),
      next_at INTEGER NOT NULL,
      problem TEXT,
      UNIQUE (integration_id, provider_event_id),
      FOREIGN KEY (business_id, integration_id) REFERENCES integration (business_id, id)
    ) STRICT;

    CREATE INDEX provider_event_due ON provider_event (next_at, seq) WHERE status = 'pending';
    CREATE INDEX provider_event_gaps ON provider_event (integration_id, seq) WHERE status IN ('pending', 'dead');
    CREATE INDEX provider_event_newest ON provider_event (business_id, seq);

    CREATE TRIGGER provider_event_is_kept BEFORE DELETE ON provider_event
    BEGIN SELECT RAISE(ABORT, 'a provider event is kept'); END;

    CREATE TRIGGER provider_event_is_fixed BEFORE UPDATE ON provider_event
    WHEN NEW.seq IS NOT OLD.seq OR NEW.id IS NOT OLD.id OR NEW.business_id IS NOT OLD.business_id
      OR NEW.integration_id IS NOT OLD.integration_id OR NEW.provider_event_id IS NOT OLD.provider_event_id
      OR NEW.type IS NOT OLD.type OR NEW.object_kind IS NOT OLD.object_kind OR NEW.object_id IS NOT OLD.object_id
      OR NEW.occurred_at IS NOT OLD.occurred_at OR NEW.received_at IS NOT OLD.received_at OR NEW.via IS NOT OLD.via
    BEGIN SELECT RAISE(ABORT, 'what the provider told is not changed'); END;
  `,
}
