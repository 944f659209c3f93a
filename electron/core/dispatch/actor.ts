import type { Scope } from '../../../shared/contract/procedure'

/** Who acts: `owner`, `token:<id>`, `helper:<id>`, `schedule:<name>`, `provider:<name>` or `assistant`. */
export type ActorName =
  | 'owner'
  | 'assistant'
  | `token:${string}`
  | `helper:${string}`
  | `schedule:${string}`
  | `provider:${string}`

export interface Actor {
  readonly name: ActorName
  readonly scopes: ReadonlySet<Scope>
  /** Of what the scopes open, only these procedures; all of it when left out. A helper's access ends at its grant. */
  readonly procedures?: ReadonlySet<string>
}

/** Whether an actor may call a procedure that needs a scope. */
export function mayCall(actor: Actor, name: string, scope: Scope): boolean {
  return actor.scopes.has(scope) && (actor.procedures === undefined || actor.procedures.has(name))
}

/** Where a call came in. */
export type Door = 'window' | 'api' | 'webhook' | 'schedule' | 'practice'
