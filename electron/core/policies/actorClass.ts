import type { ActorName } from '../dispatch/actor'
import type { ActorClass } from './subject'

const classes: Readonly<Record<string, ActorClass>> = {
  owner: 'owner',
  token: 'tokens',
  helper: 'helpers',
  schedule: 'schedules',
  assistant: 'assistant',
}

/** The class of actors that a rule can name; null for providers, who send events and carry out nothing. */
export function actorClassOf(actor: ActorName | string): ActorClass | null {
  const sort = actor.split(':', 1)[0] ?? ''
  return Object.hasOwn(classes, sort) ? (classes[sort] ?? null) : null
}
