/** The stand-in's own file. `doc` holds the object as JSON in the wire's shape; the columns beside it exist to be searched. */
export const SCHEMA_VERSION = 1

export const SCHEMA = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE object (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  created INTEGER NOT NULL,
  status TEXT,
  customer TEXT,
  invoice TEXT,
  payment_intent TEXT,
  charge TEXT,
  source TEXT,
  kind TEXT,
  currency TEXT,
  email TEXT,
  number TEXT,
  token TEXT,
  doc TEXT NOT NULL
) STRICT;
CREATE INDEX object_by_time ON object (type, created, seq);
CREATE INDEX object_by_customer ON object (customer, type, created, seq) WHERE customer IS NOT NULL;
CREATE INDEX object_by_invoice ON object (invoice, type, created, seq) WHERE invoice IS NOT NULL;
CREATE INDEX object_by_intent ON object (payment_intent, type, created, seq) WHERE payment_intent IS NOT NULL;
CREATE INDEX object_by_charge ON object (charge, type, created, seq) WHERE charge IS NOT NULL;
CREATE INDEX object_by_source ON object (source, type, created, seq) WHERE source IS NOT NULL;
CREATE INDEX object_by_email ON object (email, type, created, seq) WHERE email IS NOT NULL;
CREATE UNIQUE INDEX object_by_number ON object (number) WHERE number IS NOT NULL;
CREATE UNIQUE INDEX object_by_token ON object (token) WHERE token IS NOT NULL;

CREATE TABLE event (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  created INTEGER NOT NULL,
  doc TEXT NOT NULL
) STRICT;
CREATE INDEX event_by_time ON event (created, seq);
CREATE INDEX event_by_type ON event (type, created, seq);

-- One row per event and endpoint still owed; delivered rows are deleted. endpoint '' is the door the app was started with.
CREATE TABLE delivery (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  event TEXT NOT NULL REFERENCES event (id),
  endpoint TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0 CHECK (failed IN (0, 1))
) STRICT;
CREATE INDEX delivery_by_event ON delivery (event);

CREATE TABLE idempotency (
  key TEXT PRIMARY KEY,
  path TEXT NOT NULL,
  params TEXT NOT NULL,
  status INTEGER NOT NULL,
  body TEXT NOT NULL,
  request TEXT NOT NULL,
  created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_time ON idempotency (created);

CREATE TABLE call (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  method TEXT NOT NULL,
  path TEXT NOT NULL,
  key TEXT,
  status INTEGER NOT NULL
) STRICT;
`
