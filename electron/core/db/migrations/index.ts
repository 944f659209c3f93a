import type { Migration } from '../migrate'
import { vault } from './0001_vault'
import { audit } from './0002_audit'
import { businesses } from './0003_businesses'
import { dispatch } from './0004_dispatch'
import { ledger } from './0005_ledger'
import { customers } from './0006_customers'
import { invoicing } from './0007_invoicing'
import { payments } from './0008_payments'
import { outbox } from './0009_outbox'
import { events } from './0010_events'
import { secrets } from './0011_secrets'
import { grants } from './0012_grants'
import { governance } from './0013_governance'
import { safety } from './0014_safety'
import { keys } from './0015_keys'

/** Every migration in order of version. Append only: a released one is never edited, removed or renumbered. */
export const migrations: readonly Migration[] = [
  vault,
  audit,
  businesses,
  dispatch,
  ledger,
  customers,
  invoicing,
  payments,
  outbox,
  events,
  secrets,
  grants,
  governance,
  safety,
  keys,
]
