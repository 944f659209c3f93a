import type { Address } from '../../../shared/contract/customers'
import { open, seal } from '../vault/index'

/** Everything personal about a customer; it exists outside this folder only in memory. */
export interface Profile {
  readonly name: string
  readonly email: string
  readonly address: Address | null
}

/** Where a sealed profile belongs. */
export interface ProfilePlace {
  readonly businessId: string
  readonly customerId: string
  readonly version: number
}

function context(place: ProfilePlace) {
  return {
    vault: place.businessId,
    record: place.customerId,
    field: 'profile',
    version: place.version,
    schema: 'customer-profile/1',
  }
}

/** @param key the 32 bytes of the customer's own person */
export function sealProfile(key: Uint8Array, profile: Profile, place: ProfilePlace): Uint8Array {
  const { name, email } = profile
  return seal(key, Buffer.from(JSON.stringify({ name, email, address: profile.address }), 'utf8'), context(place))
}

/**
 * Opens a profile in its own place. What opens is what `sealProfile` sealed: nobody else has the key.
 * @throws EnvelopeError when it was changed or moved
 */
export function openProfile(key: Uint8Array, sealed: Uint8Array, place: ProfilePlace): Profile {
  return JSON.parse(open(key, sealed, context(place)).toString('utf8')) as Profile
}

/** What stands in place of a person whose key was destroyed. */
export const erasedProfile: Profile = { name: 'Erased customer', email: '', address: null }
