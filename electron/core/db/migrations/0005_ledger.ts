import type { Migration } from '../migrate'

/**
 * The books. Every rule that must hold whoever writes stands here as a constraint or trigger:
 * - An entry states how many lines it has, and so does each of its postings: the foreign key holds them together with book and day, so that
 *   no posting has a line number beyond. The deferred key from (id, lines) to its last posting refuses the commit of an entry whose
 *   last line is missing; the last line is taken only when all lines are there and every currency sums to zero. From then on the entry is
 *   sealed: no line number is free, and nothing is updated or deleted. (Deletes through INSERT OR REPLACE fire the triggers too, because
 *   every connection sets recursive_triggers.) An entry moves something; only an import may bring entries of zeros, as other programs
 *   keep them.
 * - Entries of an import are invisible until the import is published, which is one row's change of status. Rows of a cancelled or failed
 *   import, and only those, may be deleted.
 * - A period, once closed, takes no entry and is not opened again.
 * A book is the small number that stands for a business in millions of postings. balance, account_total, entry_day and turnover are
 * sums of the postings, kept by the posting code. There, rows with an import_id other than 0 stand for an import's own sums until they are folded into 0.
 * import.tidied: nothing is left of a cancelled or failed import; the sums of a published one are folded.
 */
export const ledger: Migration = {
  version: 5,
  name: 'ledger',
  up: `
    CREATE TABLE book (
      id INTEGER PRIMARY KEY,
      business_id TEXT NOT NULL UNIQUE REFERENCES business (id)
    ) STRICT;

    CREATE TRIGGER book_is_fixed BEFORE UPDATE ON book
    BEGIN SELECT RAISE(ABORT, 'a book belongs to its business for ever'); END;
    CREATE TRIGGER book_is_kept BEFORE DELETE ON book
    BEGIN SELECT RAISE(ABORT, 'books are kept'); END;

    CREATE TABLE period_close (
      book_id INTEGER NOT NULL REFERENCES book (id),
      through TEXT NOT NULL CHECK (through IS date(through) AND length(through) = 10),
      closed_at INTEGER NOT NULL,
      PRIMARY KEY (book_id, through)
    ) STRICT, WITHOUT ROWID;

    CREATE TRIGGER period_close_moves_forward BEFORE INSERT ON period_close
    WHEN NEW.through <= (SELECT max(through) FROM period_close WHERE book_id = NEW.book_id)
    BEGIN SELECT RAISE(ABORT, 'the books are closed through that day already'); END;
    CREATE TRIGGER period_close_is_fixed BEFORE UPDATE ON period_close
    BEGIN SELECT RAISE(ABORT, 'a closed period stays closed'); END;
    CREATE TRIGGER period_close_is_kept BEFORE DELETE ON period_close
    BEGIN SELECT RAISE(ABORT, 'a closed period stays closed'); END;

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

    CREATE UNIQUE INDEX import_running ON import (book_id) WHERE status = 'staging';
    CREATE INDEX import_untidy ON import (id) WHERE tidied = 0;

    CREATE TRIGGER import_starts_staging BEFORE INSERT ON import
    WHEN NEW.status <> 'staging' OR NEW.tidied <> 0
    BEGIN SELECT RAISE(ABORT, 'an import begins as staging'); END;
    CREATE TRIGGER import_is_final BEFORE UPDATE ON import
    WHEN NEW.id IS NOT OLD.id OR NEW.book_id IS NOT OLD.book_id OR NEW.started_at IS NOT OLD.started_at
      OR NEW.first_entry IS NOT OLD.first_entry OR NEW.first_on > OLD.first_on
      OR (OLD.status <> 'staging' AND (NEW.status IS NOT OLD.status OR NEW.first_on IS NOT OLD.first_on
        OR NEW.imported IS NOT OLD.imported OR NEW.skipped IS NOT OLD.skipped OR NEW.sha256 IS NOT OLD.sha256
        OR NEW.problem IS NOT OLD.problem OR NEW.tidied < OLD.tidied))
      OR (NEW.status = 'staging' AND NEW.tidied <> 0)
    BEGIN SELECT RAISE(ABORT, 'the end of an import is final'); END;
    CREATE TRIGGER import_respects_closed_periods BEFORE UPDATE OF status ON import
    WHEN NEW.status = 'published' AND NEW.first_on <= (SELECT max(through) FROM period_close WHERE book_id = NEW.book_id)
    BEGIN SELECT RAISE(ABORT, 'the import reaches into a closed period'); END;
    CREATE TRIGGER import_leaves_nothing BEFORE UPDATE OF tidied ON import
    WHEN NEW.tidied = 1 AND NEW.status IN ('cancelled', 'failed')
      AND EXISTS (SELECT 1 FROM journal_entry WHERE id >= NEW.first_entry AND import_id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'rows of the import are still there'); END;
    CREATE TRIGGER import_is_kept BEFORE DELETE ON import
    BEGIN SELECT RAISE(ABORT, 'imports are kept'); END;

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

    CREATE TRIGGER account_of_import_needs_staging BEFORE INSERT ON account
    WHEN NEW.import_id IS NOT NULL AND (SELECT status FROM import WHERE id = NEW.import_id) IS NOT 'staging'
    BEGIN SELECT RAISE(ABORT, 'only a running import brings accounts'); END;
    CREATE TRIGGER account_is_fixed BEFORE UPDATE ON account
    WHEN NEW.id IS NOT OLD.id OR NEW.book_id IS NOT OLD.book_id OR NEW.name IS NOT OLD.name OR NEW.type IS NOT OLD.type
      OR NEW.import_id IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'an account keeps its name and type'); END;
    CREATE TRIGGER account_is_kept BEFORE DELETE ON account
    WHEN OLD.import_id IS NULL OR (SELECT status FROM import WHERE id = OLD.import_id) NOT IN ('cancelled', 'failed')
    BEGIN SELECT RAISE(ABORT, 'accounts are kept'); END;

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

    CREATE UNIQUE INDEX entry_reversed_once ON journal_entry (reverses) WHERE reverses IS NOT NULL;

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

    CREATE INDEX posting_by_account
      ON posting (account_id, currency, occurred_on, entry_id, line, amount_minor, import_id);

    CREATE TRIGGER entry_is_admitted AFTER INSERT ON journal_entry
    BEGIN
      SELECT RAISE(ABORT, 'the period of this day is closed')
      WHERE NEW.occurred_on <= (SELECT max(through) FROM period_close WHERE book_id = NEW.book_id);
      SELECT RAISE(ABORT, 'only a running import brings entries, none before its first day')
      WHERE NEW.import_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM import WHERE id = NEW.import_id AND status = 'staging' AND NEW.occurred_on >= first_on
      );
    END;

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

    CREATE TRIGGER entry_is_sealed BEFORE UPDATE ON journal_entry
    BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END;
    CREATE TRIGGER entry_is_kept BEFORE DELETE ON journal_entry
    WHEN OLD.import_id IS NULL OR (SELECT status FROM import WHERE id = OLD.import_id) NOT IN ('cancelled', 'failed')
    BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END;

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

    CREATE TRIGGER posting_is_sealed BEFORE UPDATE ON posting
    BEGIN SELECT RAISE(ABORT, 'a posting is never changed'); END;
    CREATE TRIGGER posting_is_kept BEFORE DELETE ON posting
    WHEN OLD.import_id IS NULL OR (SELECT status FROM import WHERE id = OLD.import_id) NOT IN ('cancelled', 'failed')
    BEGIN SELECT RAISE(ABORT, 'a posting is never deleted'); END;

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

    CREATE TABLE account_total (
      book_id INTEGER NOT NULL,
      account_id INTEGER NOT NULL,
      currency TEXT NOT NULL,
      import_id INTEGER NOT NULL,
      minor INTEGER NOT NULL CHECK (minor BETWEEN -9007199254740991 AND 9007199254740991),
      PRIMARY KEY (book_id, account_id, currency, import_id),
      FOREIGN KEY (book_id, account_id) REFERENCES account (book_id, id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE entry_day (
      book_id INTEGER NOT NULL REFERENCES book (id),
      occurred_on TEXT NOT NULL,
      import_id INTEGER NOT NULL,
      entries INTEGER NOT NULL CHECK (entries >= 0),
      unvalued INTEGER NOT NULL CHECK (unvalued BETWEEN 0 AND entries),
      PRIMARY KEY (book_id, occurred_on, import_id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE turnover (
      book_id INTEGER NOT NULL REFERENCES book (id),
      currency TEXT NOT NULL,
      import_id INTEGER NOT NULL,
      debit_minor INTEGER NOT NULL CHECK (debit_minor BETWEEN 0 AND 9007199254740991),
      PRIMARY KEY (book_id, currency, import_id)
    ) STRICT, WITHOUT ROWID;
  `,
}
