import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Ack } from './ack'
import { type Answer, passphrase, type RunningApp, startApp } from './app'
import { checkFolder } from './checks'
import { faultKinds, isClearAnswer, openSwitch } from './diskFaults'
import { createRandom } from './random'
import { type Line, Tally } from './report'
import { isOpen } from './rotation'
import type { Workspace } from './workspace'

export interface RotationFaultDose {
  readonly faults: number
  readonly seed: number
}

const said = ({ status, body }: Answer) => `${status} ${JSON.stringify(body).slice(0, 300)}`

/** The one fault after which only a new start goes on, as the answer says. */
const wantsRestart = ({ body }: Answer) => JSON.stringify(body).includes('not-in-place')

/**
 * Lets writes fail at random places of a change of keys, as on a full or broken disk (promises V13, L3): the answer is clear, the
 * database goes on under the key that it has, and the next change goes well.
 */
export async function rotationFaults(workspace: Workspace, library: string, dose: RotationFaultDose): Promise<Line[]> {
  const dir = workspace.copyOfBase('rotationfaults')
  const control = join(workspace.dir, 'rotation.control')
  const random = createRandom(dose.seed)
  const disk = openSwitch(control)
  const env = { LD_PRELOAD: library, POWERCUT_DIR: dir, POWERCUT_CONTROL: control }
  const start = () => startApp({ dataDir: dir, passphraseFile: workspace.passphraseFile, env })
  const clear = new Tally('V13: a change on a failing disk is refused in words')
  const goesOn = new Tally('L3: what is written afterwards is written, at once or after a start where the answer asks for it')
  const again = new Tally('V13: the next change goes well, and nothing half done is left')
  const kept = new Tally('V13, L3: acknowledged work is kept, whole, balanced, under one key')
  const acks: Ack[] = []
  let refused = 0
  let restarts = 0
  let begun = 0
  let app: RunningApp = await start()
  const post = async (requestId: string): Promise<Answer> => {
    const amount = (minor: number) => ({ minor, currency: 'USD' })
    const postings = [
      { account: 'expenses:payment-fees', amount: amount(1) },
      { account: 'assets:stripe', amount: amount(-1) },
    ]
    const occurredOn = new Date().toISOString().slice(0, 10)
    const entry = { businessId: workspace.businessId, requestId, occurredOn, description: `Entry ${requestId}`, postings }
    const answer = await app.call('ledger.post', entry)
    const id = (answer.body as { value?: { entryId?: string } } | null)?.value?.entryId
    if (id !== undefined) acks.push({ ack: 'entry', id, externalId: requestId })
    return answer
  }
  /** Changes to files that the app has made so far. */
  const changes = () => readFileSync(control).readInt32LE(8)
  try {
    const before = changes()
    await app.call('vault.rotateKeys', { passphrase })
    const whole = changes() - before
    for (let n = 0; n < dose.faults; n++) {
      const kind = random.pick(faultKinds)
      await post(`fault${n}`)
      // Most of the changes are pages of copies; what decides comes last.
      disk.on(random.chance(0.3) ? random.whole(1, whole) : random.whole(whole - 150, whole), kind)
      const answer = await app.call('vault.rotateKeys', { passphrase })
      disk.off()
      if (answer.status !== 200) refused++
      if (isOpen(dir)) begun++
      clear.add(isClearAnswer(answer) || wantsRestart(answer) ? [] : [`${kind}: ${said(answer)}`])
      let after = await post(`fault${n}-after`)
      if (wantsRestart(after)) {
        restarts++
        await app.kill()
        app = await start()
        after = await post(`fault${n}-after`)
      }
      goesOn.add(after.status === 200 ? [] : [`${kind}: ${said(after)}`])
      const next = await app.call('vault.rotateKeys', { passphrase })
      const left = readdirSync(dir).filter((name) => /backup-work|\.next|\.partial/.test(name))
      again.add(next.status === 200 && left.length === 0 ? [] : [`${kind}: ${said(next)} ${left.join(' ')}`])
      if (n % 5 !== 4 && n !== dose.faults - 1) continue
      await app.kill()
      const { lost, broken } = await checkFolder(dir, acks)
      kept.add([...lost.map((what) => `lost ${what}`), ...broken])
      if (n !== dose.faults - 1) app = await start()
    }
  } finally {
    disk.close()
    await app.kill()
  }
  const felt = new Tally('control: the faults reach the changes')
  felt.add(begun > 0 ? [] : ['no change was cut off'])
  return [
    clear.line(),
    goesOn.line([restarts, 'starts asked for']),
    again.line(),
    kept.line([acks.length, 'acknowledgements']),
    felt.line([begun, `cut off of ${refused} refused`]),
  ]
}
