import type { CommandName } from '../../shared/contract/index'
import type { CommandCase } from './commandTable'
import type { Desk } from './desk'
import type { LiveApp } from './liveApp'
import { newLogin } from './secretCommands'

/** A grant over a new item of the desk's business, with its token. */
export async function newGrant(live: LiveApp, desk: Desk) {
  const { id: secretId } = await newLogin(live, desk)
  return live.run('grants.create', {
    holder: 'Grace',
    secretIds: [secretId],
    actions: ['use', 'reveal'],
    hosts: ['api.stripe.com'],
    expiresInHours: 24,
  })
}

/** The id of a token that has seen a secret. */
async function newWitness(live: LiveApp, desk: Desk): Promise<string> {
  const { id: secretId } = await newLogin(live, desk)
  const made = await live.run('tokens.create', { name: 'A script', scopes: ['vault:reveal'], expiresInHours: 1 })
  const answer = await live.send('secrets.reveal', { secretId, field: 'Password' }, made.token)
  if (answer.status !== 200) throw new Error(`It was not shown: ${JSON.stringify(answer.body)}`)
  return made.id
}

/** As `commandCases`, of grants. */
export function grantCases(live: LiveApp, desk: Desk): { readonly [N in CommandName]?: CommandCase<N> } {
  return {
    'grants.revoke': { input: async () => ({ grantId: (await newGrant(live, desk)).id }) },
    'grants.rotateAll': { input: async () => ({ tokenId: await newWitness(live, desk) }), ofVault: true },
  }
}
