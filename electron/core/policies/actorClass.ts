import type { ActorName } from '../dispatch/actor'
import type { ActorClass } from './subject'

const classes: ReadonlyMap<string, ActorClass> = new Map([
  ['owner', 'owner'],
  ['token', 'tokens'],
  ['helper', 'helpers'],
  ['schedule', 'schedules'],
  ['assistant', 'assistant'],
])

/** The class of actors that a rule can name; null for providers, who send events and carry out nothing. */
export function actorClassOf(actor: ActorName | string): ActorClass | null {
  return classes.get(actor.replace(/:.*$/s, '')) ?? null
}
