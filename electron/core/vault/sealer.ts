import type { Sealer } from '../ports/sealer'
import { open, seal } from './envelope'
import type { Session } from './vault.session'

/** Seals under the records key, asked of the session each time; null while that key is gone. */
export function sealerOf(session: Session): Sealer | null {
  if (session.state !== 'unlocked') return null
  const vault = session.coreKeys().vaultId
  return {
    seal: (plaintext, place) => seal(session.recordsKey(), plaintext, { vault, ...place }),
    open: (sealed, place) => open(session.recordsKey(), sealed, { vault, ...place }),
  }
}
