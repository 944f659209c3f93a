import type { BridgeEvent, CountinghouseBridge } from '../../shared/contract/bridge'
import type { Input, ProcedureName, Reply } from '../../shared/contract/index'
import type { ShellInput, ShellOutput, ShellProcedure } from '../../shared/contract/shell'
import { CallError } from './failure'
import { Gate } from './gate'

declare global {
  interface Window {
    readonly countinghouse: CountinghouseBridge
  }
}

/** Half of what main accepts in flight, so that a busy list never starves a click. */
const gate = new Gate(32)

/**
 * Calls a procedure. Throws CallError for what main refused.
 * @param signal aborts a call that has not been sent yet; a sent call runs to its end
 */
export async function call<N extends ProcedureName>(name: N, input: Input<N>, signal?: AbortSignal): Promise<Reply<N>> {
  const result = await gate.run(() => window.countinghouse.procedures[name](input), signal)
  if (!result.ok) throw new CallError(result.error)
  return result.value
}

/** Calls the shell. Throws CallError for what it refused. */
export async function callShell<N extends ShellProcedure>(name: N, input: ShellInput<N>): Promise<ShellOutput<N>> {
  const result = await window.countinghouse.shell[name](input)
  if (!result.ok) throw new CallError(result.error)
  return result.value
}

/** Listens to one kind of push; answers the function that stops listening. */
export function onBridgeEvent<K extends BridgeEvent['kind']>(
  kind: K,
  listener: (event: Extract<BridgeEvent, { kind: K }>) => void,
): () => void {
  return window.countinghouse.onEvent((event) => {
    if (isKind(event, kind)) listener(event)
  })
}

function isKind<K extends BridgeEvent['kind']>(event: BridgeEvent, kind: K): event is Extract<BridgeEvent, { kind: K }> {
  return event.kind === kind
}

/** A new key for one intention of the owner: made when its dialog opens, so that a double click is one request. */
export function newRequestId(): string {
  return `win_${crypto.randomUUID()}`
}
