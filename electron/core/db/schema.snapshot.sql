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

CREATE TABLE business (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  country TEXT NOT NULL CHECK (length(country) = 2),
  time_zone TEXT NOT NULL,
  mode TEXT CHECK (mode IN ('test', 'live', 'practice')),
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE customer (
  id TEXT PRIMARY KEY NOT NULL,
  business_id TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  provider_ref TEXT CHECK (length(provider_ref) BETWEEN 1 AND 255),
  version INTEGER NOT NULL CHECK (version >= 1),
  changed INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (business_id, id),
  UNIQUE (business_id, subject_id),
  UNIQUE (business_id, changed),
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

CREATE TABLE payment (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  business_id TEXT NOT NULL REFERENCES business (id),
  invoice_id TEXT,
  customer_id TEXT,
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

CREATE TABLE rate (
  business_id TEXT NOT NULL REFERENCES business (id),
  base TEXT NOT NULL,
  quote TEXT NOT NULL,
  on_date TEXT NOT NULL,
  rate TEXT NOT NULL,
  set_at INTEGER NOT NULL,
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

CREATE TABLE secret (
  id TEXT PRIMARY KEY NOT NULL,
  business_id TEXT REFERENCES business (id),
  kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 100),
  label TEXT NOT NULL CHECK (length(label) <= 200),
  version INTEGER NOT NULL CHECK (version >= 1),
  sealed BLOB NOT NULL CHECK (length(sealed) >= 29),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (business_id, id)
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
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  last_used_at INTEGER,
  revoked_at INTEGER
) STRICT;

CREATE INDEX approval_by_business ON approval (business_id, created_at);

CREATE INDEX approval_by_status ON approval (status, created_at);

CREATE INDEX early_refund_by_payment ON early_refund (business_id, payment_ref);

CREATE INDEX invoice_by_customer ON invoice (business_id, customer_id, seq);

CREATE INDEX invoice_by_status ON invoice (business_id, status, seq, due_on);

CREATE INDEX invoice_newest ON invoice (business_id, seq);

CREATE INDEX outbox_due ON outbox (next_at, seq) WHERE state = 'waiting';

CREATE INDEX outbox_open_by_subject ON outbox (business_id, subject_id, seq) WHERE state IN ('waiting', 'paused');

CREATE INDEX payment_by_customer ON payment (business_id, customer_id, received_at, seq);

CREATE INDEX payment_by_invoice ON payment (business_id, invoice_id, received_at, seq);

CREATE INDEX payment_newest ON payment (business_id, received_at, seq);

CREATE UNIQUE INDEX policy_in_force ON policy (procedure, coalesce(business_id, '')) WHERE replaced_at IS NULL;

CREATE INDEX refund_by_payment ON refund (business_id, payment_id, seq);

CREATE INDEX secret_by_business ON secret (business_id, kind, id);

CREATE TRIGGER approval_decision_is_final BEFORE UPDATE OF status ON approval
WHEN OLD.status <> 'pending' AND NOT (OLD.status = 'approved' AND OLD.finished_at IS NULL AND NEW.status IN ('approved', 'failed'))
BEGIN SELECT RAISE(ABORT, 'a decision is final'); END;

CREATE TRIGGER approval_is_kept BEFORE DELETE ON approval
BEGIN SELECT RAISE(ABORT, 'approvals are kept'); END;

CREATE TRIGGER approval_question_is_fixed
BEFORE UPDATE OF id, business_id, procedure, contract_version, asked_by, policy_id, facts, digest, created_at ON approval
BEGIN SELECT RAISE(ABORT, 'what was asked does not change'); END;

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

CREATE TRIGGER audit_subject_no_delete BEFORE DELETE ON audit_subject
BEGIN SELECT RAISE(ABORT, 'audit rows are never deleted'); END;

CREATE TRIGGER audit_subject_no_update BEFORE UPDATE ON audit_subject
BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END;

CREATE TRIGGER business_mode_is_fixed BEFORE UPDATE OF mode ON business
WHEN OLD.mode IS NOT NULL AND NEW.mode IS NOT OLD.mode
BEGIN SELECT RAISE(ABORT, 'a business is test or live for ever'); END;

CREATE TRIGGER customer_identity_is_fixed BEFORE UPDATE ON customer
WHEN NEW.id IS NOT OLD.id OR NEW.business_id IS NOT OLD.business_id OR NEW.subject_id IS NOT OLD.subject_id
  OR NEW.created_at IS NOT OLD.created_at OR NEW.version NOT IN (OLD.version, OLD.version + 1)
BEGIN SELECT RAISE(ABORT, 'a customer keeps its identity and its version rises by one'); END;

CREATE TRIGGER customer_profile_is_kept BEFORE UPDATE ON customer_profile
BEGIN SELECT RAISE(ABORT, 'a version of a profile is not changed'); END;

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
    (SELECT coalesce(max(number_seq), 0) + 1 FROM invoice WHERE business_id = NEW.business_id);
END;

CREATE TRIGGER invoice_starts_as_draft BEFORE INSERT ON invoice
WHEN NEW.status <> 'draft'
BEGIN SELECT RAISE(ABORT, 'an invoice starts as a draft'); END;

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

CREATE TRIGGER secret_identity_is_fixed
BEFORE UPDATE ON secret
WHEN NEW.id IS NOT OLD.id OR NEW.business_id IS NOT OLD.business_id OR NEW.kind IS NOT OLD.kind
  OR NEW.created_at IS NOT OLD.created_at OR NEW.version <> OLD.version + 1
BEGIN
  SELECT RAISE(ABORT, 'a secret keeps its identity and its version rises by one');
END;

CREATE TRIGGER subject_is_only_erased BEFORE UPDATE ON subject
WHEN NEW.id IS NOT OLD.id OR NEW.business_id IS NOT OLD.business_id OR NEW.created_at IS NOT OLD.created_at
  OR NEW.key IS NOT NULL OR OLD.erased_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a subject can only be erased, once'); END;

CREATE TRIGGER token_revocation_is_final BEFORE UPDATE OF revoked_at ON token WHEN OLD.revoked_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a revoked token stays revoked'); END;
