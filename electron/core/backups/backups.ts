import { randomBytes } from 'node:crypto'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { Backup, Drill } from '../../../shared/contract/backups'
import { AppError } from '../../../shared/errors'
import { auditHashAt } from '../audit/index'
import { checkFreeSpace, type Database, databaseFileName } from '../db'
import type { Clock } from '../ports/clock'
import { newId } from '../ports/ids'
import type { Logger } from '../ports/logger'
import type { Notifier } from '../ports/notifier'
import { BackupError, type BackupErrorKind } from './backupError'
import { BackupStore } from './backupStore'
import {
  allBackups,
  type BackupRow,
  changeSettings,
  findBackup,
  insertBackup,
  insertDrill,
  readSettings,
  recordCheck,
} from './backups.repository'
import { keyId } from './frame'
import { copyName, type JobInput, type JobName, type JobOutput } from './jobs'
import type { Manifest } from './manifest'
import { type FreeBytes, Places } from './places'
import type { Workbench } from './workbench'

/** What the work is that shows how far it is. */
export type BackupStep = 'backup' | 'drill' | 'database'

/** The keys that checking a backup needs; they stay while the vault is locked. */
export interface BackupKeys {
  readonly vaultId: string
  readonly database: Uint8Array
  /** Ed25519 public key of the audit log, 32 bytes. */
  readonly publicKey: Uint8Array
}

export interface BackupsDeps {
  /** Folder of the running vault. */
  readonly dataDir: string
  readonly world: 'live' | 'practice'
  readonly appVersion: string
  readonly database: Database
  readonly keys: () => BackupKeys
  readonly workbench: Workbench
  readonly clock: Clock
  readonly logger: Logger
  readonly notifier: Notifier
  /** Signs the audit log, so that a backup ends in a signed head. */
  readonly sign: () => void
  readonly onProgress: (step: BackupStep, done: number, total: number) => void
  readonly freeBytes?: FreeBytes
}

/** What a check of a backup may find wrong with the file itself; anything else is a trouble of this machine, and thrown. */
const faults: ReadonlySet<string> = new Set<BackupErrorKind>(['damaged', 'newer', 'other-vault', 'other-keys', 'wrong-contents'])

function faultOf(error: unknown): string | null {
  const kind = error instanceof AppError ? error.details?.backup : undefined
  return error instanceof AppError && typeof kind === 'string' && faults.has(kind) ? error.message : null
}

const unreachable =
  'The folder for backups could not be reached, so the last backup was kept in the data folder. Plug its disk in, or choose another folder.'

/** Makes backups, checks them, keeps them by rule and tries them out. One thing at a time. */
export class Backups {
  readonly deps: BackupsDeps
  readonly places: Places
  readonly store: BackupStore
  /** The work under way, and whether it waited its turn, as that of schedules does. */
  #busy: { readonly work: Promise<unknown>; readonly patient: boolean } | null = null
  /** What was last told of the work under way. */
  #shown = 0

  constructor(deps: BackupsDeps) {
    this.deps = deps
    this.places = new Places(deps.dataDir, deps.freeBytes)
    this.store = new BackupStore({ database: deps.database, places: this.places, logger: deps.logger, keys: deps.keys })
  }

  /** At start: removes what was left half done, and lists what was done and not noted. */
  recover(): void {
    const { database, logger } = this.deps
    const { place } = readSettings(database.read)
    for (const where of place === null ? [null] : [null, place]) {
      try {
        this.places.sweep([where])
        this.store.adopt(where)
      } catch (error) {
        logger.warn({ err: error }, 'a folder of backups could not be looked through')
      }
    }
  }

  /** @throws AppError not_found */
  find(backupId: string): BackupRow {
    const row = findBackup(this.deps.database.read, backupId)
    if (row === undefined) throw new AppError('not_found', 'There is no such backup. Nothing was done.')
    return row
  }

  /**
   * Makes a backup, reopens it and checks all of it; only then lets go of what no rule keeps any more.
   * @param wait for what is under way, instead of refusing
   * @returns the backup, with `problem` where the check found one, and ids of what went
   * @throws BackupError 'busy' | 'place' | 'keys-changed'; DatabaseError 'no-space' and others; old backups are then as they were
   */
  run(cause: Backup['cause'], wait = false): Promise<{ readonly backup: Backup; readonly pruned: readonly string[] }> {
    return this.exclusive(wait, async () => {
      try {
        const { row, placeProblem } = await this.#make(cause)
        const checked = await this.#check(row, 'backup', 40)
        for (const other of this.store.unchecked()) await this.#check(other, 'backup', 99)
        const now = this.deps.clock.now()
        const pruned = checked.problem === null ? this.store.prune(now) : []
        this.#remember(checked.problem ?? placeProblem)
        const [backup] = this.store.describe([checked], now)
        if (backup === undefined) throw new Error('A backup vanished from its list')
        return { backup, pruned }
      } catch (error) {
        this.#remember(error instanceof AppError ? error.message : 'Something unexpected went wrong on this side.')
        throw error
      }
    })
  }

