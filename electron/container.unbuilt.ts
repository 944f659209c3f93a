import { type ProcedureName, procedureOf } from '../shared/contract/index'
import { AppError } from '../shared/errors'
import type { Handlers } from './core/dispatch/handler'

const names = [
  'grants.create',
  'grants.list',
  'grants.revoke',
  'grants.blastRadius',
  'grants.rotateAll',
  'broker.call',
] as const satisfies readonly ProcedureName[]

/** Procedures whose handlers are still to come: they answer that nothing was done. */
export function unbuiltHandlers(): Handlers<(typeof names)[number]> {
  const refuse = async () => {
    throw new AppError('unavailable', 'Nothing was done: this part is not built yet.')
  }
  return Object.fromEntries(
    names.map((name) => [name, procedureOf(name).kind === 'query' ? refuse : { task: refuse }]),
  ) as unknown as Handlers<(typeof names)[number]>
}
