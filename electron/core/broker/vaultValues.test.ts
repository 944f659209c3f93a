import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type BrokerDesk, canary, openBrokerDesk } from '../../../tests/support/brokerDesk'
import { VaultValues } from './vaultValues'

let desk: BrokerDesk
let secretId: string
/** Items that were opened, in order. */
let opened: string[]
let values: VaultValues
beforeEach(async () => {
  desk = await openBrokerDesk()
  secretId = await desk.secret()
  opened = []
  const { items } = desk
  const secrets: ConstructorParameters<typeof VaultValues>[0]['secrets'] = {
    writtenSince: (r, after) => items.writtenSince(r, after),
    hiddenValues: (r, id) => {
      opened.push(id)
      return items.hiddenValues(r, id)
    },
  }
  values = new VaultValues({ database: desk.t.test.db, secrets })
})
afterEach(() => desk.close())

async function keep(value: string, businessId?: string): Promise<string> {
  const fields = [
    { name: 'key', type: 'hidden' as const, value },
    { name: 'user', type: 'text' as const, value: 'shown-to-everybody' },
  ]
  const of = businessId === undefined ? {} : { businessId }
  return (await desk.run('secrets.create', { kind: 'api_key', title: 'Key', fields, ...of })).id
}

async function found(...texts: string[]): Promise<string[]> {
  const known = await values.within(texts.map((text) => Buffer.from(text)))
  return known.flatMap(({ fields }) => fields.map(({ value }) => value.toString())).sort()
}

describe('V14: every hidden value of the vault is known, and only those in question are opened', () => {
  test('in whatever spelling it stands, in one text or the other', async () => {
    const key = 'whsec_Qz+/8"vault'
    const [mine, theirs] = [await keep(key, await desk.t.business()), 'another hidden value']
    await keep(theirs)
    for (const spelling of [
      key,
      JSON.stringify(key),
      encodeURIComponent(key),
      Buffer.from(key).toString('hex'),
      Buffer.from(`user:${key}`).toString('base64'),
      Buffer.from(`me:${key}`).toString('base64url'),
      JSON.stringify(JSON.stringify(key)),
    ]) {
      opened = []
      expect(await found('nothing', `{"text": ${spelling}}`)).toEqual([key])
      expect(opened.at(-1)).toBe(mine)
    }
    opened = []
    expect(await found(`{"ok":true,"user":"shown-to-everybody","n":[1,2,3]}`)).toEqual([])
    expect(opened).toEqual([])
  })

  test('at once after it was written, changed or brought back, and no more once it was replaced', async () => {
    expect(await found('first-key second-key')).toEqual([])
    const id = await keep('first-key')
    expect(await found('first-key second-key')).toEqual(['first-key'])
    const fields = [{ name: 'key', type: 'hidden' as const, value: 'second-key' }]
    await desk.run('secrets.update', { secretId: id, version: 1, fields })
    expect(await found('second-key')).toEqual(['second-key'])
    await desk.run('secrets.delete', { secretId: id, version: 2 })
    values.forget()
    expect(await found('second-key')).toEqual([])
    await desk.run('secrets.undelete', { secretId: id })
    expect(await found('second-key')).toEqual(['second-key'])
    values.forget()
    expect(await found('second-key')).toEqual(['second-key'])
  })

  test('in a rotation the one that waits too, and in its overlap the old one', async () => {
    const id = await keep('first-key')
    const fields = [{ name: 'key', type: 'hidden' as const, value: 'second-key' }]
    const both = ['first-key', 'second-key']
    await desk.run('secrets.startRotation', { secretId: id, version: 1, fields })
    expect(await found('second-key')).toEqual(both)
    await desk.run('secrets.testRotation', { secretId: id, confirmedByOwner: true })
    await desk.run('secrets.finishRotation', { secretId: id })
    expect(await found('first-key')).toEqual(both)
    await desk.run('secrets.cancelRotation', { secretId: id })
    expect(await found('first-key')).toEqual(['first-key'])
  })

  test('one that can be found by trying is not sought', async () => {
    await keep('4711')
    await keep('20261121')
    expect(await found('pin: 4711, 20261121.')).toEqual([])
  })

  test('among many, whatever they hold', async () => {
    const value = fc.string({ unit: 'grapheme', minLength: 13, maxLength: 30 }).filter((text) => text.isWellFormed())
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 5 }), async (keys) => {
        for (const key of keys) await keep(key)
        const text = keys.map((key) => JSON.stringify(key)).join('\n')
        const seen = await found(text)
        for (const key of keys) expect(seen).toContain(key)
      }),
      { numRuns: 20 },
    )
  })

  test('an answer names the vault’s other secrets to nobody', async () => {
    await keep('sk_test_of_another_business', await desk.t.business())
    desk.answer = (_request, response) =>
      response.writeHead(200, { 'x-keys': 'sk_test_of_another_business' }).end(`["sk_test_of_another_business","${canary}"]`)
    const answer = await desk.call({ secretId })
    expect([answer.body, answer.headers['x-keys'], answer.redactions]).toEqual(['["[redacted]","[redacted]"]', '[redacted]', 3])
    const { token } = await desk.grant(secretId)
    expect((await desk.call({}, desk.helper(token))).body).toBe('["[redacted]","[redacted]"]')
  })

  test('a lock between two slices of the marking costs no value that is sought later', async () => {
    const key = await keep('a key of some length')
    const { items } = desk
    const slow = new VaultValues({
      database: desk.t.test.db,
      secrets: {
        writtenSince: (r, after) => items.writtenSince(r, after),
        hiddenValues: (r, id) => {
          if (id !== key || forgets.length > 0) return items.hiddenValues(r, id)
          // Longer than a slice may be, so that the others have their turn before the marking ends.
          const ends = performance.now() + 60
          while (performance.now() < ends);
          forgets.push(setImmediate(() => slow.forget()))
          return items.hiddenValues(r, id)
        },
      },
    })
    const forgets: NodeJS.Immediate[] = []
    const seen = async () => (await slow.within([Buffer.from('it was a key of some length')])).map(({ secretId: id }) => id)
    await seen()
    expect(forgets).toHaveLength(1)
    expect(await seen()).toEqual([key])
  })

  test('a locked vault opens none', async () => {
    await keep('first-key')
    desk.t.locked = true
    await expect(found('first-key')).rejects.toThrow('locked')
    desk.t.locked = false
    expect(await found('first-key')).toEqual(['first-key'])
  })
})
