import type { World } from '../../shared/contract/shell'

/** Every host that the app contacts in a world; a page of the window lists them. */
export function contactedHosts(world: World): string[] {
  return world === 'live'
    ? ['api.stripe.com', 'api.upwork.com and www.upwork.com (only when you test Upwork credentials)']
    : ['127.0.0.1 (practice providers on this machine)']
}
