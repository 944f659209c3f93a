import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { createCodec } from './bridge/codec.ts'
import type { ControlEvent, ControlRequest } from './control.ts'

/** The module that main gets from `import 'electron'`. */
export type ElectronModule = typeof import('electron')

export interface DriverOptions {
  /** The app's folder, or its main entry. */
  app: string
  args?: string[]
  env?: Record<string, string>
  /** Whether to draw the window on the display; it must have one. */
  headed?: boolean
}

export interface ProcessEnd {
  code: number | null
  signal: NodeJS.Signals | null
}

/** An app that runs in the Chromium runtime as a child of this process. */
export interface DrivenApp {
  readonly pid: number
  readonly exited: Promise<ProcessEnd>
  /** The page of the next window that opens, or of the oldest that was not asked for yet. */
  nextPage(): Promise<Page>
  /** Runs a function in main, as Playwright's `electronApp.evaluate`: it may use nothing but its two arguments. */
  evaluate<Result, Argument>(
    run: (electron: ElectronModule, argument: Argument) => Result,
    argument: Argument,
  ): Promise<Awaited<Result>>
  evaluate<Result>(run: (electron: ElectronModule) => Result): Promise<Awaited<Result>>
  stdout(): string
  stderr(): string
  kill(signal?: NodeJS.Signals): void
  /** Quits the app and waits for it; kills it when it does not end. */
  close(): Promise<ProcessEnd>
}

const EXECUTABLE = path.join(import.meta.dirname, 'dist', 'electron')
const PATIENCE_MS = 20_000
const codec = createCodec()

/** Starts an app in the Chromium runtime and drives it. Resolves when its main entry has been loaded. */
export async function driveApp({ app, args = [], env = {}, headed = false }: DriverOptions): Promise<DrivenApp> {
  const child = spawn(EXECUTABLE, [app, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...process.env,
      COUNTINGHOUSE_HEADLESS_WINDOW: headed ? '0' : '1',
      ...env,
      COUNTINGHOUSE_RUNTIME_CONTROL: '1',
    },
  })
  const driven = new Driven(child)
  await driven.ready
  return driven
}

class Driven implements DrivenApp {
  readonly exited: Promise<ProcessEnd>
  readonly ready: Promise<void>
  readonly #child: ChildProcess
  readonly #browsers: Browser[] = []
  readonly #pages: Promise<Page>[] = []
  readonly #wanted: ((page: Promise<Page>) => void)[] = []
  readonly #calls = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>()
  #lastCall = 0
  #stdout = ''
  #stderr = ''

  constructor(child: ChildProcess) {
    this.#child = child
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text
    })
    const { promise, resolve } = Promise.withResolvers<ProcessEnd>()
    this.exited = promise
    child.on('close', (code, signal) => resolve({ code, signal }))
    const ready = Promise.withResolvers<void>()
    this.ready = ready.promise
    child.on('message', (event: ControlEvent) => {
      if (event.kind === 'ready') ready.resolve()
      else if (event.kind === 'window') this.#onWindow(this.#attach(event.endpoint))
      else this.#onResult(event)
    })
    void this.exited.then(({ code, signal }) => {
      const error = new Error(`The app ended with ${signal ?? `exit code ${code}`}.\n${this.#stderr}`)
      ready.reject(error)
      for (const { reject } of this.#calls.values()) reject(error)
      void Promise.allSettled(this.#browsers.map((browser) => browser.close()))
    })
  }

  get pid(): number {
    return this.#child.pid ?? -1
  }

  stdout(): string {
    return this.#stdout
  }

  stderr(): string {
    return this.#stderr
  }

  nextPage(): Promise<Page> {
    return this.#pages.shift() ?? new Promise((resolve) => this.#wanted.push(resolve))
  }

  evaluate<Result, Argument>(
    run: (electron: ElectronModule, argument: Argument) => Result,
    argument?: Argument,
  ): Promise<Awaited<Result>> {
    this.#lastCall += 1
    const request: ControlRequest = { id: this.#lastCall, source: run.toString(), argument: codec.encode(argument) }
    return new Promise((resolve, reject) => {
      this.#calls.set(request.id, { resolve: resolve as (value: unknown) => void, reject })
      this.#child.send(request, (error) => error && reject(error))
    })
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.#child.kill(signal)
  }

  async close(): Promise<ProcessEnd> {
    const killer = setTimeout(() => this.kill(), PATIENCE_MS)
    this.evaluate(({ app }) => app.quit()).catch(() => {})
    const end = await this.exited
    clearTimeout(killer)
    return end
  }

  async #attach(endpoint: string): Promise<Page> {
    const browser = await chromium.connectOverCDP(endpoint, { noDefaults: true, isLocal: true })
    this.#browsers.push(browser)
    const page = browser.contexts()[0]?.pages()[0]
    if (!page) throw new Error('The window has no page.')
    return page
  }

  #onWindow(page: Promise<Page>): void {
    page.catch(() => {})
    const wanted = this.#wanted.shift()
    if (wanted) wanted(page)
    else this.#pages.push(page)
  }

  #onResult({ id, ok, value }: Extract<ControlEvent, { kind: 'result' }>): void {
    const call = this.#calls.get(id)
    this.#calls.delete(id)
    if (ok) call?.resolve(codec.decode(value))
    else call?.reject(codec.decode(value))
  }
}
