import type { Parsed } from '../../../shared/contract/index'
import type { ReadDb } from '../db'
import type { Actor } from '../dispatch/actor'
import type { CommandFacts, Handlers } from '../dispatch/handler'
import { grantOf, itemOf } from './authority'
import type { Broker, BrokerDeps } from './broker'
import { readCall } from './readCall'
import { shownPath } from './shownPath'

/** What a card shows: where the call goes, what it does there as far as its path says, and with which item; not what it carries. */
function callFacts(
  r: ReadDb,
  { secrets, access, practice }: Pick<BrokerDeps, 'secrets' | 'access' | 'practice'>,
  actor: Actor,
  input: Parsed<'broker.call'>,
): CommandFacts {
  const { destination, method } = readCall(input, practice())
  const grant = grantOf(r, access, actor, input)
  const secretId = itemOf(grant, input)
  const item = secretId === undefined ? null : secrets.summary(r, secretId)
  return {
    businessId: (item ?? grant)?.businessId ?? null,
    what: `Call ${destination.host} (${method}) with a secret of the vault`,
    amount: null,
    payee: null,
    before: {},
    after: { method, host: destination.host, path: shownPath(destination.path), ...(item === null ? {} : { secret: item.id }) },
    undo: 'no',
    sensitive: item?.sensitive ?? false,
  }
}

export function brokerHandlers(broker: Broker): Handlers<'broker.call'> {
  return {
    'broker.call': {
      facts: (db, input, actor) => callFacts(db, broker.deps, actor, input),
      task: (context, input) => broker.call(context, input),
    },
  }
}
