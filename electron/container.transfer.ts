import { dirname, join } from 'node:path'
import type { BridgeEvent } from '../shared/contract/bridge'
import { foreignVaultReader, workerReader } from './adapters/vaultFiles/index'
import { getBusiness } from './core/businesses/index'
import type { Handlers } from './core/dispatch/handler'
import type { FileDialogs } from './core/ports/fileDialogs'
import type { StepUp } from './core/ports/stepUp'
import type { Items } from './core/secrets/index'
import { Previews, transferHandlers } from './core/secretTransfer/index'

export interface TransferParts {
  readonly items: Items
  readonly stepUp: StepUp
  readonly fileDialogs?: FileDialogs | undefined
  readonly publish: (event: BridgeEvent) => void
  /** See `AppOptions`. */
  readonly backupWorker?: string | undefined
}

/** Taking secrets over from other vaults, and writing them out. */
export class SecretTransfer {
  readonly handlers: Handlers<'secrets.previewImport' | 'secrets.import' | 'secrets.export'>
  readonly #previews = new Previews()

  constructor({ items, stepUp, fileDialogs, publish, backupWorker }: TransferParts) {
    this.handlers = transferHandlers({
      items,
      previews: this.#previews,
      reader: backupWorker === undefined ? foreignVaultReader : workerReader(join(dirname(backupWorker), 'vaultFileWorker.js')),
      stepUp,
      dialogs: fileDialogs ?? null,
      assertBusiness: (db, businessId) => void getBusiness(db, businessId),
      onProgress: (done, total) => publish({ kind: 'vaultProgress', step: 'import', done, total }),
    })
  }

  /** The vault was locked: what was read from a file is gone. */
  forget(): void {
    this.#previews.clear()
  }
}
