import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { passphrase, type RunningApp, startApp } from './app'

const roomNeeded = 2e9

/** Memory where there is enough of it: nothing here relies on the disk, and the cuts write gigabytes. */
function fastestFolder(): string {
  if (!existsSync('/dev/shm')) return tmpdir()
  const { bavail, bsize } = statfsSync('/dev/shm')
  return bavail * bsize > roomNeeded ? '/dev/shm' : tmpdir()
}

/** Folders of one run, with a practice world that every scenario begins from. */
export interface Workspace {
  readonly dir: string
  readonly passphraseFile: string
  readonly businessId: string
  readonly customerId: string
  /** A closed data folder with the practice year in it. Never changed: scenarios work on copies. */
  readonly base: string
  /** A new copy of the base. */
  copyOfBase(name: string): string
  cleanup(): void
}

async function only<T>(app: RunningApp, procedure: string, input: unknown): Promise<T> {
  const { status, body } = await app.call(procedure, input)
  if (status !== 200) throw new Error(`${procedure} answered ${status}: ${JSON.stringify(body)}`)
  return body as T
}

/** Makes the practice world through the app itself. */
export async function createWorkspace(): Promise<Workspace> {
  const dir = mkdtempSync(join(fastestFolder(), 'countinghouse-faults-'))
  const passphraseFile = join(dir, 'passphrase')
  writeFileSync(passphraseFile, `${passphrase}\n`, { mode: 0o600 })
  const base = join(dir, 'base')
  const cleanup = () => rmSync(dir, { recursive: true, force: true })
  try {
    const app = await startApp({ dataDir: base, passphraseFile })
    const { items } = await only<{ items: { id: string }[] }>(app, 'businesses.list', {})
    const businessId = items[0]?.id ?? ''
    const customer = { businessId, name: 'Fault Tester', email: 'fault@example.com' }
    const { value } = await only<{ value: { id: string } }>(app, 'customers.create', customer)
    await app.stop()
    return {
      dir,
      passphraseFile,
      businessId,
      customerId: value.id,
      base,
      copyOfBase(name) {
        const copy = join(dir, name)
        mkdirSync(copy, { mode: 0o700 })
        cpSync(base, copy, { recursive: true })
        return copy
      },
      cleanup,
    }
  } catch (error) {
    cleanup()
    throw error
  }
}
