import { expect, it } from 'vitest'
import { actorWords, byActor } from './actors'

const names = new Map([
  ['helper:gra_1', 'Mira, bookkeeping'],
  ['token:tok_1', 'Report script'],
])

it.each([
  ['owner', 'You'],
  ['helper:gra_1', 'Mira, bookkeeping'],
  ['helper:gra_2', 'Helper gra_2'],
  ['token:tok_1', 'Token “Report script”'],
  ['token:tok_2', 'Token tok_2'],
  ['schedule:week', 'Weekly expiry list'],
  ['schedule:new', 'Schedule “new”'],
  ['provider:stripe', 'Stripe'],
  ['assistant', 'Assistant'],
])('calls %s by its name: %s', (actor, said) => {
  expect(actorWords(actor, names)).toBe(said)
})

it('writes the owner small within a sentence', () => {
  expect([byActor('owner', names), byActor('helper:gra_1', names)]).toEqual(['you', 'Mira, bookkeeping'])
})
