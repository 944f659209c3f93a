import type { z } from 'zod'
import { approvals } from './approvals'
import { audit } from './audit'
import { backups } from './backups'
import { broker } from './broker'
import { businesses } from './businesses'
import { customers } from './customers'
import { events } from './events'
import { grants } from './grants'
import { integrations, rates } from './integrations'
import { invoices } from './invoices'
import { ledger } from './ledger'
import { payees } from './payees'
import { payments } from './payments'
import { policies } from './policies'
import { practice } from './practice'
import type { Command, Outcome, Procedure } from './procedure'
import { safety } from './safety'
import { secrets } from './secrets'
import { tokens, vault } from './vault'

/** Every thing the app can do, by name. */
export const contract = {
  ...businesses,
  ...customers,
  ...integrations,
  ...rates,
  ...invoices,
  ...payments,
  ...approvals,
  ...policies,
  ...payees,
  ...ledger,
  ...events,
  ...audit,
  ...vault,
  ...tokens,
  ...secrets,
  ...grants,
  ...broker,
  ...safety,
  ...backups,
  ...practice,
} as const

export type Contract = typeof contract
export type ProcedureName = keyof Contract

/** What a caller sends. */
export type Input<N extends ProcedureName> = z.input<Contract[N]['input']>
/** What a handler receives, parsed. */
export type Parsed<N extends ProcedureName> = z.output<Contract[N]['input']>
/** What a handler returns. */
export type Output<N extends ProcedureName> = z.output<Contract[N]['output']>
/** What reaches a caller: a query's output bare, a command's wrapped in its outcome. */
export type Reply<N extends ProcedureName> = Contract[N] extends Command ? Outcome<Output<N>> : Output<N>

export type QueryName = { [N in ProcedureName]: Contract[N] extends Command ? never : N }[ProcedureName]
export type CommandName = Exclude<ProcedureName, QueryName>

export function isProcedureName(name: string): name is ProcedureName {
  return Object.hasOwn(contract, name)
}

/** The procedure of a name, with its general type. */
export function procedureOf(name: ProcedureName): Procedure {
  return contract[name]
}
