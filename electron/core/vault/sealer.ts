import type { Sealer } from '../ports/sealer'
import { type EnvelopeContext, EnvelopeError, open, seal } from './envelope'
import type { RecordsKeys, Session } from './vault.session'

/**
 * Opens what was sealed under the records key, also where a change of keys has not come to it yet.
 * @throws EnvelopeError; VaultError 'locked' | 'sealed'
 */
export function openRecord(keys: RecordsKeys, sealed: Uint8Array, context: EnvelopeContext): Buffer {
  const previous = keys.previousRecordsKey()
  try {
    return open(keys.recordsKey(), sealed, context)
  } catch (error) {
    if (previous === null || !(error instanceof EnvelopeError)) throw error
    return open(previous, sealed, context)
  }
}

/** Seals under the records key, asked of the session each time; null while that key is gone. */
export function sealerOf(session: Session): Sealer | null {
  if (session.state !== 'unlocked') return null
  const vault = session.coreKeys().vaultId
  return {
    seal: (plaintext, place) => seal(session.recordsKey(), plaintext, { vault, ...place }),
    open: (sealed, place) => openRecord(session, sealed, { vault, ...place }),
  }
}
