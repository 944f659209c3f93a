import type { Business } from '../../../shared/contract/businesses'
import { AppError } from '../../../shared/errors'

export type Mode = NonNullable<Business['mode']>

/** What kind of money a Stripe key moves: its own words say so (`sk_live_`, `rk_test_`, ...), and practice keys have a mark of their own. */
export function modeOfKey(secretKey: string, isPracticeKey: (key: string) => boolean): Mode {
  if (isPracticeKey(secretKey)) return 'practice'
  return /^[a-z]+_live_/.test(secretKey) ? 'live' : 'test'
}

/**
 * Keeps worlds and modes apart: no real key reaches a practice provider, no practice key a real one, and a business keeps its mode.
 * @param business its mode so far, null before its first key
 * @throws AppError wrong_world
 */
export function checkMode(keyMode: Mode, world: 'live' | 'practice', business: Mode | null): void {
  if (world === 'practice' && keyMode !== 'practice') {
    throw new AppError(
      'wrong_world',
      'This is a practice vault, and the key is a real one. It was sent nowhere and not stored. Open or create a live vault to connect it.',
    )
  }
  if (world === 'live' && keyMode === 'practice') {
    throw new AppError(
      'wrong_world',
      'This key belongs to the practice world and opens nothing here. Nothing was stored. Use a key from your own Stripe dashboard.',
    )
  }
  if (business !== null && business !== keyMode) {
    throw new AppError(
      'wrong_world',
      `This business works with ${business} money for ever, and the key is for ${keyMode} money. Nothing was stored. Use a ${business} key, or create another business.`,
    )
  }
}
