import { createCodec } from './bridge/codec.ts'
import { chromiumRuntime } from './runtime.ts'

/** What the driver of a test sends: a function's source text to run in main, with `electron` and one argument. */
export interface ControlRequest {
  id: number
  source: string
  argument: string
}

/** What this process sends to its driver. Values are encoded by the codec. */
export type ControlEvent =
  | { kind: 'ready' }
  | { kind: 'window'; endpoint: string }
  | { kind: 'result'; id: number; ok: boolean; value: string }

const codec = createCodec()

/** Whether the parent process asked to drive this one, over the pipe it opened for that. */
export const isControlled = (): boolean => process.env.COUNTINGHOUSE_RUNTIME_CONTROL === '1' && process.send !== undefined

/** Answers the driver. The process ends when its driver is gone, so that a test that died leaves no app behind. */
export function obeyDriver(electron: { app: { exit(code: number): void } }): void {
  const tell = (event: ControlEvent) => process.send?.(event)
  chromiumRuntime.on('window', (endpoint: string) => tell({ kind: 'window', endpoint }))
  chromiumRuntime.on('ready', () => tell({ kind: 'ready' }))
  process.on('disconnect', () => electron.app.exit(1))
  process.on('message', async ({ id, source, argument }: ControlRequest) => {
    try {
      const run = new Function(`return (${source})`)() as (electron: object, argument: unknown) => unknown
      const value = await run(electron, codec.decode(argument))
      tell({ kind: 'result', id, ok: true, value: codec.encode(value) })
    } catch (error) {
      tell({ kind: 'result', id, ok: false, value: codec.encode(error) })
    }
  })
  process.channel?.unref()
}
