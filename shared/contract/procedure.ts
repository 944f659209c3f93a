import { z } from 'zod'
import { requestId } from '../domain/ids'

/** `<domain>:read`, `<domain>:write`, `approvals:decide`, `vault:reveal`. */
export const scopes = [
  'businesses:read',
  'businesses:write',
  'customers:read',
  'customers:write',
  'integrations:read',
  'integrations:write',
  'rates:read',
  'rates:write',
  'invoices:read',
  'invoices:write',
  'payments:read',
  'payments:write',
  'approvals:read',
  'approvals:decide',
  'policies:read',
  'policies:write',
  'ledger:read',
  'ledger:write',
  'events:read',
  'events:write',
  'audit:read',
  'audit:write',
  'secrets:read',
  'secrets:write',
  'grants:read',
  'grants:write',
  'broker:write',
  'safety:read',
  'safety:write',
  'backups:read',
  'backups:write',
  'vault:read',
  'vault:write',
  'vault:reveal',
  'tokens:read',
  'tokens:write',
  'practice:read',
  'practice:write',
] as const
export type Scope = (typeof scopes)[number]

/**
 * Which doors may call a procedure. `window` marks what only makes sense at this machine's own screen (native file dialogs, first run);
 * `practice` exists in a practice world only.
 */
export type Doors = 'all' | 'window' | 'practice'

interface Definition<Kind extends 'query' | 'command', Input extends z.ZodType, Output extends z.ZodType> {
  readonly kind: Kind
  readonly summary: string
  readonly input: Input
  readonly output: Output
  readonly scope: Scope
  readonly doors: Doors
}

export type Query<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> = Definition<'query', I, O>

export interface Command<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> extends Definition<'command', I, O> {
  /** Raised when a parked command of an older shape must no longer run. */
  readonly contractVersion: number
  /** Input fields that hold secrets: sealed when parked, never logged, never in facts. */
  readonly secretInput: readonly string[]
  /** The output holds a secret: it is never stored, so a repeat of the same requestId cannot be answered from the record. */
  readonly secretOutput: boolean
  /** False where waiting for an approval would make no sense (deciding one, unlocking). */
  readonly parkable: boolean
}

export type Procedure = Query | Command

interface Common<Output extends z.ZodType> {
  readonly summary: string
  readonly output: Output
  readonly scope: Scope
  readonly doors?: Doors
}

/** Declares a procedure that reads. Callers receive its output bare. */
export function query<S extends z.core.$ZodLooseShape, O extends z.ZodType>(
  definition: Common<O> & { readonly input: S },
): Query<z.ZodObject<S, z.core.$strict>, O> {
  return { doors: 'all', ...definition, kind: 'query', input: z.strictObject(definition.input) }
}

type WithRequestId<S> = Omit<{ requestId: z.ZodOptional<typeof requestId> }, keyof S> & S

/** Declares a procedure that acts. `requestId?` is added to its input; callers receive `Outcome<output>`. */
export function command<S extends z.core.$ZodLooseShape, O extends z.ZodType>(
  definition: Common<O> & {
    readonly input: S
    readonly secretInput?: readonly string[]
    readonly secretOutput?: boolean
    readonly parkable?: boolean
    readonly contractVersion?: number
  },
): Command<z.ZodObject<WithRequestId<S>, z.core.$strict>, O> {
  const shape = { requestId: requestId.optional(), ...definition.input } as WithRequestId<S>
  return {
    doors: 'all',
    secretInput: [],
    secretOutput: false,
    parkable: true,
    contractVersion: 1,
    ...definition,
    kind: 'command',
    input: z.strictObject(shape),
  }
}

/** How a command ends for its caller. */
export type Outcome<T> =
  | { readonly status: 'done'; readonly value: T }
  | { readonly status: 'awaitingApproval'; readonly approvalId: string }

/** The schema of `Outcome` around a command's output. */
export function outcomeOf<O extends z.ZodType>(output: O) {
  return z.discriminatedUnion('status', [
    z.strictObject({ status: z.literal('done'), value: output }),
    z.strictObject({ status: z.literal('awaitingApproval'), approvalId: z.string() }),
  ])
}

/** Input fields of a paged list. */
export const page = {
  cursor: z.string().min(1).max(200).optional(),
  limit: z.int().min(1).max(200).optional(),
}

/** Output of a paged list; `nextCursor` is null on the last page. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() })
}
