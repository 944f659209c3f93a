import type { KeyObject } from 'node:crypto'
import { join } from 'node:path'
import verifier from '../build/verifyAudit.mjs?raw'
import { AppError } from '../shared/errors'
import {
  AnchorSet,
  type AuditFileDeps,
  auditProfile,
  type FixedPlace,
  fileAnchor,
  HeadSigner,
  openKeychainAnchor,
  profileOfRestore,
  signingKey,
  type VerifyResult,
  verifyingKey,
  verifyTail,
} from './core/audit/index'
import { readRestoreMark } from './core/backups/index'
import { getBusiness } from './core/businesses/index'
import type { Database } from './core/db/index'
import type { Clock } from './core/ports/clock'
import type { FileDialogs } from './core/ports/fileDialogs'
import type { KeyStore } from './core/ports/keyStore'
import type { Logger } from './core/ports/logger'
import type { CoreKeys } from './core/vault/index'

export interface AuditParts {
  /** The data folder. */
  readonly dir: string
  readonly keys: CoreKeys
  /** A second place for the signed heads, outside the data folder: an older copy of the whole folder is noticed there. */
  readonly anchorFolder: string | undefined
  readonly fileDialogs: FileDialogs | undefined
  /** This machine's keychain; none in a headless run. */
  readonly keyStore: KeyStore | undefined
  readonly database: Database
  readonly clock: Clock
  readonly logger: Logger
  /** The log needs the owner's eye. */
  readonly onProblem: () => void
}

/** The audit log's signer with its anchors, and what is made from the log. */
export class AuditLog {
  readonly publicKey: KeyObject
  readonly anchors: AnchorSet
  readonly files: AuditFileDeps
  readonly #parts: AuditParts
  readonly #signer: HeadSigner

  constructor(parts: AuditParts) {
    const { keys, dir, anchorFolder, logger } = parts
    this.#parts = parts
    this.publicKey = verifyingKey(keys.publicKey)
    const place = placeOf(parts)
    const fixed: FixedPlace[] = [{ kind: 'data_folder', anchor: fileAnchor(join(dir, 'anchors'), keys.publicKey, 'data folder') }]
    if (anchorFolder !== undefined) {
      fixed.push({ kind: 'app_folder', anchor: fileAnchor(join(anchorFolder, place), keys.publicKey, 'app folder') })
    }
    this.anchors = new AnchorSet({ publicKey: keys.publicKey, place, fixed })
    this.anchors.load(parts.database.read)
    this.#signer = new HeadSigner({
      privateKey: signingKey(keys.audit),
      anchors: this.anchors.anchors,
      onProblem: (problem) => {
        logger.error({ problem: problem.kind }, 'the audit log could not be signed')
        parts.onProblem()
      },
    })
    this.files = {
      publicKey: this.publicKey,
      anchors: this.anchors,
      signNow: () => this.signNow(),
      dialogs: () => {
        if (parts.fileDialogs === undefined) throw new AppError('not_found', 'There is no screen here to choose a file at.')
        return parts.fileDialogs
      },
      verifier,
      assertBusiness: (db, businessId) => void getBusiness(db, businessId),
    }
  }

  /** Takes up the head in this machine's keychain where there is one. Called before the check at start. */
  async openKeychain(): Promise<void> {
    const { keyStore, logger } = this.#parts
    if (keyStore === undefined) return
    try {
      const anchor = await openKeychainAnchor(keyStore, placeOf(this.#parts), this.publicKey)
      if (anchor !== null) this.anchors.addFixed({ kind: 'keychain', anchor })
    } catch (error) {
      logger.warn({ err: error }, 'the keychain could not be asked for its head of the audit log')
    }
  }

  /** The check at start. */
  verifyTail(): VerifyResult {
    return verifyTail({ db: this.#parts.database.read, publicKey: this.publicKey, anchors: this.anchors.anchors })
  }

  /** Signs what is there, and from now on whenever a head is due. */
  start(): void {
    this.signNow()
    this.#parts.database.afterCommit(() => this.signIfDue())
  }

  signNow(): void {
    this.#signer.signNow(this.#parts.database, this.#parts.clock.now())
  }

  signIfDue(): void {
    this.#signer.signIfDue(this.#parts.database, this.#parts.clock.now())
  }
}

/** Under which name places outside the data folder keep the heads of this vault, or of this restored profile of it. */
function placeOf({ dir, keys, database }: AuditParts): string {
  const mark = readRestoreMark(dir)
  const profile = mark === null ? auditProfile(database.read) : profileOfRestore(mark)
  return profile === null ? keys.vaultId : `${keys.vaultId}-${profile}`
}
