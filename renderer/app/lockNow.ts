import { call } from '../api/bridge'
import { toast } from '../components/toasts'
import { words } from './words'

/** Locks the vault; main then takes this page down and shows the lock. */
export function lockNow(): void {
  call('vault.lock', {}).catch((error: unknown) => toast.failed(words.lockFailed, error))
}
