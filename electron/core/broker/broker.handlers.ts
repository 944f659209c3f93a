import type { Parsed } from '../../../shared/contract/index'
import type { ReadDb } from '../db'
import type { CommandFacts, Handlers } from '../dispatch/handler'
import type { Broker, BrokerDeps } from './broker'
import { readCall } from './readCall'

/** What a card shows: where the call goes, not what it carries. */
function callFacts(
  r: ReadDb,
  deps: Pick<BrokerDeps, 'secrets' | 'access' | 'practice'>,
  input: Parsed<'broker.call'>,
): CommandFacts {
  const { destination, method } = readCall(input, deps.practice())
  const grant = input.grantToken === undefined ? undefined : deps.access.grantOfToken(r, input.grantToken)
  const secretId = input.secretId ?? (grant?.secretIds.length === 1 ? grant.secretIds[0] : undefined)
  return {
    businessId: secretId === undefined ? (grant?.businessId ?? null) : deps.secrets.summary(r, secretId).businessId,
    what: `Call ${destination.host} (${method}) with a secret of the vault`,
    amount: null,
    payee: null,
    before: {},
    after: { method, host: destination.host, ...(secretId === undefined ? {} : { secret: secretId }) },
    undo: 'no',
  }
}

export function brokerHandlers(broker: Broker): Handlers<'broker.call'> {
  return {
    'broker.call': {
      facts: (db, input) => callFacts(db, broker.deps, input),
      task: (context, input) => broker.call(context, input),
    },
  }
}
