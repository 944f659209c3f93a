import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export const root = join(import.meta.dirname, '..', '..')
const node24 = join(root, 'node_modules', 'node', 'bin', 'node')
export const headless = join(root, 'dist', 'main', 'headless.js')
export const passphrase = 'correct horse battery staple of the fault tests'

/** An answer of the API; `status` 0 means that none came: what was asked for may or may not have happened. */
export interface Answer {
  readonly status: number
  readonly body: unknown
}

/** A running headless app. */
export interface RunningApp {
  readonly process: ChildProcess
  readonly url: string
  readonly webhooks: string
  readonly token: string
  /** Calls a procedure, `domain.name`. Never throws: a broken connection is an answer with status 0. */
  call(procedure: string, input: unknown): Promise<Answer>
  /** Any request to the app's own doors or to the practice provider's page. */
  request(url: string, init: RequestInit): Promise<Answer>
  /** Ends it as a person would. @throws Error unless it exits 0 */
  stop(): Promise<void>
  /** Ends it as a crash would. */
  kill(): Promise<void>
  /** What it said on stderr. */
  log(): string
}

export interface StartOptions {
  readonly dataDir: string
  readonly passphraseFile: string
  readonly env?: Readonly<Record<string, string>>
  readonly world?: 'live' | 'practice'
  /** Longest wait for the ready line. */
  readonly patienceMs?: number
}

export class StartFailed extends Error {
  constructor(
    readonly exitCode: number | null,
    readonly log: string,
  ) {
    super(`The app did not start (exit code ${exitCode}): ${log.slice(-2000)}`)
  }
}

async function ask(url: string, init: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(30_000), ...init })
    const text = await response.text()
    try {
      return { status: response.status, body: JSON.parse(text) }
    } catch {
      return { status: response.status, body: text }
    }
  } catch {
    return { status: 0, body: null }
  }
}

/** Starts the built app headless on a folder, with the practice world where no other is named. @throws StartFailed */
export async function startApp({
  dataDir,
  passphraseFile,
  env = {},
  world = 'practice',
  patienceMs = 120_000,
}: StartOptions): Promise<RunningApp> {
  if (!existsSync(headless)) throw new Error('The app is not built: run node build/build.mjs core')
  const worldFlag = world === 'practice' ? ['--practice'] : []
  const child = spawn(node24, [headless, '--data', dataDir, ...worldFlag, '--passphrase-file', passphraseFile], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  const log: string[] = []
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log.push(text)
    if (log.length > 2000) log.splice(0, 1000)
  })
  const exited = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  const ready = await Promise.race([
    once(lines, 'line').then(([line]) => String(line)),
    exited.then(() => null),
    new Promise<null>((resolve) => setTimeout(resolve, patienceMs, null).unref()),
  ])
  if (ready === null) {
    child.kill('SIGKILL')
    await exited
    throw new StartFailed(child.exitCode, log.join(''))
  }
  const { url, webhooks, token } = JSON.parse(ready) as { url: string; webhooks: string; token: string }
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await exited
  }
  return {
    process: child,
    url,
    webhooks,
    token,
    request: ask,
    call: (procedure, input) =>
      ask(`${url}/api/v1/${procedure.replace('.', '/')}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(input),
      }),
    async stop() {
      child.kill('SIGTERM')
      await exited
      if (child.exitCode !== 0) throw new StartFailed(child.exitCode, log.join(''))
    },
    kill,
    log: () => log.join(''),
  }
}
