import type { Migration } from '../migrate'

/**
 * Invoices and their lines. `seq` is the order of making; `invoice_text` is a full-text index over number, memo and lines by `seq`
 * (contentless: the words stand only in the invoice). A voided draft has no number; every other number is gapless per business, and made
 * of the business's prefix, which the first number fixes.
 */
export const invoicing: Migration = {
  version: 7,
  name: 'invoicing',
  up: `
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

    CREATE INDEX invoice_newest ON invoice (business_id, seq);
    CREATE INDEX invoice_by_status ON invoice (business_id, status, seq, due_on);
    CREATE INDEX invoice_by_customer ON invoice (business_id, customer_id, seq);

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
    INSERT INTO invoice_text (invoice_text, rank) VALUES ('secure-delete', 1);

    CREATE TRIGGER invoice_is_kept BEFORE DELETE ON invoice
    BEGIN SELECT RAISE(ABORT, 'an invoice is voided, never deleted'); END;

    CREATE TRIGGER invoice_starts_as_draft BEFORE INSERT ON invoice
    WHEN NEW.status <> 'draft'
    BEGIN SELECT RAISE(ABORT, 'an invoice starts as a draft'); END;

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

    CREATE TRIGGER invoice_is_fixed_once_sent BEFORE UPDATE ON invoice
    WHEN NEW.seq IS NOT OLD.seq OR NEW.id IS NOT OLD.id OR NEW.business_id IS NOT OLD.business_id
      OR NEW.created_at IS NOT OLD.created_at
      OR (OLD.status <> 'draft' AND (
        NEW.customer_id IS NOT OLD.customer_id OR NEW.customer_version IS NOT OLD.customer_version
        OR NEW.currency IS NOT OLD.currency OR NEW.issued_on IS NOT OLD.issued_on OR NEW.due_on IS NOT OLD.due_on
        OR NEW.memo IS NOT OLD.memo OR NEW.subtotal IS NOT OLD.subtotal OR NEW.tax IS NOT OLD.tax OR NEW.total IS NOT OLD.total))
    BEGIN SELECT RAISE(ABORT, 'a sent invoice is not edited'); END;

    CREATE TRIGGER invoice_line_added_to_draft BEFORE INSERT ON invoice_line
    WHEN (SELECT status FROM invoice WHERE id = NEW.invoice_id) IS NOT 'draft'
    BEGIN SELECT RAISE(ABORT, 'a sent invoice is not edited'); END;

    CREATE TRIGGER invoice_line_is_not_changed BEFORE UPDATE ON invoice_line
    BEGIN SELECT RAISE(ABORT, 'a line is replaced, not changed'); END;

    CREATE TRIGGER invoice_line_removed_from_draft BEFORE DELETE ON invoice_line
    WHEN (SELECT status FROM invoice WHERE id = OLD.invoice_id) IS NOT 'draft'
    BEGIN SELECT RAISE(ABORT, 'a sent invoice is not edited'); END;
  `,
}
