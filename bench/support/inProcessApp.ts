import { type App, openApp } from '../../electron/container'
import type { AppOptions } from '../../electron/container.options'
import type { World } from '../../electron/core/vault/index'
import type { Input, ProcedureName, Reply } from '../../shared/contract/index'
import { passphrase } from './headlessApp'

export interface InProcessApp {
  /** Calls a procedure as its owner, through dispatch. */
  call<N extends ProcedureName>(name: N, input: Input<N>): Promise<Reply<N>>
  close(): Promise<void>
}

const silent = { debug() {}, info() {}, warn() {}, error() {}, close() {} }

/** Opens a data folder in this process: the same app, without the doors of HTTP around it. */
export async function openInProcess(
  dataDir: string,
  world: World = 'live',
  more: Pick<AppOptions, 'outbound'> = {},
): Promise<InProcessApp> {
  const app: App = await openApp({
    dataDir,
    world,
    proof: { passphrase },
    door: 'start',
    webhookPort: 0,
    createLogger: () => silent,
    notifier: { notify() {} },
    publish() {},
    onPracticeProgress() {},
    ...more,
  })
  return {
    call: (name, input) => app.dispatcher.call(name, input, { actor: app.owner, door: 'api' }),
    close: () => app.close(),
  }
}
