import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import type { Ack } from './ack'
import { type Answer, type RunningApp, startApp } from './app'
import { checkFolder } from './checks'
import { runLoad } from './load'
import { createRandom } from './random'
import { type Line, Tally } from './report'
import type { Workspace } from './workspace'

export interface DiskDose {
  readonly faults: number
  readonly seed: number
}

/** What a failing disk says. */
export const faultKinds = ['ENOSPC', 'EIO', 'EROFS', 'EACCES'] as const

/** The switch of the preload library: after `n` more changes to files every further one fails, until it is switched off. */
export function openSwitch(file: string): { on(n: number, kind: (typeof faultKinds)[number]): void; off(): void; close(): void } {
  writeFileSync(file, Buffer.alloc(12))
  const handle = openSync(file, 'r+')
  const set = (n: number, errno: number): void => {
    const bytes = Buffer.alloc(8)
    bytes.writeInt32LE(n, 0)
    bytes.writeInt32LE(errno, 4)
    writeSync(handle, bytes, 0, 8, 0)
  }
  return {
    on: (n, kind) => set(n, constants.errno[kind]),
    off: () => set(0, 0),
    close: () => closeSync(handle),
  }
}

/** A failure must be an answer that names the disk as the cause in a sentence and holds no path. */
export function isClearAnswer({ status, body }: Answer): boolean {
  if (status === 200) return true
  if (status !== 503 || typeof body !== 'object' || body === null || !('error' in body)) return false
  const { code, message } = body.error as { code: string; message: string }
  return code === 'unavailable' && /disk|folder|space/.test(message) && !message.includes('/')
}

async function worksAgain(app: RunningApp, businessId: string, requestId: string): Promise<string[]> {
  const postings = [
    { account: 'expenses:payment-fees', amount: { minor: 1, currency: 'USD' } },
    { account: 'assets:stripe', amount: { minor: -1, currency: 'USD' } },
  ]
  const occurredOn = new Date().toISOString().slice(0, 10)
  const answer = await app.call('ledger.post', { businessId, requestId, occurredOn, description: `Entry ${requestId}`, postings })
  return answer.status === 200
    ? []
    : [`after the fault ledger.post answers ${answer.status}: ${JSON.stringify(answer.body).slice(0, 300)}`]
}

/**
 * Lets writes fail at random places while the app is under load, as on a full, broken or read-only disk (promise L3): every answer is
 * clear, the app goes on when the disk is well again, and nothing acknowledged is lost.
 */
export async function diskFaults(workspace: Workspace, library: string, dose: DiskDose): Promise<Line[]> {
  const dir = workspace.copyOfBase('disk')
  const control = join(workspace.dir, 'disk.control')
  const random = createRandom(dose.seed)
  const disk = openSwitch(control)
  const env = { LD_PRELOAD: library, POWERCUT_DIR: dir, POWERCUT_CONTROL: control }
  const acks: Ack[] = []
  const alive = new Tally('L3: the app lives through the fault, answers clearly and works again')
  const kept = new Tally('L3: acknowledged work is kept, whole, balanced, nothing twice')
  let refused = 0
  let app = await startApp({ dataDir: dir, passphraseFile: workspace.passphraseFile, env })
  for (let n = 0; n < dose.faults; n++) {
    const unclear: string[] = []
    let over = false
    const seen = (answer: Answer): Answer => {
      if (!isClearAnswer(answer)) unclear.push(`unclear answer ${answer.status}: ${JSON.stringify(answer.body).slice(0, 300)}`)
      if (answer.status === 503) refused++
      if (answer.status !== 200) over = true
      return answer
    }
    const running = app
    const watched: RunningApp = {
      ...running,
      call: async (procedure, input) => seen(await running.call(procedure, input)),
      request: async (url, init) => {
        const answer = await running.request(url, init)
        return url.startsWith(running.url) ? seen(answer) : answer
      },
    }
    const kind = random.pick(faultKinds)
    disk.on(random.whole(1, random.pick([10, 100, 1000])), kind)
    const deadline = setTimeout(() => {
      over = true
    }, 3000)
    await runLoad({
      app: watched,
      businessId: workspace.businessId,
      customerId: workspace.customerId,
      run: `disk${dose.seed}x${n}`,
      random,
      acknowledged: (ack) => acks.push(ack),
      stopped: () => over,
    })
    clearTimeout(deadline)
    disk.off()
    const died = app.process.exitCode ?? app.process.signalCode
    if (died !== null) unclear.unshift(`the app died (${died}): ${app.log().slice(-1500)}`)
    alive.add([
      ...unclear.map((what) => `${kind}: ${what}`),
      ...(await worksAgain(app, workspace.businessId, `disk${dose.seed}x${n}-again`)),
    ])
    if (n % 20 !== 19 && n !== dose.faults - 1) continue
    await app.kill()
    const { lost, broken } = await checkFolder(dir, acks)
    kept.add([...lost.map((what) => `lost ${what}`), ...broken])
    if (n !== dose.faults - 1) app = await startApp({ dataDir: dir, passphraseFile: workspace.passphraseFile, env })
  }
  disk.close()
  const felt = new Tally('control: the faults reach the app')
  felt.add(refused > 0 ? [] : ['no call was refused'])
  return [alive.line(), felt.line([refused, 'refused calls']), kept.line([acks.length, 'acknowledgements'])]
}
