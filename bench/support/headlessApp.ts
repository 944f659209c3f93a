import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Input, ProcedureName, Reply } from '../../shared/contract/index'
import { node24, root, tied } from './child'

export const passphrase = 'correct horse battery staple of the bench'

export interface HeadlessApp {
  readonly url: string
  readonly webhooks: string
  readonly token: string
  /** From the start of the process to its ready line, milliseconds. */
  readonly startMs: number
  /** Calls a procedure over the API. @throws Error with the answer unless it is 200 */
  call<N extends ProcedureName>(name: N, input: Input<N>): Promise<Reply<N>>
  /** Forgets the largest memory so far, so that `peakBytes` speaks of what follows. @returns false where the system cannot */
  forgetPeak(): boolean
  /** Largest resident memory of the process; null where the system does not tell. */
  peakBytes(): number | null
  /** CPU time of the process so far, milliseconds; null where the system does not tell. */
  cpuMs(): number | null
  stop(): Promise<void>
}

/** Starts the built app without a window, as `npm start -- --headless` does. */
export async function startHeadless(options: {
  dataDir: string
  practice?: boolean
  nodeArgs?: readonly string[]
}): Promise<HeadlessApp> {
  const { dataDir, practice = false, nodeArgs = profiling() } = options
  const passphraseFile = `${dataDir}.passphrase`
  writeFileSync(passphraseFile, `${passphrase}\n`, { mode: 0o600 })
  const headless = join(root, 'dist', 'main', 'headless.js')
  const args = [
    ...nodeArgs,
    headless,
    '--data',
    dataDir,
    '--passphrase-file',
    passphraseFile,
    ...(practice ? ['--practice'] : []),
  ]
  const start = performance.now()
  const child = spawn(node24, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  tied(child)
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-4000)
  })
  const lines = createInterface({ input: child.stdout })
  const line = await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => null)])
  if (line === null) throw new Error(`The app did not start: ${log}`)
  const startMs = performance.now() - start
  const { url, webhooks, token } = JSON.parse(String(line[0])) as { url: string; webhooks: string; token: string }
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  return {
    url,
    webhooks,
    token,
    startMs,
    call: (name, input) => post(agent, `${url}/api/v1/${name.replace('.', '/')}`, token, input) as Promise<never>,
    forgetPeak: () => forgetPeak(child),
    peakBytes: () => peakBytes(child),
    cpuMs: () => cpuMs(child),
    async stop() {
      agent.destroy()
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
      if (child.exitCode !== 0) throw new Error(`The app ended with ${child.exitCode}: ${log}`)
    },
  }
}

/** `BENCH_PROFILE=<folder>` has every app that is started write a CPU profile there. */
function profiling(): readonly string[] {
  const folder = process.env.BENCH_PROFILE
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`]
}

/** One POST over a kept connection, without the cost of `fetch`. */
export async function post(agent: Agent, url: string, token: string, input: unknown): Promise<unknown> {
  const body = JSON.stringify(input)
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${token}`,
    'content-length': Buffer.byteLength(body),
  }
  const outgoing = request(url, { method: 'POST', agent, headers })
  outgoing.on('error', () => {})
  outgoing.end(body)
  const [response] = await once(outgoing, 'response')
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString('utf8')
  if (response.statusCode !== 200) throw new Error(`${url} answered ${response.statusCode}: ${text.slice(0, 500)}`)
  return JSON.parse(text)
}

/** What a command did. @throws Error when it waits for an approval */
export function done<T>(outcome: { status: 'done'; value: T } | { status: 'awaitingApproval' }): T {
  if (outcome.status !== 'done') throw new Error('The command waits for an approval')
  return outcome.value
}

function forgetPeak({ pid }: ChildProcess): boolean {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5')
    return true
  } catch {
    return false
  }
}

function peakBytes({ pid }: ChildProcess): number | null {
  try {
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return peak === undefined ? null : Number(peak) * 1024
  } catch {
    return null
  }
}

/** The kernel counts in ticks of a hundredth of a second. */
const tickMs = 10

function cpuMs({ pid }: ChildProcess): number | null {
  try {
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    return (Number(afterName[11]) + Number(afterName[12])) * tickMs
  } catch {
    return null
  }
}
