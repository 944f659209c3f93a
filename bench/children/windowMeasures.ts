import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CDPSession, Page } from 'playwright-core'
import { type LaunchedApp, launchApp } from '../../tests/e2e/support/launchApp'
import { answerParent, childArgs } from '../support/child'
import { median, spreadOf } from '../support/stats'

export interface WindowArgs {
  /** A vault whose journal is to be scrolled through. */
  readonly dataDir: string
  readonly passphrase: string
  readonly blankApp: string
  readonly times: number
}
export interface ListMeasure {
  readonly name: string
  readonly rows: number
  readonly loadAllMs: number
  readonly frame: { readonly p50: number; readonly p95: number; readonly max: number }
  /** Milliseconds a frame. */
  readonly script: number
  readonly layout: number
}
export interface WindowAnswer {
  readonly runtime: string
  /** Milliseconds from the start of the process. */
  readonly blankMs: number
  readonly firstScreenMs: number
  /** First screen, and from the passphrase's Enter to Today; typing left out. */
  readonly todayMs: number
  readonly openingMs: number
  readonly lists: readonly ListMeasure[]
}

async function blankMs(app: string): Promise<number> {
  const dataDir = mkdtempSync(join(tmpdir(), 'countinghouse-blank-'))
  const start = performance.now()
  const launched = await launchApp({ dataDir, app })
  await launched.page.getByRole('heading', { name: 'Blank' }).waitFor()
  const ms = performance.now() - start
  await launched.close()
  rmSync(dataDir, { recursive: true, force: true })
  return ms
}

interface Opened {
  readonly app: LaunchedApp
  readonly firstScreenMs: number
  readonly openingMs: number
}

/** Starts the app and opens the vault as a person would. Today is usable when its heading stands and nothing of it is loading. */
async function openToToday({ dataDir, passphrase }: WindowArgs): Promise<Opened> {
  const start = performance.now()
  const app = await launchApp({ dataDir })
  const { page } = app
  const open = page.getByRole('button', { name: /Open my vault/ })
  await open.waitFor()
  const firstScreenMs = performance.now() - start
  await open.click()
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase)
  const entered = performance.now()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor({ timeout: 60_000 })
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null)
  return { app, firstScreenMs, openingMs: performance.now() - entered }
}

const scrollSteps = 200
const stepPixels = 1000
const rounds = 5

/** Scrolls a grid by a step in every frame. @returns milliseconds between frames */
function scrollThrough(page: Page, name: string, from: number): Promise<number[]> {
  return page.evaluate(
    ([label, first, steps, pixels]) => {
      const grid = document.querySelector(`[role="grid"][aria-label="${label}"]`)
      if (grid === null) throw new Error(`There is no list ${label}`)
      return new Promise<number[]>((resolve) => {
        const frames: number[] = []
        let step = 0
        let before: number | null = null
        const next = (now: number) => {
          if (before !== null) frames.push(now - before)
          before = now
          if (step === steps) return resolve(frames)
          grid.scrollTop = first + pixels * ++step
          requestAnimationFrame(next)
        }
        requestAnimationFrame(next)
      })
    },
    [name, from, scrollSteps, stepPixels] as const,
  )
}

/** Counts the time that the page's thread spends, not the time that passes: other work of the machine shows in the frames alone. */
const counting = { timeDomain: 'threadTicks' } as const

/** Milliseconds of work of the page since `Performance.enable`, by kind. */
async function workOf(session: CDPSession): Promise<{ script: number; layout: number }> {
  const { metrics } = await session.send('Performance.getMetrics')
  const value = (name: string) => (metrics.find((metric) => metric.name === name)?.value ?? Number.NaN) * 1000
  return { script: value('ScriptDuration'), layout: value('LayoutDuration') + value('RecalcStyleDuration') }
}

async function measureJournal(page: Page): Promise<ListMeasure> {
  const name = 'Journal'
  await page.getByRole('link', { name: 'Ledger', exact: true }).click()
  await page.getByRole('navigation', { name: 'Views of the ledger' }).getByRole('link', { name }).click()
  const grid = page.getByRole('grid', { name })
  await grid.waitFor()
  const start = performance.now()
  await grid.getByRole('button', { name: /Description/ }).click()
  await page.waitForFunction(
    (label) => document.querySelector(`[role="grid"][aria-label="${label}"] [aria-sort]`) !== null,
    name,
    { timeout: 300_000 },
  )
  const loadAllMs = performance.now() - start
  const rows = Number(await grid.getAttribute('aria-rowcount')) - 1
  await scrollThrough(page, name, 0)
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', counting)
  const before = await workOf(session)
  const frames: number[] = []
  for (let round = 0; round < rounds; round++) frames.push(...(await scrollThrough(page, name, round * scrollSteps * stepPixels)))
  const after = await workOf(session)
  await session.detach()
  const { p50, p95, max } = spreadOf(frames)
  const script = (after.script - before.script) / frames.length
  const layout = (after.layout - before.layout) / frames.length
  return { name, rows, loadAllMs, frame: { p50, p95, max }, script, layout }
}

/** Measures the window and answers the parent. */
export async function measure(): Promise<void> {
  const args = childArgs<WindowArgs>()
  const blanks: number[] = []
  const firstScreens: number[] = []
  const openings: number[] = []
  const lists: ListMeasure[] = []
  let runtime = ''
  for (let n = 0; n < args.times; n++) {
    blanks.push(await blankMs(args.blankApp))
    const { app, firstScreenMs, openingMs } = await openToToday(args)
    runtime = app.runtime
    firstScreens.push(firstScreenMs)
    openings.push(openingMs)
    if (n === args.times - 1) lists.push(await measureJournal(app.page))
    await app.close()
  }
  const firstScreenMs = median(firstScreens)
  const openingMs = median(openings)
  answerParent({
    runtime,
    blankMs: median(blanks),
    firstScreenMs,
    openingMs,
    todayMs: firstScreenMs + openingMs,
    lists,
  } satisfies WindowAnswer)
}
