import { powercutLibrary } from '../../build/powercut/compile.mjs'
import { backupFaults } from './backupFaults'
import { diskFaults } from './diskFaults'
import { firstStart } from './firstStart'
import { kill9 } from './kill9'
import { memory } from './memory'
import { noMemory } from './memorySearch'
import { powercut } from './powercut'
import { addUp, type Line, printTable } from './report'
import { rotation } from './rotation'
import { rotationFaults } from './rotationFaults'
import { noWindow, windowMemory } from './windowMemory'
import { createWorkspace } from './workspace'

/** How much of each scenario; rounds begin anew, so that databases stay small and cuts quick. */
const short = {
  powercut: { rounds: 1, loadMs: 3000, cuts: 150, restarts: 2 },
  firstStart: { cuts: 20, restarts: 1 },
  kill9: { kills: 3, mostMs: 2000 },
  disk: { faults: 20 },
  backups: { faults: 10 },
  rotation: { rounds: 1, cuts: 6, restarts: 1, faults: 4 },
  memory: { rounds: 1 },
}
const long = {
  powercut: { rounds: 20, loadMs: 4000, cuts: 500, restarts: 10 },
  firstStart: { cuts: 500, restarts: 60 },
  kill9: { kills: 100, mostMs: 4000 },
  disk: { faults: 500 },
  backups: { faults: 500 },
  rotation: { rounds: 20, cuts: 200, restarts: 10, faults: 200 },
  memory: { rounds: 5 },
}

export interface RunOptions {
  readonly long: boolean
  /** Names of the scenarios; all when empty. */
  readonly only: readonly string[]
  readonly seed: number
}

async function rounds(count: number, round: (n: number) => Promise<Line[]>): Promise<Line[]> {
  const results: Line[][] = []
  for (let n = 0; n < count; n++) results.push(await round(n))
  return addUp(results)
}

/** Runs the scenarios and prints their tables. @returns how many checks were good and how many were not */
export async function run({ long: isLong, only, seed }: RunOptions): Promise<{ passed: number; failed: number }> {
  const dose = isLong ? long : short
  const wanted = (name: string): boolean => only.length === 0 || only.includes(name)
  const workspace = await createWorkspace()
  const total = { passed: 0, failed: 0 }
  const table = async (title: string, lines: () => Promise<Line[]>): Promise<void> => {
    const startedAt = performance.now()
    const { passed, failed } = printTable(`${title} (seed ${seed})`, await lines())
    process.stdout.write(`${((performance.now() - startedAt) / 1000).toFixed(0)} s\n`)
    total.passed += passed
    total.failed += failed
  }
  try {
    const compiled = powercutLibrary()
    if ('skipped' in compiled) process.stdout.write(`skipped: power cuts and disk faults, because ${compiled.skipped}\n`)
    else {
      if (wanted('powercut'))
        await table('power cuts', () =>
          rounds(dose.powercut.rounds, (n) => powercut(workspace, compiled.library, { ...dose.powercut, seed: seed + n })),
        )
      if (wanted('first'))
        await table('power cuts at the first start', () => firstStart(workspace, compiled.library, { ...dose.firstStart, seed }))
      if (wanted('disk')) await table('disk faults', () => diskFaults(workspace, compiled.library, { ...dose.disk, seed }))
      if (wanted('backups'))
        await table('disk faults under a backup', () => backupFaults(workspace, compiled.library, { ...dose.backups, seed }))
      if (wanted('rotation')) {
        await table('power cuts in a change of keys', () =>
          rounds(dose.rotation.rounds, (n) => rotation(workspace, compiled.library, { ...dose.rotation, seed: seed + n })),
        )
        await table('disk faults under a change of keys', () =>
          rotationFaults(workspace, compiled.library, { ...dose.rotation, seed }),
        )
      }
    }
    if (wanted('kill9')) await table('kill -9', () => kill9(workspace, { ...dose.kill9, seed }))
    if (wanted('memory')) {
      const why = noMemory()
      if (why !== null) process.stdout.write(`skipped: memory after locking and closing, because ${why}\n`)
      else {
        await table('memory after the lock', () => rounds(dose.memory.rounds, memory))
        const whyNot = noWindow()
        if (whyNot !== null) process.stdout.write(`skipped: memory of the window, because ${whyNot}\n`)
        else await table('memory of the window, locked and closed', () => rounds(dose.memory.rounds, windowMemory))
      }
    }
  } finally {
    workspace.cleanup()
  }
  return total
}
