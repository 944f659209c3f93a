import type { Result } from '../errors'
import type { WindowEvent } from './events'
import type { Input, ProcedureName, Reply } from './index'
import type { ShellEvent, ShellInput, ShellOutput, ShellProcedure } from './shell'

/** Everything that main pushes to the window. */
export type BridgeEvent = WindowEvent | ShellEvent

/**
 * What preload exposes as `window.countinghouse`: one function per procedure and per shell call, nothing generic. No function throws for an
 * expected failure; it answers a `Result`.
 */
export interface CountinghouseBridge {
  readonly procedures: { readonly [N in ProcedureName]: (input: Input<N>) => Promise<Result<Reply<N>>> }
  readonly shell: { readonly [N in ShellProcedure]: (input: ShellInput<N>) => Promise<Result<ShellOutput<N>>> }
  /** Listens to pushes until the returned function is called. */
  readonly onEvent: (listener: (event: BridgeEvent) => void) => () => void
}
