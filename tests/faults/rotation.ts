import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Ack, isAck } from './ack'
import { passphrase, type RunningApp, startApp } from './app'
import { checkFolder } from './checks'
import { type LoadProblems, runLoad } from './load'
import { createRandom, type Random } from './random'
import { losses } from './replay/disk'
import { type DiskEvent, openMarks, readLog } from './replay/log'
import { places, replay } from './replay/recording'
import { type Line, Tally } from './report'
import type { Workspace } from './workspace'

export interface RotationDose {
  /** Cuts anywhere in the change; as many again around each of its decisive steps. */
  readonly cuts: number
  /** Cuts after which the app is started again and carries the change on. */
  readonly restarts: number
  readonly seed: number
}

const begun = 'rotation begins'
const answered = 'rotation is answered'

/** Changes the keys of a loaded app while everything it writes is logged. */
async function record(workspace: Workspace, library: string, dir: string, logFile: string, seed: number): Promise<string[]> {
  const env = { LD_PRELOAD: library, POWERCUT_DIR: dir, POWERCUT_LOG: logFile, POWERCUT_NOSYNC: '1' }
  const { passphraseFile, businessId, customerId } = workspace
  const app = await startApp({ dataDir: dir, passphraseFile, env })
  const marks = openMarks(logFile)
  let over = false
  const load: Promise<LoadProblems> = runLoad({
    ...{ app, businessId, customerId, run: `keys${seed}`, random: createRandom(seed) },
    acknowledged: (ack) => marks.mark(ack),
    stopped: () => over,
  })
  marks.mark(begun)
  const answer = await app.call('vault.rotateKeys', { passphrase })
  marks.mark(answered)
  await new Promise((resolve) => setTimeout(resolve, 300))
  await app.kill()
  over = true
  // An event that comes while nothing can be saved is asked for again by its sender.
  const counts = [...(await load).counts].filter(([what]) => !what.startsWith('webhook: 503'))
  const problems = counts.map(([what, times]) => `${times} x ${what}`)
  marks.close()
  return answer.status === 200
    ? problems
    : [...problems, `vault.rotateKeys answers ${answer.status} ${JSON.stringify(answer.body)}`]
}

/** Where in the log the header and the database get their new names, and the steps around that. */
function decisive(events: readonly DiskEvent[], from: number, count: number, random: Random): number[] {
  const renames = events.flatMap((event, index) =>
    index >= from && event.kind === 'rename' && /vault\.header$|countinghouse\.db(\.next)?$/.test(event.to) ? [index] : [],
  )
  return renames
    .flatMap((index) => places(Math.max(from, index - 20), Math.min(events.length, index + 20), count, random))
    .sort((a, b) => a - b)
}

/** Whether the header of a folder waits for the end of a change of keys. */
export const isOpen = (dir: string) => readFileSync(join(dir, 'vault.header'), 'utf8').includes('previousDatabase')

async function carriedOn(app: RunningApp): Promise<boolean> {
  for (let tries = 0; tries < 300; tries++) {
    const { body } = await app.call('vault.security', {})
    if ((body as { keysChanging?: boolean }).keysChanging === false) return true
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return false
}

async function restart({ passphraseFile }: Workspace, dataDir: string, acks: readonly Ack[]): Promise<string[]> {
  try {
    const app = await startApp({ dataDir, passphraseFile })
    const isThrough = await carriedOn(app)
    await app.stop()
    if (!isThrough) return ['the change is not carried on']
    const { lost, broken } = await checkFolder(dataDir, acks)
    return [...lost, ...broken, ...(isOpen(dataDir) ? ['the header still waits'] : [])]
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}

/** Power cuts while the keys are changed under load (promises V13, L2). */
export async function rotation(workspace: Workspace, library: string, dose: RotationDose): Promise<Line[]> {
  const dir = workspace.copyOfBase(`rotation${dose.seed}`)
  const logFile = `${dir}.log`
  const loaded = new Tally('answers of the app under load')
  loaded.add(await record(workspace, library, dir, logFile, dose.seed))
  const events = readLog(logFile)
  const random = createRandom(dose.seed + 1)
  const from = { workspace, dir, image: workspace.base, events, random }
  const markAt = (value: string) => events.findIndex((event) => event.kind === 'mark' && event.value === value)
  const [first, done] = [markAt(begun), markAt(answered)]

  const lost = new Tally('L2: acknowledged work is kept')
  const broken = new Tally('V13, L2: it opens with the passphrase, whole and balanced, on one key')
  const anywhere = places(first, events.length, dose.cuts, random)
  const at = [...anywhere, ...decisive(events, first, dose.cuts, random)].sort((a, b) => a - b)
  let waiting = 0
  await replay(from, at, async (cut, acks, index) => {
    const loss = random.pick(losses)
    const target = cut(loss)
    const wait = isOpen(target)
    if (wait) waiting++
    const found = await checkFolder(target, acks)
    if (wait && index > done) found.broken.push('the change that was answered is not through')
    lost.add(found.lost.map((what) => `${loss} at ${index}: lost ${what}`))
    broken.add(found.broken.map((what) => `${loss} at ${index}: ${what}`))
  })

  const restarted = new Tally('V13: started again, it is carried on to the end')
  const between = events.findIndex(
    (event, index) => index > first && event.kind === 'rename' && event.to.endsWith('vault.header'),
  )
  await replay(from, places(between + 1, done, dose.restarts, random), async (cut, acks, index) => {
    const loss = random.pick(losses)
    restarted.add((await restart(workspace, cut(loss), [...acks])).map((what) => `${loss} at ${index}: ${what}`))
  })
  const acks = events.filter((event) => event.kind === 'mark' && isAck(event.value)).length
  rmSync(dir, { recursive: true })
  rmSync(logFile)
  return [
    loaded.line([acks, 'acknowledgements']),
    lost.line([events.length, 'changes']),
    broken.line([waiting, 'cuts in the middle of the change']),
    restarted.line(),
  ]
}
