import type { Migration } from '../migrate'

export const businesses: Migration = {
  version: 3,
  name: 'businesses',
  up: `
    CREATE TABLE business (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
      currency TEXT NOT NULL CHECK (length(currency) = 3),
      country TEXT NOT NULL CHECK (length(country) = 2),
      time_zone TEXT NOT NULL,
      mode TEXT CHECK (mode IN ('test', 'live', 'practice')),
      invoice_prefix TEXT NOT NULL DEFAULT 'INV'
        CHECK (length(invoice_prefix) BETWEEN 1 AND 12 AND invoice_prefix NOT GLOB '*[^A-Z0-9]*'),
      created_at INTEGER NOT NULL,
      version INTEGER NOT NULL DEFAULT 1
    ) STRICT;

    CREATE TRIGGER business_mode_is_fixed BEFORE UPDATE OF mode ON business
    WHEN OLD.mode IS NOT NULL AND NEW.mode IS NOT OLD.mode
    BEGIN SELECT RAISE(ABORT, 'a business is test or live for ever'); END;

    CREATE TABLE rate (
      business_id TEXT NOT NULL REFERENCES business (id),
      base TEXT NOT NULL,
      quote TEXT NOT NULL,
      on_date TEXT NOT NULL,
      rate TEXT NOT NULL,
      set_at INTEGER NOT NULL,
      set_by TEXT NOT NULL,
      PRIMARY KEY (business_id, base, quote, on_date)
    ) STRICT, WITHOUT ROWID;
  `,
}