  /** Reopens a backup and checks all of it. @throws BackupError 'missing' | 'busy' */
  verify(backupId: string): Promise<Backup> {
    return this.exclusive(false, async () => {
      const checked = await this.#check(this.find(backupId), 'backup', 0)
      const [backup] = this.store.describe([checked], this.deps.clock.now())
      if (backup === undefined) throw new Error('A backup vanished from its list')
      return backup
    })
  }

  /**
   * Restores the newest backup into a folder of its own, checks all of it, holds its log against the running one, and removes it again.
   * @param wait for what is under way, instead of refusing
   */
  drill(wait = false): Promise<Drill> {
    return this.exclusive(wait, async () => {
      const { database, clock } = this.deps
      const began = performance.now()
      const row = this.#newest()
      let numbers: Pick<Manifest, 'secrets' | 'entries' | 'auditRows'> = { secrets: 0, entries: 0, auditRows: 0 }
      let problem: string | null = null
      if (row === null) problem = 'There is no backup under the present keys to try out. Make one.'
      else {
        try {
          numbers = await this.#tryOut(row)
        } catch (error) {
          problem = error instanceof AppError ? error.message : 'Something unexpected went wrong on this side.'
          if (!(error instanceof AppError)) this.deps.logger.error({ err: error }, 'a restore drill failed')
        }
      }
      const { secrets, entries, auditRows } = numbers
      const milliseconds = Math.round(performance.now() - began)
      const ok = problem === null
      const drill: Drill = { at: clock.now(), ok, backupId: row?.id ?? null, secrets, entries, auditRows, milliseconds, problem }
      database.write((w) => insertDrill(w, drill))
      return drill
    })
  }

