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
}

/** Where a call came in. */
export type Door = 'window' | 'api' | 'webhook' | 'schedule' | 'practice'
