import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { ensureBuild, node24, root, withSetupLock } from '../../build/lib.mjs'

/** Builds the app's main part where its sources have changed since the last build. */
export function buildApp(): Promise<void> {
  return withSetupLock(() => ensureBuild(['core']))
}

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** The headless app as a process of its own. */
export interface HeadlessProcess {
  readonly child: ChildProcess
  /** The ready line. @throws Error when the process ends before it */
  readonly ready: Promise<{ ready: true; url: string; webhooks: string; token: string; version: string }>
  readonly exit: Promise<Exit>
}

export function startHeadless(args: readonly string[]): HeadlessProcess {
  const child = spawn(node24, [join(root, 'dist', 'main', 'headless.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const exit = once(child, 'close').then(([code, signal]) => ({ code, signal, stdout, stderr }) as Exit)
  const line = new Promise<string>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      if (stdout.includes('\n')) resolve(stdout.slice(0, stdout.indexOf('\n')))
    })
  })
  const ready = Promise.race([
    line.then((text) => JSON.parse(text)),
    exit.then(({ code, stderr: said }) => {
      throw new Error(`The app ended with ${code}: ${said}`)
    }),
  ])
  ready.catch(() => {})
  return { child, ready, exit }
}
