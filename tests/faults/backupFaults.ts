import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Answer, type RunningApp, startApp } from './app'
import { faultKinds, isClearAnswer, openSwitch } from './diskFaults'
import { createRandom } from './random'
import { type Line, Tally } from './report'
import type { Workspace } from './workspace'

export interface BackupDose {
  readonly faults: number
  readonly seed: number
}

interface Listed {
  readonly id: string
  readonly fileName: string
  readonly problem: string | null
  readonly verifiedAt: number | null
  readonly present: boolean
}

function done<T>({ status, body }: Answer, what: string, problems: string[]): T | null {
  if (status === 200) return (body as { value: T }).value
  problems.push(`${what} answers ${status}: ${JSON.stringify(body).slice(0, 300)}`)
  return null
}

/** Everything that was verified before is there still, and is still what it was. */
async function checkOld(app: RunningApp, dir: string, before: readonly Listed[]): Promise<string[]> {
  const problems: string[] = []
  const files = new Set(readdirSync(join(dir, 'backups')))
  for (const { fileName } of before) if (!files.has(fileName)) problems.push(`${fileName} is gone`)
  const [oldest] = before
  if (oldest !== undefined) {
    const checked = done<Listed>(await app.call('backups.verify', { backupId: oldest.id }), 'backups.verify', problems)
    if (checked?.problem) problems.push(`${oldest.fileName}: ${checked.problem}`)
  }
  return problems
}

async function listed(app: RunningApp): Promise<Listed[]> {
  const { body } = await app.call('backups.list', { limit: 200 })
  return ((body as { items?: Listed[] }).items ?? []).filter(({ present, verifiedAt }) => present && verifiedAt !== null)
}

/**
 * Lets writes fail at random places of making and checking a backup, as on a full or broken disk (promises V9, L3): the answer is clear,
 * every older backup stays, and the next one goes well.
 */
export async function backupFaults(workspace: Workspace, library: string, dose: BackupDose): Promise<Line[]> {
  const dir = workspace.copyOfBase('backups')
  const control = join(workspace.dir, 'backups.control')
  const random = createRandom(dose.seed)
  const disk = openSwitch(control)
  const env = { LD_PRELOAD: library, POWERCUT_DIR: dir, POWERCUT_CONTROL: control }
  const app = await startApp({ dataDir: dir, passphraseFile: workspace.passphraseFile, env })
  const clear = new Tally('V9: a backup on a failing disk is refused in words')
  const kept = new Tally('V9: every older backup stays, whole')
  const again = new Tally('V9: the next backup goes well, and nothing half done is left')
  const felt = new Tally('control: the faults reach the backups')
  let refused = 0
  try {
    await app.call('safety.pause', {})
    await app.call('backups.configure', { keepDaily: 1, keepWeekly: 0, keepMonthly: 0 })
    await app.call('backups.run', {})
    for (let n = 0; n < dose.faults; n++) {
      const before = await listed(app)
      const kind = random.pick(faultKinds)
      disk.on(random.whole(1, random.pick([5, 40, 400])), kind)
      const answer = await app.call('backups.run', {})
      disk.off()
      if (answer.status !== 200) refused++
      clear.add(isClearAnswer(answer) ? [] : [`${kind}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 300)}`])
      kept.add(answer.status === 200 ? [] : await checkOld(app, dir, before))
      const problems: string[] = []
      const backup = done<Listed>(await app.call('backups.run', {}), 'backups.run after the fault', problems)
      if (backup?.problem) problems.push(backup.problem)
      if (readdirSync(dir).includes('backup-work')) problems.push('the work folder is left')
      again.add(problems)
    }
    felt.add(refused > 0 ? [] : ['no backup was refused'])
  } finally {
    disk.close()
    await app.kill()
  }
  return [clear.line(), kept.line(), again.line(), felt.line([refused, 'refused backups'])]
}
