import type { CommandName, Input } from '../../shared/contract/index'
import type { Secret } from '../../shared/contract/secrets'
import type { CommandCase } from './commandTable'
import { type Desk, newRequestId } from './desk'
import { type LiveApp, practiceKey } from './liveApp'

type NewField = Input<'secrets.create'>['fields'][number]

/** A login of the desk's business that nobody depends on. */
export function newLogin(live: LiveApp, desk: Desk, fields?: NewField[]): Promise<Secret> {
  const filled: NewField[] = [
    { name: 'User name', type: 'text', value: 'ada' },
    { name: 'Password', type: 'hidden', value: `pw ${newRequestId()}` },
  ]
  return live.run('secrets.create', { businessId: desk.businessId, kind: 'login', title: 'Registrar', fields: fields ?? filled })
}

/** An item whose key the practice provider takes; a key that it does not takes no part in anything. */
async function newStripeItem(live: LiveApp, desk: Desk, secretKey: string = practiceKey): Promise<Secret> {
  const fields: NewField[] = [{ name: 'Secret key', type: 'hidden', value: secretKey }]
  return live.run('secrets.create', { businessId: desk.businessId, kind: 'stripe', title: 'Another key', fields })
}

/** An item whose new value waits for its test. */
export async function newRotation(live: LiveApp, desk: Desk): Promise<Secret> {
  const item = await newStripeItem(live, desk, 'sk_test_practice_before')
  const fields: NewField[] = [{ name: 'Secret key', type: 'hidden', value: practiceKey }]
  return live.run('secrets.startRotation', { secretId: item.id, version: item.version, fields })
}

/** A file of an item. */
export async function newAttachment(live: LiveApp, desk: Desk): Promise<{ secretId: string; attachmentId: string }> {
  const { id: secretId } = await newLogin(live, desk)
  const file = { name: 'codes.txt', mediaType: 'text/plain', base64: Buffer.from('one two three').toString('base64') }
  const { attachments } = await live.run('secrets.attach', { secretId, ...file })
  return { secretId, attachmentId: attachments[0]?.id ?? '' }
}

/** As `commandCases`, of the items of the vault. */
export function secretCases(live: LiveApp, desk: Desk): { readonly [N in CommandName]?: CommandCase<N> } {
  const changed = async () => {
    const { id: secretId, version } = await newLogin(live, desk)
    return live.run('secrets.update', { secretId, version, title: `Registrar ${newRequestId()}` })
  }
  const tested = async () => live.run('secrets.testRotation', { secretId: (await newRotation(live, desk)).id })
  return {
    'secrets.create': {
      input: () => ({
        businessId: desk.businessId,
        kind: 'login',
        title: 'Hosting',
        tags: ['web'],
        fields: [{ name: 'Password', type: 'hidden', value: 'kept for later' }],
      }),
    },
    'secrets.update': {
      input: async () => {
        const { id: secretId, version } = await newLogin(live, desk)
        return { secretId, version, tags: ['web'] }
      },
    },
    'secrets.restoreVersion': {
      input: async () => {
        const { id: secretId, version } = await changed()
        return { secretId, version, restore: 1 }
      },
    },
    'secrets.delete': {
      input: async () => {
        const { id: secretId, version } = await newLogin(live, desk)
        return { secretId, version }
      },
    },
    'secrets.undelete': {
      input: async () => {
        const { id: secretId, version } = await newLogin(live, desk)
        await live.run('secrets.delete', { secretId, version })
        return { secretId }
      },
    },
    'secrets.startRotation': {
      input: async () => {
        const { id: secretId, version } = await newLogin(live, desk)
        return { secretId, version, fields: [{ name: 'Password', type: 'hidden', value: 'a new one' }] }
      },
    },
    'secrets.testRotation': { input: async () => ({ secretId: (await newRotation(live, desk)).id }) },
    'secrets.finishRotation': { input: async () => ({ secretId: (await tested()).id, overlapHours: 12 }) },
    'secrets.cancelRotation': { input: async () => ({ secretId: (await newRotation(live, desk)).id }) },
    'secrets.test': { input: async () => ({ secretId: (await newStripeItem(live, desk)).id }) },
    'secrets.attach': {
      input: async () => ({
        secretId: (await newLogin(live, desk)).id,
        name: 'codes.txt',
        mediaType: 'text/plain',
        base64: Buffer.from('four five six').toString('base64'),
      }),
    },
    'secrets.attachFile': { input: async () => ({ secretId: (await newLogin(live, desk)).id }) },
    'secrets.saveAttachment': { input: async () => ({ attachmentId: (await newAttachment(live, desk)).attachmentId }) },
    'secrets.detach': { input: async () => ({ attachmentId: (await newAttachment(live, desk)).attachmentId }) },
  }
}
