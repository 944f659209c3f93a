import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Ack, isAck, missingKinds } from './ack'
import { type RunningApp, startApp } from './app'
import { checkFolder } from './checks'
import { type LoadProblems, runLoad } from './load'
import { createRandom } from './random'
import { Disk, losses } from './replay/disk'
import { openMarks, readLog } from './replay/log'
import { places, type Recording, replay } from './replay/recording'
import { type Line, Tally } from './report'
import { providerAgrees, settle } from './settle'
import type { Workspace } from './workspace'

export interface PowercutDose {
  /** How long the app is under load. */
  readonly loadMs: number
  readonly cuts: number
  /** Cuts after which the app is started again and lets its unfinished work run to the end. */
  readonly restarts: number
  readonly seed: number
}

/** On a slow machine the load goes on until every kind of work was acknowledged, but not for ever. */
const patienceMs = 30_000

/** Loads the app while everything it writes is logged; it ends by a kill, so the log stops in the middle of the work. */
async function record(
  workspace: Workspace,
  library: string,
  dir: string,
  logFile: string,
  dose: PowercutDose,
): Promise<LoadProblems> {
  const env = { LD_PRELOAD: library, POWERCUT_DIR: dir, POWERCUT_LOG: logFile, POWERCUT_NOSYNC: '1' }
  const app = await startApp({ dataDir: dir, passphraseFile: workspace.passphraseFile, env })
  const marks = openMarks(logFile)
  const acks: Ack[] = []
  let over = false
  const load = runLoad({
    app,
    businessId: workspace.businessId,
    customerId: workspace.customerId,
    run: `cut${dose.seed}`,
    random: createRandom(dose.seed),
    acknowledged: (ack) => {
      marks.mark(ack)
      acks.push(ack)
    },
    stopped: () => over,
  })
  const end = Date.now() + dose.loadMs
  while (Date.now() < end || (Date.now() < end + patienceMs && missingKinds(acks).length > 0))
    await new Promise((resolve) => setTimeout(resolve, 50))
  await app.kill()
  over = true
  const problems = await load
  marks.close()
  return problems
}

/** The model fed with the whole log must give just what stands in the folder: else something was written past the library. */
function differences(dir: string, kept: string): string[] {
  const files = (of: string): string[] =>
    readdirSync(of, { recursive: true })
      .map(String)
      .filter((name) => !name.endsWith('-shm'))
      .sort()
  const names = [...new Set([...files(dir), ...files(kept)])]
  return names.filter((name) => {
    const [one, other] = [join(dir, name), join(kept, name)]
    if (!existsSync(one) || !existsSync(other)) return true
    try {
      return !readFileSync(one).equals(readFileSync(other))
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EISDIR') return false
      throw error
    }
  })
}

/** A disk that ignores flushes must be caught losing acknowledged work: else the checks prove nothing. */
async function lyingDisk(from: Recording): Promise<Line> {
  const tally = new Tally('control: a disk that ignores flushes is caught')
  const events = from.events.filter((event) => event.kind !== 'sync')
  await replay({ ...from, events }, places(Math.floor(events.length / 2), events.length, 5, from.random), async (cut, acks) => {
    const { lost } = await checkFolder(cut('dropped'), acks)
    tally.add(lost.length > 0 || acks.length === 0 ? [] : ['nothing was missed'])
  })
  return tally.line()
}

async function restart(workspace: Workspace, dir: string, acks: readonly Ack[]): Promise<string[]> {
  let app: RunningApp
  try {
    app = await startApp({ dataDir: dir, passphraseFile: workspace.passphraseFile })
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
  const problems = await settle(app, workspace.businessId, acks)
  await app.stop().catch((error: unknown) => problems.push(String(error)))
  if (problems.length > 0) return problems
  const { lost, broken } = await checkFolder(dir, acks)
  return [...lost, ...broken, ...providerAgrees(dir, acks)]
}

/** Power cuts at random instants under load through the real API (promises L2, A5, W2). */
export async function powercut(workspace: Workspace, library: string, dose: PowercutDose): Promise<Line[]> {
  const dir = workspace.copyOfBase(`powercut${dose.seed}`)
  const logFile = join(workspace.dir, `powercut${dose.seed}.log`)
  const problems = await record(workspace, library, dir, logFile, dose)
  const random = createRandom(dose.seed + 1)
  const events = readLog(logFile)
  const from = { workspace, dir, image: workspace.base, events, random }

  const complete = new Tally('log of all writes is complete')
  const disk = new Disk(dir, workspace.base)
  for (const event of events) disk.apply(event)
  const kept = join(workspace.dir, 'kept')
  mkdirSync(kept)
  disk.cut('kept', random, kept)
  complete.add(differences(dir, kept))
  rmSync(kept, { recursive: true })

  const all = events.flatMap((event) => (event.kind === 'mark' && isAck(event.value) ? [event.value] : []))
  const loaded = new Tally('answers of the app under load')
  loaded.add([...missingKinds(all), ...[...problems.counts].map(([what, times]) => `${times} x ${what}`)])

  const first = events.findIndex((event) => event.kind === 'mark')
  const lost = new Tally('L2: acknowledged work is kept')
  const broken = new Tally('L2, A5: whole, balanced, nothing twice, chain and anchors agree')
  await replay(from, places(first, events.length, dose.cuts, random), async (cut, acks, index) => {
    const loss = random.pick(losses)
    const found = await checkFolder(cut(loss), acks)
    lost.add(found.lost.map((what) => `${loss} at ${index}: lost ${what}`))
    broken.add(found.broken.map((what) => `${loss} at ${index}: ${what}`))
  })

  const restarted = new Tally('W2: started again, everything is done once and ends right')
  await replay(from, places(first, events.length, dose.restarts, random), async (cut, acks, index) => {
    const loss = random.pick(losses)
    restarted.add((await restart(workspace, cut(loss), [...acks])).map((what) => `${loss} at ${index}: ${what}`))
  })
  const control = await lyingDisk(from)
  rmSync(dir, { recursive: true })
  rmSync(logFile)
  return [
    loaded.line([all.length, 'acknowledgements']),
    complete.line([events.length, 'changes']),
    lost.line([events.filter((event) => event.kind === 'sync').length, 'flushes']),
    broken.line(),
    restarted.line(),
    control,
  ]
}