  #newest(): BackupRow | null {
    const { database, keys } = this.deps
    const present = keyId(keys().database)
    return allBackups(database.read).find((row) => row.keyId === present && this.places.isPresent(row)) ?? null
  }

  async #tryOut(row: BackupRow): Promise<Manifest> {
    const manifest = await this.#examine(row, 'drill', 0)
    if (auditHashAt(this.deps.database.read, manifest.auditRows) !== manifest.auditHash) {
      throw new BackupError(
        'wrong-contents',
        'The newest backup is whole, but its audit log is not the beginning of the log here. Verify the log under Activity.',
      )
    }
    return manifest
  }

  /** Tells the owner of a scheduled run that failed, in words that give nothing away. */
  warn(title: string): void {
    this.deps.notifier.notify({ title, body: 'Open Settings and look at the backups.', route: '/settings/backups' })
  }

  /** Ends what is under way; nothing half done is left but in folders that the next start sweeps. */
  async stop(): Promise<void> {
    await this.deps.workbench.stop()
    await this.#busy?.work.catch(() => undefined)
  }

  /**
   * One thing at a time. Everybody waits for what a schedule or a change of keys does, which nobody sees coming.
   * @throws BackupError 'busy' while the owner's own work is under way, unless it may wait
   */
  async exclusive<T>(wait: boolean, work: () => Promise<T>): Promise<T> {
    while (this.#busy !== null) {
      if (!wait && !this.#busy.patient) throw new BackupError('busy')
      await this.#busy.work.catch(() => undefined)
    }
    this.#shown = 0
    const running = work()
    this.#busy = { work: running, patient: wait }
    try {
      return await running
    } finally {
      this.#busy = null
    }
  }

  /** Runs a job of one step, of which `from` percent are done before it and `to` after it. */
  async job<N extends JobName>(name: N, input: JobInput<N>, step: BackupStep, from: number, to: number): Promise<JobOutput<N>> {
    const show = (percent: number): void => this.#show(step, Math.floor(from + ((to - from) * percent) / 100))
    const output = await this.deps.workbench.run(name, input, show)
    show(100)
    return output
  }

  /** Tells how far the work under way is, in percent; never less than before. */
  #show(step: BackupStep, percent: number): void {
    if (percent <= this.#shown) return
    this.#shown = percent
    this.deps.onProgress(step, percent, 100)
  }

  /**
   * Copies the database under another key and checks the copy. Whoever asks has made sure that nobody writes meanwhile, and that it is
   * its turn (`exclusive`).
   * @param target path in the data folder
   * @throws BackupError 'copy-differs'; DatabaseError 'no-space' and others; there is no copy then
   */
  async copyUnderKey(newKey: Uint8Array, target: string): Promise<void> {
    const { dataDir, database, keys, freeBytes } = this.deps
    checkFreeSpace(database.file, freeBytes)
    const workDir = this.workFolder()
    const copy = join(workDir, copyName)
    const watch = this.#watch([copy, `${copy}-journal`], 'database', 59)
    try {
      await this.job('rekey', { dataDir, key: keys().database, newKey, workDir, target }, 'database', 0, 100)
    } finally {
      clearInterval(watch)
      this.places.sweep([])
    }
  }

  /** A folder for one job, inside the data folder. */
  workFolder(): string {
    return join(this.places.workDir, randomBytes(8).toString('hex'))
  }

  async #make(cause: Backup['cause']): Promise<{ row: BackupRow; placeProblem: string | null }> {
    const { dataDir, world, appVersion, database, keys, clock, sign } = this.deps
    const { place, placeProblem } = this.#placeNow()
    const folder = this.places.prepare(place)
    this.places.checkSpace(folder)
    sign()
    const createdAt = clock.now()
    const fileName = this.places.freeName(folder, createdAt)
    const { vaultId, database: key } = keys()
    const about = { vaultId, world, createdAt, cause, appVersion }
    const workDir = this.workFolder()
    const watch = this.#watch([join(workDir, copyName)], 'backup', 19)
    try {
      const packed = await this.job('pack', { dataDir, key, workDir, target: join(folder, fileName), about }, 'backup', 0, 40)
      const { secrets, entries, auditRows } = packed.manifest
      const made = { fileName, place, createdAt, cause, bytes: packed.bytes, tag: packed.tag, keyId: keyId(key) }
      const row: BackupRow = {
        id: newId('bak', createdAt),
        ...made,
        secrets,
        entries,
        auditRows,
        verifiedAt: null,
        problem: null,
      }
      database.write((w) => insertBackup(w, row))
      return { row, placeProblem }
    } catch (error) {
      this.places.sweep([place])
      throw error
    } finally {
      clearInterval(watch)
    }
  }

  /** The copying itself says nothing of how far it is; the growing files do, each as large as the database in the end. */
  #watch(files: readonly string[], step: BackupStep, most: number): NodeJS.Timeout {
    const total = files.length * statSync(join(this.deps.dataDir, databaseFileName)).size
    return setInterval(() => {
      const size = files.reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0)
      this.#show(step, Math.min(most, Math.floor((size * (most + 1)) / total)))
    }, 250).unref()
  }

  #placeNow(): { place: string | null; placeProblem: string | null } {
    const { place } = readSettings(this.deps.database.read)
    try {
      this.places.prepare(place)
      return { place, placeProblem: null }
    } catch (error) {
      if (place === null) throw error
      return { place: null, placeProblem: unreachable }
    }
  }

  /** @returns the row as it stands after the check */
  async #check(row: BackupRow, step: 'backup' | 'drill', from: number): Promise<BackupRow> {
    const { database, clock } = this.deps
    let verifiedAt: number | null = null
    let problem: string | null = null
    try {
      await this.#examine(row, step, from)
      verifiedAt = clock.now()
    } catch (error) {
      problem = faultOf(error)
      if (problem === null) throw error
    }
    database.write((w) => recordCheck(w, row.id, verifiedAt, problem))
    return this.find(row.id)
  }

  /**
   * Takes a backup apart and checks it. One that was made under earlier keys cannot be opened without its passphrase: it is right when its
   * bytes are those that were once verified.
   */
  async #examine(row: BackupRow, step: 'backup' | 'drill', from: number): Promise<Manifest> {
    const { keys, clock } = this.deps
    const { vaultId, database: key, publicKey } = keys()
    const file = this.places.fileOf(row)
    const folder = this.workFolder()
    const middle = Math.floor(from + (100 - from) / 3)
    try {
      const unpacked = await this.job('unpack', { file, folder }, step, from, middle)
      assertSame(row, unpacked.tag)
      if (row.keyId !== keyId(key)) {
        if (row.verifiedAt === null) throw new BackupError('other-keys')
        return unpacked.manifest
      }
      return await this.job('examine', { file, folder, key, publicKey, vaultId, now: clock.now() }, step, middle, 100)
    } finally {
      this.places.sweep([])
    }
  }

  /** What went wrong last stands in the status until a run goes well. A disk that cannot even keep that is told of by the error itself. */
  #remember(lastProblem: string | null): void {
    const { database, logger } = this.deps
    if (readSettings(database.read).lastProblem === lastProblem) return
    try {
      database.write((w) => changeSettings(w, { lastProblem }))
    } catch (error) {
      logger.warn({ err: error }, 'the outcome of a backup could not be noted')
    }
  }
}

/** A backup put in the place of another one is whole in itself, yet not what the list says. @throws BackupError 'damaged' */
export function assertSame(row: BackupRow, tag: Uint8Array): void {
  if (!Buffer.from(row.tag).equals(tag)) throw new BackupError('damaged')
}
