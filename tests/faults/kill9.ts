import { type Ack, missingKinds } from './ack'
import { startApp } from './app'
import { checkFolder } from './checks'
import { runLoad } from './load'
import { createRandom } from './random'
import { type Line, Tally } from './report'
import { providerAgrees, settle } from './settle'
import type { Workspace } from './workspace'

export interface KillDose {
  readonly kills: number
  /** Longest time under load before a kill. */
  readonly mostMs: number
  readonly seed: number
}

/** Kills the app at random instants under load, starts it again on the same folder, and compares with what clients were told (L2). */
export async function kill9(workspace: Workspace, dose: KillDose): Promise<Line[]> {
  const dir = workspace.copyOfBase('kill9')
  const random = createRandom(dose.seed)
  const acks: Ack[] = []
  const loaded = new Tally('answers of the app under load')
  const kept = new Tally('L2: after kill -9 acknowledged work is kept, whole, balanced, nothing twice')
  for (let n = 0; n < dose.kills || (n < dose.kills + 20 && missingKinds(acks).length > 0); n++) {
    const app = await startApp({ dataDir: dir, passphraseFile: workspace.passphraseFile })
    let over = false
    const load = runLoad({
      app,
      businessId: workspace.businessId,
      customerId: workspace.customerId,
      run: `kill${dose.seed}x${n}`,
      random,
      acknowledged: (ack) => acks.push(ack),
      stopped: () => over,
    })
    await new Promise((resolve) => setTimeout(resolve, random.whole(100, dose.mostMs)))
    await app.kill()
    over = true
    const problems = await load
    loaded.add([...problems.counts].map(([what, times]) => `${times} x ${what}`))
    const { lost, broken } = await checkFolder(dir, acks)
    kept.add([...lost.map((what) => `kill ${n}: lost ${what}`), ...broken.map((what) => `kill ${n}: ${what}`)])
  }
  loaded.add(missingKinds(acks))
  const ended = new Tally('W2: started again, everything is done once and ends right')
  const app = await startApp({ dataDir: dir, passphraseFile: workspace.passphraseFile })
  const problems = await settle(app, workspace.businessId, acks)
  await app.stop().catch((error: unknown) => problems.push(String(error)))
  const { lost, broken } = await checkFolder(dir, acks)
  ended.add([...problems, ...lost, ...broken, ...providerAgrees(dir, acks)])
  return [loaded.line([acks.length, 'acknowledgements']), kept.line(), ended.line()]
}
