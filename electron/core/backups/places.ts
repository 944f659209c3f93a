import { accessSync, constants, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { DatabaseError, databaseFileName } from '../db'
import { checkFreeSpace, freeBytesOf } from '../db/migrate'
import { BackupError } from './backupError'

/** Folder in the data folder that holds backups unless the owner chose another. */
const defaultFolderName = 'backups'

/** Folder in the data folder for what is taken apart or put together; empty while nothing is under way. */
export const workFolderName = 'backup-work'

const extension = '.chb'
const named = /^countinghouse-\d{4}-\d{2}-\d{2}-\d{6}(-\d+)?\.chb$/

/** Asked of the file system; a test says that a disk is full. */
export type FreeBytes = (dir: string) => number

/** Date and time of an instant on this machine's calendar, as in file names. */
export function localStamp(at: number): { readonly day: string; readonly time: string } {
  const date = new Date(at)
  const two = (n: number) => String(n).padStart(2, '0')
  return {
    day: `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`,
    time: `${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`,
  }
}

/** The folders in which backups of one vault are kept and worked on. */
export class Places {
  readonly #dataDir: string
  readonly #freeBytes: FreeBytes

  constructor(dataDir: string, freeBytes: FreeBytes = freeBytesOf) {
    this.#dataDir = dataDir
    this.#freeBytes = freeBytes
  }

  get workDir(): string {
    return join(this.#dataDir, workFolderName)
  }

  /** @param place folder that the owner chose; null: the one in the data folder */
  folderOf(place: string | null): string {
    return place ?? join(this.#dataDir, defaultFolderName)
  }

  fileOf(backup: { readonly place: string | null; readonly fileName: string }): string {
    return join(this.folderOf(backup.place), backup.fileName)
  }

  isPresent(backup: { readonly place: string | null; readonly fileName: string }): boolean {
    return existsSync(this.fileOf(backup))
  }

  /** In words for people; no path. */
  nameOf(place: string | null): string {
    return place === null ? 'Data folder' : basename(place)
  }

  /** Makes the folder in the data folder; any other must be there. @throws BackupError 'place' when nothing can be written there */
  prepare(place: string | null): string {
    const folder = this.folderOf(place)
    try {
      if (place === null) mkdirSync(folder, { recursive: true, mode: 0o700 })
      if (!statSync(folder).isDirectory()) throw new BackupError('place')
      accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
      return folder
    } catch {
      throw new BackupError('place')
    }
  }

  /** A name that no file in the folder has. */
  freeName(folder: string, at: number): string {
    const { day, time } = localStamp(at)
    const base = `countinghouse-${day}-${time}`
    for (let n = 1; ; n++) {
      const name = n === 1 ? `${base}${extension}` : `${base}-${n}${extension}`
      if (!existsSync(join(folder, name))) return name
    }
  }

  /**
   * Refuses before anything is written when it would not fit: copy and file lie on the disk at the same time.
   * @throws DatabaseError 'no-space'
   */
  checkSpace(folder: string): void {
    const file = join(this.#dataDir, databaseFileName)
    checkFreeSpace(file, this.#freeBytes)
    const needed = Math.ceil(statSync(file).size * 1.1)
    if (this.#freeBytes(folder) < needed) throw new DatabaseError('no-space', { needed })
  }

  /** Names of what looks like backups in a folder; empty when it cannot be read. */
  backupsIn(place: string | null): string[] {
    try {
      return readdirSync(this.folderOf(place)).filter((name) => named.test(name))
    } catch {
      return []
    }
  }

  /** Removes what an interrupted backup left; nothing of it ever counted. */
  sweep(places: readonly (string | null)[]): void {
    rmSync(this.workDir, { recursive: true, force: true })
    for (const place of places) {
      const folder = this.folderOf(place)
      if (!existsSync(folder)) continue
      for (const name of readdirSync(folder)) {
        if (name.endsWith('.partial') && named.test(name.slice(0, -'.partial'.length)))
          rmSync(join(folder, name), { force: true })
      }
    }
  }
}
