import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { startApp } from './app'
import { checkFolder } from './checks'
import { createRandom } from './random'
import { losses } from './replay/disk'
import { openMarks, readLog } from './replay/log'
import { places, replay } from './replay/recording'
import { type Line, Tally } from './report'
import type { Workspace } from './workspace'

export interface FirstStartDose {
  /** Cuts after the ready line. */
  readonly cuts: number
  /** Cuts before it, each followed by a start that must end ready. */
  readonly restarts: number
  readonly seed: number
}

/**
 * Power cuts around the very first start: once the app has said that it is ready, its vault and the practice year are there for good;
 * before that a cut leaves a folder in which the next start succeeds (promise V2).
 */
export async function firstStart(workspace: Workspace, library: string, dose: FirstStartDose): Promise<Line[]> {
  const dir = join(workspace.dir, `first${dose.seed}`)
  const logFile = `${dir}.log`
  const env = { LD_PRELOAD: library, POWERCUT_DIR: dir, POWERCUT_LOG: logFile, POWERCUT_NOSYNC: '1' }
  const { passphraseFile } = workspace
  const app = await startApp({ dataDir: dir, passphraseFile, env })
  const marks = openMarks(logFile)
  marks.mark({ ready: true })
  await new Promise((resolve) => setTimeout(resolve, 200))
  await app.kill()
  marks.close()
  const events = readLog(logFile)
  const ready = events.findIndex((event) => event.kind === 'mark')
  const random = createRandom(dose.seed)
  const recording = { workspace, dir, image: undefined, events, random }

  const kept = new Tally('V2: once ready, vault and books are there for good')
  await replay(recording, places(ready, events.length, dose.cuts, random), async (cut, _, index) => {
    const loss = random.pick(losses)
    const { broken } = await checkFolder(cut(loss), [])
    kept.add(broken.map((what) => `${loss} at ${index}: ${what}`))
  })

  const again = new Tally('V2: cut before it was ready, the next start succeeds')
  await replay(recording, places(0, ready, dose.restarts, random), async (cut, _, index) => {
    const loss = random.pick(losses)
    const dataDir = cut(loss)
    try {
      const restarted = await startApp({ dataDir, passphraseFile })
      await restarted.stop()
      again.add((await checkFolder(dataDir, [])).broken.map((what) => `${loss} at ${index}: ${what}`))
    } catch (error) {
      again.add([`${loss} at ${index}: ${error instanceof Error ? error.message : String(error)}`])
    }
  })
  rmSync(dir, { recursive: true })
  rmSync(logFile)
  return [kept.line([events.length, 'changes']), again.line()]
}
