import type { SecretKind } from '../../../shared/contract/secrets'
import type { Phase } from './rotationState'

type Guide = Readonly<Record<Phase, readonly string[]>>

const generic: Guide = {
  none: [
    'Make a new value where this one is used: at the provider, in its settings for keys or passwords. Leave the old one in force.',
    'Start the rotation here and enter the new value.',
  ],
  added: ['Try the new value at the provider: sign in or make one call with it.', 'Confirm here that it works.'],
  tested: [
    'Finish the rotation: the new value is used from then on.',
    'Keep the old value in force until the overlap has ended.',
  ],
  overlap: [
    'Check that everything works with the new value. If something does not, cancel the rotation here and the old one is back.',
    'Revoke the old value at the provider when the overlap has ended.',
  ],
}

/** Stripe's API does not roll keys: the owner does it in the dashboard. */
const stripe: Guide = {
  none: [
    'Open dashboard.stripe.com/apikeys as an administrator, in the mode of this key (test or live).',
    'Beside the key in use choose the menu with three dots, then "Rotate key", and let the old one expire in 24 hours or later.',
    'For a restricted key choose the same permissions as before.',
    'Copy the new key, start the rotation here and paste it. Paste the webhook signing secret too if you roll that one.',
  ],
  added: ['Test the new key here: Stripe is asked for its account, and its mode must be that of this business.'],
  tested: ['Finish the rotation: invoices, refunds and events use the new key at once.'],
  overlap: [
    'Look under Settings that Stripe is connected without a problem.',
    'In the Stripe dashboard let the old key expire now, or wait for the time that you chose. Until it is retired here you can go back.',
  ],
}

const upwork: Guide = {
  none: [
    'Open upwork.com/developer/keys/apply and choose the key of this app.',
    'Make a new secret there, or authorise again to get a new access token and refresh token.',
    'Start the rotation here and paste the new values.',
  ],
  added: ['Test the new values here: Upwork is asked who they belong to.'],
  tested: ['Finish the rotation: the new values are used from then on.'],
  overlap: ['Check that Upwork works. Revoke the old secret at upwork.com when the overlap has ended.'],
}

const guides: Partial<Record<SecretKind, Guide>> = { stripe, upwork }

/** What to do next, in order. */
export function stepsOf(kind: SecretKind, phase: Phase): string[] {
  return [...(guides[kind] ?? generic)[phase]]
}
