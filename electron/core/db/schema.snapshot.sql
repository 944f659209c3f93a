CREATE TABLE account (
  id INTEGER PRIMARY KEY CHECK (id > 0),
  book_id INTEGER NOT NULL REFERENCES book (id),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 3 AND 200),
  type TEXT NOT NULL CHECK (type IN ('assets', 'liabilities', 'equity', 'income', 'expenses')),
  created_at INTEGER NOT NULL,
  import_id INTEGER,
  UNIQUE (book_id, name),
  UNIQUE (book_id, id),
  FOREIGN KEY (book_id, import_id) REFERENCES import (book_id, id),
  CHECK (substr(name, 1, length(type) + 1) = type || ':' AND length(name) > length(type) + 1)
) STRICT;

CREATE TABLE account_total (
  book_id INTEGER NOT NULL,
  account_id INTEGER NOT NULL,
  currency TEXT NOT NULL,
  import_id INTEGER NOT NULL,
  minor INTEGER NOT NULL CHECK (minor BETWEEN -9007199254740991 AND 9007199254740991),
  PRIMARY KEY (book_id, account_id, currency, import_id),
  FOREIGN KEY (book_id, account_id) REFERENCES account (book_id, id)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE approval_consent (
  approval_id TEXT NOT NULL REFERENCES approval (id),
  turn INTEGER NOT NULL CHECK (turn IN (1, 2)),
  actor TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (approval_id, turn)
) STRICT, WITHOUT ROWID;

CREATE TABLE approval_rule (
  approval_id TEXT NOT NULL REFERENCES approval (id),
  policy_id TEXT NOT NULL REFERENCES policy (id),
  PRIMARY KEY (approval_id, policy_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_anchor (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
  path TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  removed_at INTEGER
) STRICT;

CREATE TABLE audit_head (
  size INTEGER PRIMARY KEY REFERENCES audit_row (seq),
  root BLOB NOT NULL CHECK (length(root) = 32),
  at INTEGER NOT NULL,
  signature BLOB NOT NULL CHECK (length(signature) = 64)
) STRICT;

CREATE TABLE audit_node (
  level INTEGER NOT NULL CHECK (level >= 6),
  position INTEGER NOT NULL CHECK (position >= 0),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (level, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_profile (
  only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
  id TEXT NOT NULL CHECK (length(id) BETWEEN 1 AND 40)
) STRICT;

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

CREATE TABLE audit_subject (
  subject_id TEXT NOT NULL,
  seq INTEGER NOT NULL REFERENCES audit_row (seq),
  PRIMARY KEY (subject_id, seq)
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

CREATE TABLE balance (
  book_id INTEGER NOT NULL,
  account_id INTEGER NOT NULL,
  currency TEXT NOT NULL,
  month INTEGER NOT NULL CHECK (month BETWEEN 190001 AND 219912),
  import_id INTEGER NOT NULL,
  minor INTEGER NOT NULL CHECK (minor BETWEEN -9007199254740991 AND 9007199254740991),
  PRIMARY KEY (book_id, account_id, currency, month, import_id),
  FOREIGN KEY (book_id, account_id) REFERENCES account (book_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE book (
  id INTEGER PRIMARY KEY,
  business_id TEXT NOT NULL UNIQUE REFERENCES business (id)
) STRICT;

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

CREATE TABLE code_generator (
  id TEXT PRIMARY KEY NOT NULL,
  label TEXT NOT NULL CHECK (length(label) BETWEEN 1 AND 60),
  sealed BLOB NOT NULL CHECK (length(sealed) = 49),
  created_at INTEGER NOT NULL,
  confirmed_at INTEGER,
  last_step INTEGER NOT NULL CHECK (last_step >= 0)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE early_refund (
  business_id TEXT NOT NULL REFERENCES business (id),
  provider_ref TEXT NOT NULL,
  payment_ref TEXT NOT NULL,
  refund_id TEXT,
  currency TEXT NOT NULL,
  amount INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('pending', 'succeeded', 'failed')),
  failure_reason TEXT,
  fee INTEGER,
  fee_currency TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (business_id, provider_ref)
) STRICT, WITHOUT ROWID;

CREATE TABLE entry_day (
  book_id INTEGER NOT NULL REFERENCES book (id),
  occurred_on TEXT NOT NULL,
  import_id INTEGER NOT NULL,
  entries INTEGER NOT NULL CHECK (entries >= 0),
  unvalued INTEGER NOT NULL CHECK (unvalued BETWEEN 0 AND entries),
  PRIMARY KEY (book_id, occurred_on, import_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE factor_use (
  factor_id TEXT PRIMARY KEY NOT NULL CHECK (length(factor_id) BETWEEN 1 AND 64),
  last_used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE import (
  id INTEGER PRIMARY KEY CHECK (id > 0),
  book_id INTEGER NOT NULL REFERENCES book (id),
  status TEXT NOT NULL CHECK (status IN ('staging', 'published', 'cancelled', 'failed')),
  first_entry INTEGER NOT NULL,
  first_on TEXT NOT NULL,
  imported INTEGER NOT NULL CHECK (imported >= 0),
  skipped INTEGER NOT NULL CHECK (skipped >= 0),
  sha256 BLOB CHECK (length(sha256) = 32),
  problem TEXT,
  started_at INTEGER NOT NULL,
  tidied INTEGER NOT NULL CHECK (tidied IN (0, 1)),
  UNIQUE (book_id, id),
  CHECK ((status = 'published') = (sha256 IS NOT NULL))
) STRICT;

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

CREATE TABLE invoice (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  business_id TEXT NOT NULL REFERENCES business (id),
  customer_id TEXT NOT NULL,
  customer_version INTEGER,
  number_seq INTEGER CHECK (number_seq >= 1),
  number TEXT,
  status TEXT NOT NULL CHECK (status IN ('draft', 'sending', 'open', 'paid', 'void', 'uncollectible')),
  voiding INTEGER NOT NULL DEFAULT 0 CHECK (voiding IN (0, 1)),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  issued_on TEXT,
  due_on TEXT NOT NULL,
  memo TEXT,
  subtotal INTEGER NOT NULL CHECK (subtotal >= 0),
  tax INTEGER NOT NULL CHECK (tax >= 0),
  total INTEGER NOT NULL,
  amount_paid INTEGER NOT NULL DEFAULT 0 CHECK (amount_paid >= 0),
  provider_ref TEXT,
  hosted_url TEXT,
  problem TEXT,
  void_reason TEXT,
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  UNIQUE (business_id, id),
  UNIQUE (business_id, number_seq),
  UNIQUE (business_id, number),
  UNIQUE (business_id, provider_ref),
  FOREIGN KEY (business_id, customer_id) REFERENCES customer (business_id, id),
  FOREIGN KEY (customer_id, customer_version) REFERENCES customer_profile (customer_id, version),
  CHECK (total = subtotal + tax),
  CHECK ((number IS NULL) = (number_seq IS NULL)),
  CHECK ((number IS NULL) = (issued_on IS NULL)),
  CHECK ((number IS NULL) = (customer_version IS NULL)),
  CHECK (status = 'void' OR (status = 'draft') = (number IS NULL)),
  CHECK (voiding = 0 OR status IN ('open', 'uncollectible'))
) STRICT;

CREATE TABLE invoice_line (
  business_id TEXT NOT NULL,
  invoice_id TEXT NOT NULL,
  position INTEGER NOT NULL CHECK (position >= 0),
  description TEXT NOT NULL,
  quantity TEXT NOT NULL,
  unit_price INTEGER NOT NULL CHECK (unit_price >= 0),
  tax_rate TEXT,
  account TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount >= 0),
  tax INTEGER NOT NULL CHECK (tax >= 0),
  PRIMARY KEY (invoice_id, position),
  FOREIGN KEY (business_id, invoice_id) REFERENCES invoice (business_id, id)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE invoice_text USING fts5 (
  words, content = '', contentless_delete = 1, detail = full, prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TABLE 'invoice_text_config'(k PRIMARY KEY, v) WITHOUT ROWID;

CREATE TABLE 'invoice_text_data'(id INTEGER PRIMARY KEY, block BLOB);

CREATE TABLE 'invoice_text_docsize'(id INTEGER PRIMARY KEY, sz BLOB, origin INTEGER);

CREATE TABLE 'invoice_text_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

CREATE TABLE journal_entry (
  id INTEGER PRIMARY KEY CHECK (id > 0),
  book_id INTEGER NOT NULL REFERENCES book (id),
  occurred_on TEXT NOT NULL CHECK (occurred_on IS date(occurred_on) AND length(occurred_on) = 10),
  description TEXT NOT NULL CHECK (length(description) BETWEEN 1 AND 500),
  source_kind TEXT NOT NULL
    CHECK (source_kind IN ('manual', 'invoice', 'payment', 'fee', 'refund', 'reversal', 'import')),
  source_id TEXT NOT NULL CHECK (octet_length(source_id) BETWEEN 1 AND 800),
  lines INTEGER NOT NULL CHECK (lines BETWEEN 2 AND 200),
  valued INTEGER NOT NULL CHECK (valued IN (0, 1)),
  posted_at INTEGER NOT NULL,
  import_id INTEGER,
  reverses INTEGER CHECK (reverses < id) REFERENCES journal_entry (id),
  provider_on TEXT CHECK (provider_on IS date(provider_on)),
  UNIQUE (book_id, occurred_on, id, lines),
  UNIQUE (book_id, source_kind, source_id),
  FOREIGN KEY (book_id, import_id) REFERENCES import (book_id, id),
  FOREIGN KEY (id, lines) REFERENCES posting (entry_id, line) DEFERRABLE INITIALLY DEFERRED,
  CHECK ((source_kind = 'import') = (import_id IS NOT NULL)),
  CHECK ((source_kind = 'reversal') = (reverses IS NOT NULL))
) STRICT;

CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  business_id TEXT NOT NULL REFERENCES business (id),
  kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 60),
  subject_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'paused', 'pending', 'done', 'declined')),
  attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  next_at INTEGER NOT NULL,
  first_attempt_at INTEGER,
  last_problem TEXT,
  created_at INTEGER NOT NULL,
  finished_at INTEGER,
  CHECK ((finished_at IS NULL) = (state IN ('waiting', 'paused'))),
  CHECK (attempts = 0 OR first_attempt_at IS NOT NULL),
  CHECK (state <> 'paused' OR last_problem IS NOT NULL)
) STRICT;

CREATE TABLE pause (
  only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
  since INTEGER NOT NULL,
  by_actor TEXT NOT NULL CHECK (length(by_actor) BETWEEN 1 AND 200),
  reason TEXT CHECK (length(reason) BETWEEN 1 AND 300),
  after_audit_row INTEGER NOT NULL CHECK (after_audit_row >= 0)
) STRICT;

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

CREATE TABLE payee_setting (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  quarantine_hours INTEGER NOT NULL CHECK (quarantine_hours BETWEEN 24 AND 72)
) STRICT;

CREATE TABLE payment (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  business_id TEXT NOT NULL REFERENCES business (id),
  invoice_id TEXT NOT NULL,
  customer_id TEXT NOT NULL,
  provider_ref TEXT NOT NULL,
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  amount INTEGER NOT NULL CHECK (amount > 0),
  fee INTEGER CHECK (fee >= 0),
  net INTEGER,
  balance_currency TEXT CHECK (length(balance_currency) = 3),
  exchange_rate TEXT,
  refunded INTEGER NOT NULL DEFAULT 0 CHECK (refunded BETWEEN 0 AND amount),
  received_at INTEGER NOT NULL,
  received_on TEXT NOT NULL,
  UNIQUE (business_id, id),
  UNIQUE (business_id, provider_ref),
  FOREIGN KEY (business_id, invoice_id) REFERENCES invoice (business_id, id),
  FOREIGN KEY (business_id, customer_id) REFERENCES customer (business_id, id),
  CHECK ((fee IS NULL) = (net IS NULL) AND (fee IS NULL) = (balance_currency IS NULL)),
  CHECK (fee IS NULL OR (balance_currency = currency) = (exchange_rate IS NULL)),
  CHECK (fee IS NULL OR balance_currency <> currency OR fee + net = amount)
) STRICT;

CREATE TABLE period_close (
  book_id INTEGER NOT NULL REFERENCES book (id),
  through TEXT NOT NULL CHECK (through IS date(through) AND length(through) = 10),
  closed_at INTEGER NOT NULL,
  PRIMARY KEY (book_id, through)
) STRICT, WITHOUT ROWID;

CREATE TABLE plan (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
  proposed_by TEXT NOT NULL,
  steps INTEGER NOT NULL CHECK (steps BETWEEN 1 AND 50),
  created_at INTEGER NOT NULL
) STRICT;

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

CREATE TABLE posting (
  entry_id INTEGER NOT NULL,
  line INTEGER NOT NULL CHECK (line BETWEEN 1 AND lines),
  lines INTEGER NOT NULL,
  book_id INTEGER NOT NULL,
  account_id INTEGER NOT NULL,
  currency TEXT NOT NULL CHECK (currency GLOB '[A-Z][A-Z][A-Z]'),
  amount_minor INTEGER NOT NULL CHECK (amount_minor BETWEEN -9007199254740991 AND 9007199254740991),
  base_minor INTEGER CHECK (base_minor BETWEEN -9007199254740991 AND 9007199254740991),
  rate TEXT,
  occurred_on TEXT NOT NULL,
  import_id INTEGER,
  PRIMARY KEY (entry_id, line),
  FOREIGN KEY (book_id, occurred_on, entry_id, lines) REFERENCES journal_entry (book_id, occurred_on, id, lines),
  FOREIGN KEY (book_id, account_id) REFERENCES account (book_id, id)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE refund (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  business_id TEXT NOT NULL,
  payment_id TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  reason TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('submitted', 'pending', 'succeeded', 'declined')),
  problem TEXT,
  provider_ref TEXT,
  /* Taken out of the provider's balance in the balance's own currency, once posted there. */
  balance_amount INTEGER CHECK (balance_amount >= 0),
  fee INTEGER CHECK (fee >= 0),
  fee_currency TEXT,
  requested_at INTEGER NOT NULL,
  UNIQUE (business_id, id),
  UNIQUE (business_id, provider_ref),
  FOREIGN KEY (business_id, payment_id) REFERENCES payment (business_id, id),
  CHECK ((fee IS NULL) = (fee_currency IS NULL))
) STRICT;

CREATE TABLE refund_share (
  business_id TEXT NOT NULL,
  refund_id TEXT NOT NULL,
  account TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  PRIMARY KEY (refund_id, account),
  FOREIGN KEY (business_id, refund_id) REFERENCES refund (business_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE request (
  actor TEXT NOT NULL,
  procedure TEXT NOT NULL,
  request_id TEXT NOT NULL,
  body_digest BLOB NOT NULL CHECK (length(body_digest) = 32),
  outcome TEXT CHECK (outcome IS NULL OR json_valid(outcome)),
  at INTEGER NOT NULL,
  PRIMARY KEY (actor, procedure, request_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE schedule_run (
  name TEXT PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 60),
  handled_at INTEGER NOT NULL,
  outcome TEXT CHECK (outcome IN ('done', 'failed')),
  problem TEXT,
  skipped INTEGER NOT NULL DEFAULT 0 CHECK (skipped >= 0),
  asked_at INTEGER,
  CHECK ((problem IS NOT NULL) = (outcome IS 'failed'))
) STRICT, WITHOUT ROWID;

CREATE TABLE secret (
  id TEXT PRIMARY KEY NOT NULL,
  business_id TEXT REFERENCES business (id),
  kind TEXT NOT NULL CHECK (kind IN ('api_key', 'login', 'card', 'bank_account', 'note', 'file', 'stripe', 'upwork')),
  title TEXT NOT NULL CHECK (length(title) <= 200),
  sort_title TEXT NOT NULL,
  words TEXT NOT NULL,
  tags TEXT NOT NULL CHECK (json_valid(tags)),
  hint TEXT CHECK (length(hint) BETWEEN 1 AND 100),
  hosts TEXT NOT NULL CHECK (json_valid(hosts)),
  sensitive INTEGER NOT NULL CHECK (sensitive IN (0, 1)),
  version INTEGER NOT NULL CHECK (version >= 1),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  last_used_at INTEGER,
  deleted_at INTEGER,
  destroyed_at INTEGER,
  rotate_every_days INTEGER CHECK (rotate_every_days BETWEEN 1 AND 3650),
  values_changed_at INTEGER NOT NULL,
  due_at INTEGER,
  rotation_phase TEXT NOT NULL DEFAULT 'none' CHECK (rotation_phase IN ('none', 'added', 'tested', 'overlap')),
  rotation_tested_at INTEGER,
  rotation_problem TEXT,
  rotation_from INTEGER CHECK (rotation_from BETWEEN 1 AND version),
  retires_at INTEGER,
  UNIQUE (business_id, id),
  CHECK ((rotation_phase = 'overlap') = (retires_at IS NOT NULL)),
  CHECK ((rotation_phase = 'overlap') = (rotation_from IS NOT NULL)),
  CHECK (rotation_phase <> 'none' OR (rotation_tested_at IS NULL AND rotation_problem IS NULL)),
  CHECK (rotation_phase <> 'tested' OR (rotation_tested_at IS NOT NULL AND rotation_problem IS NULL)),
  CHECK (destroyed_at IS NULL OR (deleted_at IS NOT NULL AND title = '' AND hint IS NULL AND rotation_phase = 'none'))
) STRICT;

CREATE TABLE secret_attachment (
  id TEXT PRIMARY KEY NOT NULL,
  secret_id TEXT NOT NULL REFERENCES secret (id),
  name TEXT NOT NULL CHECK (length(name) <= 200),
  media_type TEXT NOT NULL CHECK (length(media_type) <= 100),
  bytes INTEGER NOT NULL CHECK (bytes BETWEEN 0 AND 52428800),
  chunks INTEGER NOT NULL CHECK (chunks BETWEEN 1 AND 800),
  sealed_key BLOB CHECK (length(sealed_key) = 61),
  state TEXT NOT NULL CHECK (state IN ('staged', 'kept', 'removed')),
  created_at INTEGER NOT NULL,
  CHECK ((state = 'removed') = (sealed_key IS NULL)),
  CHECK (state <> 'removed' OR name = '')
) STRICT, WITHOUT ROWID;

CREATE TABLE secret_attachment_chunk (
  attachment_id TEXT NOT NULL REFERENCES secret_attachment (id),
  position INTEGER NOT NULL CHECK (position >= 0),
  sealed BLOB NOT NULL CHECK (length(sealed) >= 29),
  PRIMARY KEY (attachment_id, position)
) STRICT;

CREATE TABLE secret_field (
  secret_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
  position INTEGER NOT NULL CHECK (position >= 0),
  type TEXT NOT NULL CHECK (type IN ('text', 'hidden', 'multiline', 'url', 'email', 'phone', 'date', 'totp')),
  sealed BLOB NOT NULL CHECK (length(sealed) >= 29),
  PRIMARY KEY (secret_id, version, name),
  FOREIGN KEY (secret_id, version) REFERENCES secret_version (secret_id, version)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE secret_grant_holder (
  grant_id TEXT PRIMARY KEY NOT NULL REFERENCES secret_grant (id),
  key BLOB NOT NULL CHECK (length(key) = 32),
  sealed BLOB NOT NULL CHECK (length(sealed) >= 29)
) STRICT, WITHOUT ROWID;

CREATE TABLE secret_grant_item (
  grant_id TEXT NOT NULL REFERENCES secret_grant (id),
  secret_id TEXT NOT NULL REFERENCES secret (id),
  business_id TEXT,
  PRIMARY KEY (grant_id, secret_id),
  FOREIGN KEY (business_id, grant_id) REFERENCES secret_grant (business_id, id),
  FOREIGN KEY (business_id, secret_id) REFERENCES secret (business_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE secret_use (
  seq INTEGER PRIMARY KEY,
  secret_id TEXT NOT NULL REFERENCES secret (id),
  at INTEGER NOT NULL,
  actor TEXT NOT NULL CHECK (length(actor) BETWEEN 1 AND 200),
  door TEXT NOT NULL CHECK (length(door) BETWEEN 1 AND 200),
  action TEXT NOT NULL
    CHECK (action IN ('created', 'changed', 'revealed', 'copied', 'used', 'tested', 'rotated', 'exported', 'deleted')),
  procedure TEXT NOT NULL CHECK (length(procedure) BETWEEN 1 AND 200),
  host TEXT CHECK (length(host) BETWEEN 1 AND 253),
  field TEXT CHECK (length(field) BETWEEN 1 AND 60),
  outcome TEXT NOT NULL CHECK (length(outcome) BETWEEN 1 AND 200),
  audit_seq INTEGER NOT NULL REFERENCES audit_row (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT;

CREATE TABLE secret_version (
  secret_id TEXT NOT NULL REFERENCES secret (id),
  version INTEGER NOT NULL CHECK (version >= 1),
  at INTEGER NOT NULL,
  actor TEXT NOT NULL CHECK (length(actor) BETWEEN 1 AND 200),
  title TEXT NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
  changed TEXT NOT NULL CHECK (json_valid(changed)),
  sealed_key BLOB NOT NULL CHECK (length(sealed_key) = 61),
  PRIMARY KEY (secret_id, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE secret_warning (
  secret_id TEXT NOT NULL REFERENCES secret (id),
  due_at INTEGER NOT NULL,
  stage TEXT NOT NULL CHECK (stage IN ('14', '7', '1', 'overdue')),
  at INTEGER NOT NULL,
  PRIMARY KEY (secret_id, due_at, stage)
) STRICT, WITHOUT ROWID;

CREATE TABLE subject (
  id TEXT PRIMARY KEY NOT NULL,
  business_id TEXT NOT NULL REFERENCES business (id),
  key BLOB CHECK (length(key) = 32),
  created_at INTEGER NOT NULL,
  erased_at INTEGER,
  UNIQUE (business_id, id),
  CHECK ((key IS NULL) = (erased_at IS NOT NULL))
) STRICT;

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

CREATE TABLE turnover (
  book_id INTEGER NOT NULL REFERENCES book (id),
  currency TEXT NOT NULL,
  import_id INTEGER NOT NULL,
  debit_minor INTEGER NOT NULL CHECK (debit_minor BETWEEN 0 AND 9007199254740991),
  PRIMARY KEY (book_id, currency, import_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE vault_setting (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  while_locked TEXT NOT NULL CHECK (while_locked IN ('everything', 'watch_only')),
  idle_minutes INTEGER NOT NULL CHECK (idle_minutes BETWEEN 1 AND 60)
) STRICT;

CREATE INDEX approval_by_business ON approval (business_id, created_at);

CREATE INDEX approval_by_status ON approval (status, created_at);

CREATE UNIQUE INDEX approval_of_plan ON approval (plan_id, plan_step) WHERE plan_id IS NOT NULL;

CREATE UNIQUE INDEX audit_anchor_in_use ON audit_anchor (path) WHERE removed_at IS NULL;

CREATE UNIQUE INDEX backup_by_file ON backup (ifnull(place, ''), file_name);

CREATE INDEX backup_newest ON backup (created_at, id);

CREATE UNIQUE INDEX code_generator_is_one ON code_generator (confirmed_at IS NULL);

CREATE INDEX command_fact_by_day ON command_fact (business_id, procedure, on_date, base_minor)
  WHERE outcome = 'done' AND amount_minor IS NOT NULL;

CREATE INDEX command_fact_by_payee ON command_fact (business_id, payee, procedure, at, base_minor)
  WHERE outcome = 'done' AND amount_minor IS NOT NULL AND payee IS NOT NULL;

CREATE INDEX early_refund_by_payment ON early_refund (business_id, payment_ref);

CREATE UNIQUE INDEX entry_reversed_once ON journal_entry (reverses) WHERE reverses IS NOT NULL;

CREATE UNIQUE INDEX import_running ON import (book_id) WHERE status = 'staging';

CREATE INDEX import_untidy ON import (id) WHERE tidied = 0;

CREATE INDEX invoice_by_customer ON invoice (business_id, customer_id, seq);

CREATE INDEX invoice_by_status ON invoice (business_id, status, seq, due_on);

CREATE INDEX invoice_newest ON invoice (business_id, seq);

CREATE INDEX outbox_by_subject ON outbox (business_id, subject_id, seq);

CREATE INDEX outbox_due ON outbox (next_at, seq) WHERE state = 'waiting';

CREATE INDEX payment_by_customer ON payment (business_id, customer_id, received_at, seq);

CREATE INDEX payment_by_invoice ON payment (business_id, invoice_id, received_at, seq);

CREATE INDEX payment_newest ON payment (business_id, received_at, seq);

CREATE UNIQUE INDEX policy_in_force ON policy (procedure, coalesce(business_id, ''), identity) WHERE replaced_at IS NULL;

CREATE INDEX posting_by_account
  ON posting (account_id, currency, occurred_on, entry_id, line, amount_minor, import_id);

CREATE INDEX provider_event_due ON provider_event (next_at, seq) WHERE status = 'pending';

CREATE INDEX provider_event_gaps ON provider_event (integration_id, seq) WHERE status IN ('pending', 'dead');

CREATE INDEX provider_event_newest ON provider_event (business_id, seq);

CREATE INDEX refund_by_payment ON refund (business_id, payment_id, seq);

CREATE INDEX secret_attachment_kept ON secret_attachment (secret_id, id) WHERE state = 'kept';

CREATE INDEX secret_by_due ON secret (due_at, id) WHERE due_at IS NOT NULL AND deleted_at IS NULL;

CREATE INDEX secret_by_retiring ON secret (retires_at) WHERE retires_at IS NOT NULL;

CREATE INDEX secret_by_title ON secret (sort_title, id) WHERE destroyed_at IS NULL;

CREATE INDEX secret_grant_by_creator ON secret_grant (created_by);

CREATE INDEX secret_grant_item_by_secret ON secret_grant_item (secret_id, grant_id);

CREATE INDEX secret_grant_newest ON secret_grant (created_at, id);

CREATE INDEX secret_grant_unrevoked ON secret_grant (ends_at) WHERE revoked_at IS NULL;

CREATE INDEX secret_in_bin ON secret (deleted_at) WHERE deleted_at IS NOT NULL AND destroyed_at IS NULL;

CREATE INDEX secret_use_by_actor ON secret_use (actor, secret_id, at);

CREATE INDEX secret_use_by_proof ON secret_use (audit_seq);

CREATE INDEX secret_use_newest ON secret_use (secret_id, seq);

CREATE TRIGGER account_is_fixed BEFORE UPDATE ON account
WHEN NEW.id IS NOT OLD.id OR NEW.book_id IS NOT OLD.book_id OR NEW.name IS NOT OLD.name OR NEW.type IS NOT OLD.type
  OR NEW.import_id IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an account keeps its name and type'); END;

CREATE TRIGGER account_is_kept BEFORE DELETE ON account
WHEN OLD.import_id IS NULL OR (SELECT status FROM import WHERE id = OLD.import_id) NOT IN ('cancelled', 'failed')
BEGIN SELECT RAISE(ABORT, 'accounts are kept'); END;

CREATE TRIGGER account_of_import_needs_staging BEFORE INSERT ON account
WHEN NEW.import_id IS NOT NULL AND (SELECT status FROM import WHERE id = NEW.import_id) IS NOT 'staging'
BEGIN SELECT RAISE(ABORT, 'only a running import brings accounts'); END;

CREATE TRIGGER approval_consent_is_fixed BEFORE UPDATE ON approval_consent
BEGIN SELECT RAISE(ABORT, 'who approved stays on record'); END;

CREATE TRIGGER approval_consent_is_kept BEFORE DELETE ON approval_consent
BEGIN SELECT RAISE(ABORT, 'who approved stays on record'); END;

CREATE TRIGGER approval_decision_is_final BEFORE UPDATE OF status ON approval
WHEN OLD.status <> 'pending' AND NOT (OLD.status = 'approved' AND OLD.finished_at IS NULL AND NEW.status IN ('approved', 'failed'))
BEGIN SELECT RAISE(ABORT, 'a decision is final'); END;

CREATE TRIGGER approval_is_kept BEFORE DELETE ON approval
BEGIN SELECT RAISE(ABORT, 'approvals are kept'); END;

CREATE TRIGGER approval_permit_is_used_once BEFORE UPDATE OF permit_used_at ON approval WHEN OLD.permit_used_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a permit is used once'); END;

CREATE TRIGGER approval_question_is_fixed
BEFORE UPDATE OF id, business_id, procedure, contract_version, asked_by, body_digest, facts, digest, step_up, second_approver,
  cooling_minutes, plan_id, plan_step, created_at, expires_at ON approval
BEGIN SELECT RAISE(ABORT, 'what was asked does not change'); END;

CREATE TRIGGER approval_rule_is_fixed BEFORE UPDATE ON approval_rule
BEGIN SELECT RAISE(ABORT, 'what was asked does not change'); END;

CREATE TRIGGER approval_rule_is_kept BEFORE DELETE ON approval_rule
BEGIN SELECT RAISE(ABORT, 'approvals are kept'); END;

CREATE TRIGGER audit_head_grows BEFORE INSERT ON audit_head
WHEN EXISTS (SELECT 1 FROM audit_head AS later WHERE later.size >= NEW.size)
BEGIN SELECT RAISE(ABORT, 'a signed head covers more rows than the one before'); END;

CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head
BEGIN SELECT RAISE(ABORT, 'a signed head is never deleted'); END;

CREATE TRIGGER audit_head_no_update BEFORE UPDATE ON audit_head
BEGIN SELECT RAISE(ABORT, 'a signed head is never changed'); END;

CREATE TRIGGER audit_node_no_delete BEFORE DELETE ON audit_node
BEGIN SELECT RAISE(ABORT, 'a node of the audit tree is never deleted'); END;

CREATE TRIGGER audit_node_no_update BEFORE UPDATE ON audit_node
BEGIN SELECT RAISE(ABORT, 'a node of the audit tree is never changed'); END;

CREATE TRIGGER audit_row_extends_the_chain BEFORE INSERT ON audit_row
WHEN NOT EXISTS (SELECT 1 FROM audit_row AS last WHERE last.seq = NEW.seq - 1 AND last.hash = NEW.prev_hash)
  AND (NEW.seq <> 1 OR NEW.prev_hash <> zeroblob(32))
  OR EXISTS (SELECT 1 FROM audit_row AS later WHERE later.seq >= NEW.seq)
BEGIN SELECT RAISE(ABORT, 'an audit row follows the last one'); END;

CREATE TRIGGER audit_row_no_delete BEFORE DELETE ON audit_row
BEGIN SELECT RAISE(ABORT, 'audit rows are never deleted'); END;

CREATE TRIGGER audit_row_no_update BEFORE UPDATE ON audit_row
BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;

CREATE TRIGGER audit_row_proves_its_uses BEFORE INSERT ON audit_row
WHEN EXISTS (SELECT 1 FROM secret_use WHERE audit_seq = NEW.seq AND (actor IS NOT NEW.actor OR procedure IS NOT NEW.procedure))
BEGIN SELECT RAISE(ABORT, 'a use of a secret is proved by an audit row of the same actor and procedure'); END;

CREATE TRIGGER audit_subject_no_delete BEFORE DELETE ON audit_subject
BEGIN SELECT RAISE(ABORT, 'audit rows are never deleted'); END;

CREATE TRIGGER audit_subject_no_update BEFORE UPDATE ON audit_subject
BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;

CREATE TRIGGER book_is_fixed BEFORE UPDATE ON book
BEGIN SELECT RAISE(ABORT, 'a book belongs to its business for ever'); END;

CREATE TRIGGER book_is_kept BEFORE DELETE ON book
BEGIN SELECT RAISE(ABORT, 'books are kept'); END;

CREATE TRIGGER business_mode_is_fixed BEFORE UPDATE OF mode ON business
WHEN OLD.mode IS NOT NULL AND NEW.mode IS NOT OLD.mode
BEGIN SELECT RAISE(ABORT, 'a business is test or live for ever'); END;

CREATE TRIGGER code_generator_identity_is_fixed BEFORE UPDATE OF id, created_at ON code_generator
BEGIN SELECT RAISE(ABORT, 'a code generator keeps its identity'); END;

CREATE TRIGGER code_works_once BEFORE UPDATE OF last_step ON code_generator WHEN NEW.last_step <= OLD.last_step
BEGIN SELECT RAISE(ABORT, 'a code works once'); END;

CREATE TRIGGER command_fact_is_fixed BEFORE UPDATE ON command_fact
BEGIN SELECT RAISE(ABORT, 'what was stated does not change'); END;

CREATE TRIGGER command_fact_is_kept BEFORE DELETE ON command_fact
BEGIN SELECT RAISE(ABORT, 'what was stated is kept'); END;

CREATE TRIGGER customer_identity_is_fixed BEFORE UPDATE ON customer
WHEN NEW.id IS NOT OLD.id OR NEW.business_id IS NOT OLD.business_id OR NEW.subject_id IS NOT OLD.subject_id
  OR NEW.created_at IS NOT OLD.created_at OR NEW.version NOT IN (OLD.version, OLD.version + 1)
BEGIN SELECT RAISE(ABORT, 'a customer keeps its identity and its version rises by one'); END;

CREATE TRIGGER customer_profile_is_kept BEFORE UPDATE ON customer_profile
BEGIN SELECT RAISE(ABORT, 'a version of a profile is not changed'); END;

CREATE TRIGGER entry_is_admitted AFTER INSERT ON journal_entry
BEGIN
  SELECT RAISE(ABORT, 'the period of this day is closed')
  WHERE NEW.occurred_on <= (SELECT max(through) FROM period_close WHERE book_id = NEW.book_id);
  SELECT RAISE(ABORT, 'only a running import brings entries, none before its first day')
  WHERE NEW.import_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM import WHERE id = NEW.import_id AND status = 'staging' AND NEW.occurred_on >= first_on
  );
END;

CREATE TRIGGER entry_is_kept BEFORE DELETE ON journal_entry
WHEN OLD.import_id IS NULL OR (SELECT status FROM import WHERE id = OLD.import_id) NOT IN ('cancelled', 'failed')
BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END;

CREATE TRIGGER entry_is_sealed BEFORE UPDATE ON journal_entry
BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END;

CREATE TRIGGER import_is_final BEFORE UPDATE ON import
WHEN NEW.id IS NOT OLD.id OR NEW.book_id IS NOT OLD.book_id OR NEW.started_at IS NOT OLD.started_at
  OR NEW.first_entry IS NOT OLD.first_entry OR NEW.first_on > OLD.first_on
  OR (OLD.status <> 'staging' AND (NEW.status IS NOT OLD.status OR NEW.first_on IS NOT OLD.first_on
    OR NEW.imported IS NOT OLD.imported OR NEW.skipped IS NOT OLD.skipped OR NEW.sha256 IS NOT OLD.sha256
    OR NEW.problem IS NOT OLD.problem OR NEW.tidied < OLD.tidied))
  OR (NEW.status = 'staging' AND NEW.tidied <> 0)
BEGIN SELECT RAISE(ABORT, 'the end of an import is final'); END;

CREATE TRIGGER import_is_kept BEFORE DELETE ON import
BEGIN SELECT RAISE(ABORT, 'imports are kept'); END;

CREATE TRIGGER import_leaves_nothing BEFORE UPDATE OF tidied ON import
WHEN NEW.tidied = 1 AND NEW.status IN ('cancelled', 'failed')
  AND EXISTS (SELECT 1 FROM journal_entry WHERE id >= NEW.first_entry AND import_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'rows of the import are still there'); END;

CREATE TRIGGER import_respects_closed_periods BEFORE UPDATE OF status ON import
WHEN NEW.status = 'published' AND NEW.first_on <= (SELECT max(through) FROM period_close WHERE book_id = NEW.book_id)
BEGIN SELECT RAISE(ABORT, 'the import reaches into a closed period'); END;

CREATE TRIGGER import_starts_staging BEFORE INSERT ON import
WHEN NEW.status <> 'staging' OR NEW.tidied <> 0
BEGIN SELECT RAISE(ABORT, 'an import begins as staging'); END;

CREATE TRIGGER integration_identity_is_fixed BEFORE UPDATE ON integration
WHEN NEW.id IS NOT OLD.id OR NEW.business_id IS NOT OLD.business_id OR NEW.provider IS NOT OLD.provider
  OR NEW.mode IS NOT OLD.mode OR NEW.path_token IS NOT OLD.path_token
BEGIN SELECT RAISE(ABORT, 'an integration keeps its business, provider, mode and path'); END;

CREATE TRIGGER integration_is_kept BEFORE DELETE ON integration
BEGIN SELECT RAISE(ABORT, 'an integration is disconnected, never deleted'); END;

CREATE TRIGGER invoice_is_fixed_once_sent BEFORE UPDATE ON invoice
WHEN NEW.seq IS NOT OLD.seq OR NEW.id IS NOT OLD.id OR NEW.business_id IS NOT OLD.business_id
  OR NEW.created_at IS NOT OLD.created_at
  OR (OLD.status <> 'draft' AND (
    NEW.customer_id IS NOT OLD.customer_id OR NEW.customer_version IS NOT OLD.customer_version
    OR NEW.currency IS NOT OLD.currency OR NEW.issued_on IS NOT OLD.issued_on OR NEW.due_on IS NOT OLD.due_on
    OR NEW.memo IS NOT OLD.memo OR NEW.subtotal IS NOT OLD.subtotal OR NEW.tax IS NOT OLD.tax OR NEW.total IS NOT OLD.total))
BEGIN SELECT RAISE(ABORT, 'a sent invoice is not edited'); END;

CREATE TRIGGER invoice_is_kept BEFORE DELETE ON invoice
BEGIN SELECT RAISE(ABORT, 'an invoice is voided, never deleted'); END;

CREATE TRIGGER invoice_line_added_to_draft BEFORE INSERT ON invoice_line
WHEN (SELECT status FROM invoice WHERE id = NEW.invoice_id) IS NOT 'draft'
BEGIN SELECT RAISE(ABORT, 'a sent invoice is not edited'); END;

CREATE TRIGGER invoice_line_is_not_changed BEFORE UPDATE ON invoice_line
BEGIN SELECT RAISE(ABORT, 'a line is replaced, not changed'); END;

CREATE TRIGGER invoice_line_removed_from_draft BEFORE DELETE ON invoice_line
WHEN (SELECT status FROM invoice WHERE id = OLD.invoice_id) IS NOT 'draft'
BEGIN SELECT RAISE(ABORT, 'a sent invoice is not edited'); END;

CREATE TRIGGER invoice_moves_by_its_states BEFORE UPDATE OF status ON invoice
WHEN NEW.status IS NOT OLD.status AND NOT (
  (OLD.status = 'draft' AND NEW.status IN ('sending', 'void'))
  OR (OLD.status = 'sending' AND NEW.status IN ('open', 'void'))
  OR (OLD.status = 'open' AND NEW.status IN ('paid', 'void', 'uncollectible'))
  OR (OLD.status = 'uncollectible' AND NEW.status IN ('paid', 'void')))
BEGIN SELECT RAISE(ABORT, 'an invoice does not move this way'); END;

CREATE TRIGGER invoice_number_is_the_next BEFORE UPDATE OF number, number_seq ON invoice
WHEN NEW.number IS NOT OLD.number OR NEW.number_seq IS NOT OLD.number_seq
BEGIN
  SELECT RAISE(ABORT, 'an invoice number is the next one, taken once')
  WHERE OLD.number IS NOT NULL OR NEW.number_seq IS NOT
    (SELECT coalesce(max(number_seq), 0) + 1 FROM invoice WHERE business_id = NEW.business_id)
    OR NEW.number IS NOT
    (SELECT printf('%s-%04d', invoice_prefix, NEW.number_seq) FROM business WHERE id = NEW.business_id);
END;

CREATE TRIGGER invoice_prefix_is_fixed BEFORE UPDATE OF invoice_prefix ON business
WHEN NEW.invoice_prefix IS NOT OLD.invoice_prefix
  AND EXISTS (SELECT 1 FROM invoice WHERE business_id = OLD.id AND number_seq IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the first number fixes the prefix of a business'); END;

CREATE TRIGGER invoice_starts_as_draft BEFORE INSERT ON invoice
WHEN NEW.status <> 'draft'
BEGIN SELECT RAISE(ABORT, 'an invoice starts as a draft'); END;

CREATE TRIGGER last_posting_seals AFTER INSERT ON posting
WHEN NEW.line = NEW.lines
BEGIN
  SELECT CASE
    WHEN (SELECT count(*) FROM posting WHERE entry_id = NEW.entry_id) < NEW.lines
      THEN RAISE(ABORT, 'the last line comes last: lines are missing')
    WHEN EXISTS (SELECT 1 FROM posting WHERE entry_id = NEW.entry_id AND import_id IS NOT NEW.import_id)
      THEN RAISE(ABORT, 'a posting belongs to the import of its entry')
    WHEN EXISTS (SELECT 1 FROM posting WHERE entry_id = NEW.entry_id GROUP BY currency HAVING sum(amount_minor) <> 0)
      THEN RAISE(ABORT, 'every currency of an entry sums to zero')
    WHEN NEW.import_id IS NULL AND NOT EXISTS (SELECT 1 FROM posting WHERE entry_id = NEW.entry_id AND amount_minor <> 0)
      THEN RAISE(ABORT, 'an entry moves something')
    ELSE RAISE(ABORT, 'base values of a currency sum to zero') END
  WHERE NOT (
    SELECT count(*) = NEW.lines AND sum(amount_minor) = 0 AND coalesce(sum(base_minor), 0) = 0
      AND max(import_id IS NOT NEW.import_id) = 0 AND (max(amount_minor) > 0 OR NEW.import_id IS NOT NULL)
      AND CASE WHEN min(currency) = max(currency) THEN 1 ELSE NOT EXISTS (
        SELECT 1 FROM posting WHERE entry_id = NEW.entry_id GROUP BY currency
        HAVING sum(amount_minor) <> 0 OR coalesce(sum(base_minor), 0) <> 0) END
    FROM posting WHERE entry_id = NEW.entry_id
  );
  SELECT CASE
    WHEN e.import_id IS NOT NEW.import_id THEN RAISE(ABORT, 'a posting belongs to the import of its entry')
    WHEN e.reverses IS NOT NULL THEN RAISE(ABORT, 'a reversal mirrors every line')
    ELSE RAISE(ABORT, 'a valued entry has a base value in every posting') END
  FROM journal_entry e
  WHERE e.id = NEW.entry_id AND (e.import_id IS NOT NEW.import_id
    OR (e.valued AND EXISTS (SELECT 1 FROM posting WHERE entry_id = NEW.entry_id AND base_minor IS NULL))
    OR (e.reverses IS NOT NULL AND EXISTS (
      SELECT 1 FROM posting o LEFT JOIN posting m ON m.entry_id = NEW.entry_id AND m.line = o.line
      WHERE o.entry_id = e.reverses
        AND (m.amount_minor IS NOT -o.amount_minor OR m.account_id IS NOT o.account_id OR m.currency IS NOT o.currency
          OR m.base_minor IS NOT -o.base_minor OR m.rate IS NOT o.rate))));
END;

CREATE TRIGGER outbox_end_is_final BEFORE UPDATE OF state ON outbox
WHEN OLD.state IN ('pending', 'done', 'declined') AND NEW.state IS NOT OLD.state
BEGIN SELECT RAISE(ABORT, 'an ended outbox row stays ended'); END;

CREATE TRIGGER outbox_identity_is_fixed BEFORE UPDATE ON outbox
WHEN NEW.seq IS NOT OLD.seq OR NEW.id IS NOT OLD.id OR NEW.business_id IS NOT OLD.business_id OR NEW.kind IS NOT OLD.kind
  OR NEW.subject_id IS NOT OLD.subject_id OR NEW.created_at IS NOT OLD.created_at
  OR (OLD.first_attempt_at IS NOT NULL AND NEW.first_attempt_at IS NOT OLD.first_attempt_at)
BEGIN SELECT RAISE(ABORT, 'an outbox row keeps its identity and its first attempt'); END;

CREATE TRIGGER outbox_is_kept BEFORE DELETE ON outbox
BEGIN SELECT RAISE(ABORT, 'what was sent to a provider is kept'); END;

CREATE TRIGGER payee_hold_ends_once BEFORE UPDATE ON payee_hold WHEN OLD.ended_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a quarantine that ended stays ended'); END;

CREATE TRIGGER payee_hold_is_fixed BEFORE UPDATE OF payee_id, business_id, number, changed_at, changed_by, until_at, began_with ON payee_hold
BEGIN SELECT RAISE(ABORT, 'a quarantine keeps its time; it only ends'); END;

CREATE TRIGGER payee_hold_is_kept BEFORE DELETE ON payee_hold
BEGIN SELECT RAISE(ABORT, 'quarantines are kept'); END;

CREATE TRIGGER payee_identity_is_fixed BEFORE UPDATE OF id, business_id, kind, subject_id, created_at ON payee
BEGIN SELECT RAISE(ABORT, 'a payee keeps its identity'); END;

CREATE TRIGGER payee_is_kept BEFORE DELETE ON payee
BEGIN SELECT RAISE(ABORT, 'payees are kept'); END;

CREATE TRIGGER payment_is_fixed BEFORE UPDATE ON payment
WHEN NEW.seq IS NOT OLD.seq OR NEW.id IS NOT OLD.id OR NEW.business_id IS NOT OLD.business_id
  OR NEW.invoice_id IS NOT OLD.invoice_id OR NEW.customer_id IS NOT OLD.customer_id
  OR NEW.provider_ref IS NOT OLD.provider_ref OR NEW.currency IS NOT OLD.currency OR NEW.amount IS NOT OLD.amount
  OR NEW.received_at IS NOT OLD.received_at OR NEW.received_on IS NOT OLD.received_on
  OR (OLD.fee IS NOT NULL AND (NEW.fee IS NOT OLD.fee OR NEW.net IS NOT OLD.net
    OR NEW.balance_currency IS NOT OLD.balance_currency OR NEW.exchange_rate IS NOT OLD.exchange_rate))
BEGIN SELECT RAISE(ABORT, 'what was received is not changed'); END;

CREATE TRIGGER payment_is_kept BEFORE DELETE ON payment
BEGIN SELECT RAISE(ABORT, 'a payment is never deleted'); END;

CREATE TRIGGER period_close_is_fixed BEFORE UPDATE ON period_close
BEGIN SELECT RAISE(ABORT, 'a closed period stays closed'); END;

CREATE TRIGGER period_close_is_kept BEFORE DELETE ON period_close
BEGIN SELECT RAISE(ABORT, 'a closed period stays closed'); END;

CREATE TRIGGER period_close_moves_forward BEFORE INSERT ON period_close
WHEN NEW.through <= (SELECT max(through) FROM period_close WHERE book_id = NEW.book_id)
BEGIN SELECT RAISE(ABORT, 'the books are closed through that day already'); END;

CREATE TRIGGER plan_is_fixed BEFORE UPDATE ON plan
BEGIN SELECT RAISE(ABORT, 'what was proposed does not change'); END;

CREATE TRIGGER plan_is_kept BEFORE DELETE ON plan
BEGIN SELECT RAISE(ABORT, 'plans are kept'); END;

CREATE TRIGGER policy_ends_once BEFORE UPDATE OF replaced_at ON policy WHEN OLD.replaced_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a rule out of force stays out of force'); END;

CREATE TRIGGER policy_is_fixed
BEFORE UPDATE OF id, business_id, procedure, identity, decision, over_minor, over_currency, conditions, demands, created_at ON policy
BEGIN SELECT RAISE(ABORT, 'a rule is replaced, never changed'); END;

CREATE TRIGGER policy_is_kept BEFORE DELETE ON policy
BEGIN SELECT RAISE(ABORT, 'rules are kept'); END;

CREATE TRIGGER posting_is_kept BEFORE DELETE ON posting
WHEN OLD.import_id IS NULL OR (SELECT status FROM import WHERE id = OLD.import_id) NOT IN ('cancelled', 'failed')
BEGIN SELECT RAISE(ABORT, 'a posting is never deleted'); END;

CREATE TRIGGER posting_is_sealed BEFORE UPDATE ON posting
BEGIN SELECT RAISE(ABORT, 'a posting is never changed'); END;

CREATE TRIGGER provider_event_is_fixed BEFORE UPDATE ON provider_event
WHEN NEW.seq IS NOT OLD.seq OR NEW.id IS NOT OLD.id OR NEW.business_id IS NOT OLD.business_id
  OR NEW.integration_id IS NOT OLD.integration_id OR NEW.provider_event_id IS NOT OLD.provider_event_id
  OR NEW.type IS NOT OLD.type OR NEW.object_kind IS NOT OLD.object_kind OR NEW.object_id IS NOT OLD.object_id
  OR NEW.occurred_at IS NOT OLD.occurred_at OR NEW.received_at IS NOT OLD.received_at OR NEW.via IS NOT OLD.via
BEGIN SELECT RAISE(ABORT, 'what the provider told is not changed'); END;

CREATE TRIGGER provider_event_is_kept BEFORE DELETE ON provider_event
BEGIN SELECT RAISE(ABORT, 'a provider event is kept'); END;

CREATE TRIGGER refund_is_fixed BEFORE UPDATE ON refund
WHEN NEW.seq IS NOT OLD.seq OR NEW.id IS NOT OLD.id OR NEW.business_id IS NOT OLD.business_id
  OR NEW.payment_id IS NOT OLD.payment_id OR NEW.amount IS NOT OLD.amount OR NEW.reason IS NOT OLD.reason
  OR NEW.requested_at IS NOT OLD.requested_at OR (OLD.provider_ref IS NOT NULL AND NEW.provider_ref IS NOT OLD.provider_ref)
BEGIN SELECT RAISE(ABORT, 'what was asked for is not changed'); END;

CREATE TRIGGER refund_is_kept BEFORE DELETE ON refund
BEGIN SELECT RAISE(ABORT, 'a refund is never deleted'); END;

CREATE TRIGGER refund_share_is_fixed BEFORE UPDATE ON refund_share
BEGIN SELECT RAISE(ABORT, 'what a refund took is not changed'); END;

CREATE TRIGGER request_is_first_outcome BEFORE UPDATE ON request
BEGIN SELECT RAISE(ABORT, 'the first outcome of a request stands'); END;

CREATE TRIGGER request_is_kept_for_ever BEFORE DELETE ON request
BEGIN SELECT RAISE(ABORT, 'requests are kept for ever'); END;

CREATE TRIGGER reversal_is_admitted AFTER INSERT ON journal_entry
WHEN NEW.reverses IS NOT NULL
BEGIN
  SELECT CASE
    WHEN o.book_id <> NEW.book_id THEN RAISE(ABORT, 'a reversal stands in the books of its entry')
    WHEN o.reverses IS NOT NULL THEN RAISE(ABORT, 'a reversal is not reversed')
    WHEN o.lines <> NEW.lines THEN RAISE(ABORT, 'a reversal mirrors every line')
    ELSE RAISE(ABORT, 'an entry of an unpublished import is not reversed') END
  FROM journal_entry o
  WHERE o.id = NEW.reverses AND (o.book_id <> NEW.book_id OR o.reverses IS NOT NULL OR o.lines <> NEW.lines
    OR (o.import_id IS NOT NULL AND (SELECT status FROM import WHERE id = o.import_id) <> 'published'));
END;

CREATE TRIGGER secret_attachment_chunk_is_fixed BEFORE UPDATE ON secret_attachment_chunk
BEGIN SELECT RAISE(ABORT, 'a file of a secret is kept as it is, or removed'); END;

CREATE TRIGGER secret_attachment_chunk_is_kept BEFORE DELETE ON secret_attachment_chunk
WHEN (SELECT state FROM secret_attachment WHERE id = OLD.attachment_id) IS 'kept'
BEGIN SELECT RAISE(ABORT, 'a file of a secret is kept as it is, or removed'); END;

CREATE TRIGGER secret_attachment_chunk_is_staged BEFORE INSERT ON secret_attachment_chunk
WHEN (SELECT state FROM secret_attachment WHERE id = NEW.attachment_id) IS NOT 'staged'
BEGIN SELECT RAISE(ABORT, 'a file of a secret is kept as it is, or removed'); END;

CREATE TRIGGER secret_attachment_is_fixed BEFORE UPDATE ON secret_attachment
WHEN NEW.id IS NOT OLD.id OR NEW.secret_id IS NOT OLD.secret_id OR NEW.created_at IS NOT OLD.created_at
  OR NEW.chunks IS NOT OLD.chunks OR NEW.bytes IS NOT OLD.bytes OR OLD.state = 'removed'
  OR (NEW.state = 'staged' AND OLD.state <> 'staged')
BEGIN SELECT RAISE(ABORT, 'a file of a secret is kept as it is, or removed'); END;

CREATE TRIGGER secret_field_is_fixed BEFORE UPDATE ON secret_field
BEGIN SELECT RAISE(ABORT, 'a version of a secret is not changed'); END;

CREATE TRIGGER secret_field_is_kept BEFORE DELETE ON secret_field
WHEN EXISTS (SELECT 1 FROM secret WHERE id = OLD.secret_id AND destroyed_at IS NULL AND version >= OLD.version)
BEGIN SELECT RAISE(ABORT, 'a version of a secret is kept until the secret is destroyed'); END;

CREATE TRIGGER secret_grant_is_kept BEFORE DELETE ON secret_grant
BEGIN SELECT RAISE(ABORT, 'grants are kept'); END;

CREATE TRIGGER secret_grant_is_used_in_force BEFORE UPDATE OF uses ON secret_grant
WHEN OLD.revoked_at IS NOT NULL OR NEW.last_used_at >= OLD.ends_at
BEGIN SELECT RAISE(ABORT, 'a grant that has ended is not used'); END;

CREATE TRIGGER secret_grant_item_is_fixed BEFORE UPDATE ON secret_grant_item
BEGIN SELECT RAISE(ABORT, 'the items of a grant do not change'); END;

CREATE TRIGGER secret_grant_item_is_kept BEFORE DELETE ON secret_grant_item
BEGIN SELECT RAISE(ABORT, 'the items of a grant do not change'); END;

CREATE TRIGGER secret_grant_limits_are_fixed
BEFORE UPDATE OF id, business_id, mac, actions, hosts, methods, paths, weekdays, hours_from, hours_to, max_uses, created_by,
  created_at, expires_at, engagement_ends_on, ends_at ON secret_grant
BEGIN SELECT RAISE(ABORT, 'the limits of a grant do not change'); END;

CREATE TRIGGER secret_grant_revocation_is_final BEFORE UPDATE OF revoked_at, revoked_for ON secret_grant
WHEN OLD.revoked_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a revoked grant stays revoked'); END;

CREATE TRIGGER secret_grant_stays_in_its_business BEFORE INSERT ON secret_grant_item
WHEN (SELECT business_id FROM secret_grant WHERE id = NEW.grant_id) IS NOT NEW.business_id
  OR (SELECT business_id FROM secret WHERE id = NEW.secret_id) IS NOT NEW.business_id
BEGIN SELECT RAISE(ABORT, 'a grant covers items of its own business alone'); END;

CREATE TRIGGER secret_grant_uses_only_rise BEFORE UPDATE OF uses ON secret_grant WHEN NEW.uses <> OLD.uses + 1
BEGIN SELECT RAISE(ABORT, 'the uses of a grant rise one by one'); END;

CREATE TRIGGER secret_identity_is_fixed BEFORE UPDATE ON secret
WHEN NEW.id IS NOT OLD.id OR NEW.business_id IS NOT OLD.business_id OR NEW.kind IS NOT OLD.kind
  OR NEW.created_at IS NOT OLD.created_at OR NEW.version NOT IN (OLD.version, OLD.version + 1)
  OR OLD.destroyed_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a secret keeps its identity and its version rises by one'); END;

CREATE TRIGGER secret_is_kept BEFORE DELETE ON secret
BEGIN SELECT RAISE(ABORT, 'the head of a secret is kept'); END;

CREATE TRIGGER secret_use_has_its_own_proof BEFORE INSERT ON secret_use
WHEN EXISTS (SELECT 1 FROM audit_row WHERE seq = NEW.audit_seq AND (actor IS NOT NEW.actor OR procedure IS NOT NEW.procedure))
BEGIN SELECT RAISE(ABORT, 'a use of a secret is proved by an audit row of the same actor and procedure'); END;

CREATE TRIGGER secret_use_is_fixed BEFORE UPDATE ON secret_use
BEGIN SELECT RAISE(ABORT, 'a use of a secret is not changed'); END;

CREATE TRIGGER secret_use_is_kept BEFORE DELETE ON secret_use
BEGIN SELECT RAISE(ABORT, 'a use of a secret is kept'); END;

CREATE TRIGGER secret_version_in_use_exists BEFORE UPDATE OF version ON secret
WHEN NEW.version <> OLD.version
  AND NOT EXISTS (SELECT 1 FROM secret_version WHERE secret_id = NEW.id AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'the version in use is one that is kept'); END;

CREATE TRIGGER secret_version_is_fixed BEFORE UPDATE ON secret_version
WHEN NEW.secret_id IS NOT OLD.secret_id OR NEW.version IS NOT OLD.version OR NEW.changed IS NOT OLD.changed
  OR NEW.title IS NOT OLD.title
  OR ((NEW.at IS NOT OLD.at OR NEW.actor IS NOT OLD.actor)
    AND OLD.version <= (SELECT version FROM secret WHERE id = OLD.secret_id))
BEGIN SELECT RAISE(ABORT, 'a version of a secret is not changed'); END;

CREATE TRIGGER secret_version_is_kept BEFORE DELETE ON secret_version
WHEN EXISTS (SELECT 1 FROM secret WHERE id = OLD.secret_id AND destroyed_at IS NULL AND version >= OLD.version)
BEGIN SELECT RAISE(ABORT, 'a version of a secret is kept until the secret is destroyed'); END;

CREATE TRIGGER subject_is_only_erased BEFORE UPDATE ON subject
WHEN NEW.id IS NOT OLD.id OR NEW.business_id IS NOT OLD.business_id OR NEW.created_at IS NOT OLD.created_at
  OR NEW.key IS NOT NULL OR OLD.erased_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a subject can only be erased, once'); END;

CREATE TRIGGER token_revocation_is_final BEFORE UPDATE OF revoked_at ON token WHEN OLD.revoked_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a revoked token stays revoked'); END;
