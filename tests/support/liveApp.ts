import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type App, openApp } from '../../electron/container'
import { databaseFileName, openReader, type ReadDb } from '../../electron/core/db/index'
import { floorCost, unlockVault, type World, wipe } from '../../electron/core/vault/index'
import type { ApiDoor } from '../../electron/server/apiDoor'
import type { Input, ProcedureName, Reply } from '../../shared/contract/index'
import type { ErrorBody } from '../../shared/errors'

export const passphrase = 'seven quiet herons over the mill pond'
export const ownerToken = `cht_${'o'.repeat(43)}`

/** An answer of the API door. */
export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers: Headers
}

/** The whole app in this process on a folder of its own: real vault, real database, real doors on loopback. */
export interface LiveApp {
  app: App
  readonly dataDir: string
  /** The database as it is committed, through a connection that can only read. */
  db: ReadDb
  url: string
  webhooks: string
  /** Sends a body to a procedure as the owner, or as the holder of a token. */
  send(name: string, body: unknown, token?: string | null): Promise<Answer>
  /** As `send`, with the body as it shall stand on the wire. */
  sendText(name: string, body: string): Promise<Answer>
  /** Calls a procedure as the owner. @throws Error with the answer unless it is 200 */
  call<N extends ProcedureName>(name: N, input: Input<N>): Promise<Reply<N>>
  /** Carries out a command as the owner. @returns what it did */
  run<N extends ProcedureName>(name: N, input: Input<N>): Promise<Done<N>>
  /** Ends the app and starts it again on the same folder. */
  restart(): Promise<void>
  close(): Promise<void>
}

type Done<N extends ProcedureName> = Extract<Reply<N>, { status: 'done' }> extends { value: infer Value } ? Value : never

const silent = { debug() {}, info() {}, warn() {}, error() {}, close() {} }

/** The one key that the practice provider accepts. */
export const practiceKey = 'sk_test_practice_countinghouse'
export const practiceWebhookSecret = 'whsec_practice_countinghouse_signing'

/** Opens a new vault, unlocked, with both doors open. A practice world comes without its year, which takes seconds to make. */
export async function openLiveApp(world: World = 'live'): Promise<LiveApp> {
  const home = mkdtempSync(join(tmpdir(), 'countinghouse-live-'))
  const dataDir = join(home, 'vault')
  mkdirSync(dataDir)
  if (world === 'practice') writeFileSync(join(dataDir, 'practice.ready'), '')
  let running = await start(dataDir, world)
  const live: LiveApp = {
    ...running.face,
    dataDir,
    send: (name, body, token = ownerToken) => send(live.url, name, JSON.stringify(body), token),
    sendText: (name, body) => send(live.url, name, body, ownerToken),
    async call(name, input) {
      const answer = await live.send(name, input)
      if (answer.status !== 200) throw new Error(`${name} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
      return answer.body as never
    },
    async run(name, input) {
      const outcome = (await live.call(name, input)) as { status: string; value?: unknown }
      if (outcome.status !== 'done') throw new Error(`${name} ended as ${outcome.status}`)
      return outcome.value as never
    },
    async restart() {
      await running.stop()
      running = await start(dataDir, world)
      Object.assign(live, running.face)
    },
    async close() {
      await running.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
  return live
}

async function start(dataDir: string, world: World) {
  const app = await openApp({
    dataDir,
    world,
    proof: { passphrase },
    door: 'start',
    webhookPort: 0,
    createLogger: () => silent,
    notifier: { notify() {} },
    fileDialogs: {
      openForReading: async () => null,
      save: async () => false,
      chooseFolder: async () => mkdtempSync(join(tmpdir(), 'countinghouse-chosen-')),
    },
    publish() {},
    onPracticeProgress() {},
    kdf: floorCost,
  })
  const door: ApiDoor = await app.openApiDoor(0, ownerToken)
  const reader = await openReaderOf(dataDir)
  const face = { app, db: reader.read, url: `http://127.0.0.1:${door.port}`, webhooks: app.webhookOrigin ?? '' }
  return {
    face,
    async stop() {
      reader.close()
      await app.close()
    },
  }
}

async function openReaderOf(dataDir: string) {
  const keys = await unlockVault(dataDir, { passphrase })
  try {
    return openReader({ file: join(dataDir, databaseFileName), key: keys.database })
  } finally {
    wipe(keys)
  }
}

async function send(url: string, name: string, body: string, token: string | null): Promise<Answer> {
  const response = await fetch(`${url}/api/v1/${name.replace('.', '/')}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body,
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? null : JSON.parse(text), headers: response.headers }
}

/** The error of an answer. @throws Error when the answer is none */
export function errorOf(answer: Answer): ErrorBody {
  const { error } = (answer.body ?? {}) as { error?: ErrorBody }
  if (error === undefined) throw new Error(`${answer.status} is no error: ${JSON.stringify(answer.body)}`)
  return error
}
