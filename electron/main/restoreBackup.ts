import { basename, dirname, join } from 'node:path'
import { dialog } from 'electron'
import type { ShellOutput } from '../../shared/contract/shell'
import { AppError } from '../../shared/errors'
import { describeBackupFile, newProfileName, restoreFromFile, workerThreads } from '../core/backups/index'
import { type Proof, vaultExists } from '../core/vault/index'

export interface RestoreBackupDeps {
  /** Where the live vault of this machine stands, or would. */
  readonly liveFolder: () => string
  /** The worker's script, built from `core/backups/worker.ts`. */
  readonly backupWorker: string
  readonly onProgress: (percent: number) => void
}

/** The backup file that the owner chose at the welcome. The page never names a path, so it is remembered here. */
export class RestoreBackup {
  readonly #deps: RestoreBackupDeps
  #file: string | null = null

  constructor(deps: RestoreBackupDeps) {
    this.#deps = deps
  }

  /**
   * Asks for a backup in a native dialog and reads what it says of itself.
   * @returns null when cancelled
   * @throws BackupError 'newer' | 'damaged'; AppError 'wrong_world'
   */
  async choose(): Promise<ShellOutput<'shell.chooseBackup'>['backup']> {
    const title = 'Choose a backup'
    const filters = [{ name: 'Backups of Countinghouse', extensions: ['chb'] }]
    const { filePaths } = await dialog.showOpenDialog({ title, properties: ['openFile'], filters })
    const file = filePaths[0]
    if (file === undefined) return null
    const { createdAt, secrets, entries } = describeBackupFile(file)
    this.#file = file
    return { fileName: basename(file), createdAt, secrets, entries, beside: vaultExists(this.#deps.liveFolder()) }
  }

  /**
   * Restores the chosen backup: as the live vault of this machine, or beside it where there is one.
   * @returns the folder of the vault
   * @throws AppError 'conflict' when none was chosen; what `restoreFromFile` throws
   */
  async restore(proof: Proof): Promise<string> {
    const file = this.#file
    if (file === null) throw new AppError('conflict', 'Nothing was restored: choose a backup first.')
    const live = this.#deps.liveFolder()
    const now = Date.now()
    const dataDir = vaultExists(live) ? join(dirname(live), newProfileName(dirname(live), now)) : live
    const workbench = workerThreads(this.#deps.backupWorker)
    await restoreFromFile({
      file,
      dataDir,
      world: 'live',
      proof,
      door: 'window',
      workbench,
      now,
      onProgress: this.#deps.onProgress,
    })
    this.#file = null
    return dataDir
  }
}
