import { type ProcedureName, procedureOf } from '../shared/contract/index'
import { AppError } from '../shared/errors'
import type { Handlers } from './core/dispatch/handler'

const names = [
  'approvals.editAndApprove',
  'approvals.propose',
  'approvals.decidePlan',
  'policies.remove',
  'policies.presets',
  'policies.setPreset',
  'policies.backtest',
  'payees.list',
  'payees.check',
  'payees.release',
  'payees.setQuarantine',
  'secrets.create',
  'secrets.update',
  'secrets.get',
  'secrets.list',
  'secrets.tags',
  'secrets.reveal',
  'secrets.copyTicket',
  'secrets.history',
  'secrets.restoreVersion',
  'secrets.delete',
  'secrets.undelete',
  'secrets.usage',
  'secrets.startRotation',
  'secrets.testRotation',
  'secrets.finishRotation',
  'secrets.cancelRotation',
  'secrets.test',
  'secrets.attach',
  'secrets.attachFile',
  'secrets.attachment',
  'secrets.saveAttachment',
  'secrets.detach',
  'secrets.previewImport',
  'secrets.import',
  'secrets.export',
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
