import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Backup } from '../../../shared/contract/backups'
import type { Database } from '../db'
import { syncFolder } from '../db'
import { newId } from '../ports/ids'
import type { Logger } from '../ports/logger'
import { allBackups, type BackupRow, deleteBackup, insertBackup, readSettings } from './backups.repository'
import { backupsToKeep, type KeptAs } from './backupsToKeep'
import { keyId, readFrame, verifyTag } from './frame'
import { localStamp, type Places } from './places'

export interface StoreDeps {
  readonly database: Database
  readonly places: Places
  readonly logger: Logger
  /** Id of the vault and its database key. */
  readonly keys: () => { readonly vaultId: string; readonly database: Uint8Array }
}

/** The list of backups and the files it stands for. */
export class BackupStore {
  readonly #deps: StoreDeps

  constructor(deps: StoreDeps) {
    this.#deps = deps
  }

  /** Rows as callers see them. */
  describe(rows: readonly BackupRow[], now: number): Backup[] {
    const { places } = this.#deps
    const kept = this.#kept(now)
    return rows.map((row) => ({
      id: row.id,
      fileName: row.fileName,
      place: places.nameOf(row.place),
      createdAt: row.createdAt,
      bytes: row.bytes,
      cause: row.cause,
      auditRows: row.auditRows,
      entries: row.entries,
      verifiedAt: row.verifiedAt,
      problem: row.problem,
      keptAs: kept.get(row.id) ?? [],
      present: places.isPresent(row),
    }))
  }

  #kept(now: number): Map<string, KeptAs[]> {
    const { database, places } = this.#deps
    const there = allBackups(database.read).filter((row) => places.isPresent(row))
    const keepable = there.map(({ id, createdAt, verifiedAt, problem }) => {
      const state = problem !== null ? ('faulty' as const) : verifiedAt === null ? ('unchecked' as const) : ('verified' as const)
      return { id, createdAt, state }
    })
    return backupsToKeep(keepable, readSettings(database.read), (at) => localStamp(at).day, now)
  }

  /** Backups that are there and that nobody has checked yet. */
  unchecked(): BackupRow[] {
    const { database, places } = this.#deps
    return allBackups(database.read).filter((row) => row.verifiedAt === null && row.problem === null && places.isPresent(row))
  }

  /**
   * Deletes what no rule keeps: the file first, then its line in the list. A line whose file is gone from a folder that is there goes too.
   * A folder that cannot be reached is left alone.
   * @returns ids of what is gone
   */
  prune(now: number): string[] {
    const { database, places, logger } = this.#deps
    const kept = this.#kept(now)
    const gone: string[] = []
    for (const row of allBackups(database.read)) {
      if (kept.has(row.id)) continue
      const folder = places.folderOf(row.place)
      try {
        if (statSync(folder, { throwIfNoEntry: false }) === undefined) continue
        rmSync(places.fileOf(row), { force: true })
        syncFolder(folder)
        database.write((w) => deleteBackup(w, row.id))
        gone.push(row.id)
      } catch (error) {
        logger.warn({ err: error, backupId: row.id }, 'a backup that no rule keeps could not be deleted')
      }
    }
    return gone
  }

  /**
   * Lists backups of this vault that lie in a folder and are not in the list: made just before a power cut, or put there by hand. They
   * count as not yet verified.
   * @returns ids of what was added
   */
  adopt(place: string | null): string[] {
    const { database, places } = this.#deps
    const known = new Set(allBackups(database.read).flatMap((row) => (row.place === place ? [row.fileName] : [])))
    const added: string[] = []
    for (const fileName of places.backupsIn(place)) {
      const row = known.has(fileName) ? null : this.#ours(place, fileName)
      if (row === null) continue
      database.write((w) => insertBackup(w, row))
      added.push(row.id)
    }
    return added
  }

  /** What the list says of a file, if it is a whole backup of this vault under its present key; null otherwise. */
  #ours(place: string | null, fileName: string): BackupRow | null {
    const { places, keys, logger } = this.#deps
    const { vaultId, database } = keys()
    const file = join(places.folderOf(place), fileName)
    try {
      const frame = readFrame(file)
      verifyTag(frame, database)
      const { createdAt, cause, secrets, entries, auditRows } = frame.manifest
      if (frame.manifest.vaultId !== vaultId) return null
      return {
        id: newId('bak', createdAt),
        fileName,
        place,
        createdAt,
        bytes: statSync(file).size,
        cause,
        tag: frame.tag,
        keyId: keyId(database),
        secrets,
        entries,
        auditRows,
        verifiedAt: null,
        problem: null,
      }
    } catch (error) {
      logger.info({ err: error }, 'a file among the backups is none of this vault')
      return null
    }
  }
}
