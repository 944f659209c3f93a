import type { Migration } from '../migrate'

/**
 * Payments as the provider reports them, refunds of them, and what each posted refund took from which account of the invoice.
 * A refund that the provider reports before its payment waits in `early_refund`.
 */
export const payments: Migration = {
  version: 8,
  name: 'payments',
  up: `
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

    CREATE INDEX payment_newest ON payment (business_id, received_at, seq);
    CREATE INDEX payment_by_invoice ON payment (business_id, invoice_id, received_at, seq);
    CREATE INDEX payment_by_customer ON payment (business_id, customer_id, received_at, seq);

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

    CREATE INDEX refund_by_payment ON refund (business_id, payment_id, seq);

    CREATE TABLE refund_share (
      business_id TEXT NOT NULL,
      refund_id TEXT NOT NULL,
      account TEXT NOT NULL,
      amount INTEGER NOT NULL CHECK (amount > 0),
      PRIMARY KEY (refund_id, account),
      FOREIGN KEY (business_id, refund_id) REFERENCES refund (business_id, id)
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

    CREATE INDEX early_refund_by_payment ON early_refund (business_id, payment_ref);

    CREATE TRIGGER payment_is_kept BEFORE DELETE ON payment
    BEGIN SELECT RAISE(ABORT, 'a payment is never deleted'); END;

    CREATE TRIGGER payment_is_fixed BEFORE UPDATE ON payment
    WHEN NEW.seq IS NOT OLD.seq OR NEW.id IS NOT OLD.id OR NEW.business_id IS NOT OLD.business_id
      OR NEW.invoice_id IS NOT OLD.invoice_id OR NEW.customer_id IS NOT OLD.customer_id
      OR NEW.provider_ref IS NOT OLD.provider_ref OR NEW.currency IS NOT OLD.currency OR NEW.amount IS NOT OLD.amount
      OR NEW.received_at IS NOT OLD.received_at OR NEW.received_on IS NOT OLD.received_on
      OR (OLD.fee IS NOT NULL AND (NEW.fee IS NOT OLD.fee OR NEW.net IS NOT OLD.net
        OR NEW.balance_currency IS NOT OLD.balance_currency OR NEW.exchange_rate IS NOT OLD.exchange_rate))
    BEGIN SELECT RAISE(ABORT, 'what was received is not changed'); END;

    CREATE TRIGGER refund_is_kept BEFORE DELETE ON refund
    BEGIN SELECT RAISE(ABORT, 'a refund is never deleted'); END;

    CREATE TRIGGER refund_is_fixed BEFORE UPDATE ON refund
    WHEN NEW.seq IS NOT OLD.seq OR NEW.id IS NOT OLD.id OR NEW.business_id IS NOT OLD.business_id
      OR NEW.payment_id IS NOT OLD.payment_id OR NEW.amount IS NOT OLD.amount OR NEW.reason IS NOT OLD.reason
      OR NEW.requested_at IS NOT OLD.requested_at OR (OLD.provider_ref IS NOT NULL AND NEW.provider_ref IS NOT OLD.provider_ref)
    BEGIN SELECT RAISE(ABORT, 'what was asked for is not changed'); END;

    CREATE TRIGGER refund_share_is_fixed BEFORE UPDATE ON refund_share
    BEGIN SELECT RAISE(ABORT, 'what a refund took is not changed'); END;
  `,
}
