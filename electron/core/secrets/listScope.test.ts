import { afterAll, beforeAll, expect, test } from 'vitest'
import { field, openTestVault, type TestVault } from './testing'

let vault: TestVault
let mine: string
beforeAll(async () => {
  vault = openTestVault()
  mine = await vault.business()
  const other = await vault.business()
  const item = (title: string, businessId?: string) =>
    vault.keep({
      ...(businessId === undefined ? {} : { businessId }),
      kind: 'login',
      title,
      tags: [title],
      fields: [field('Password', 'needle in the dark')],
      rotateEveryDays: 30,
    })
  await item('of mine', mine)
  await item('of the other', other)
  await item('of the vault')
})
afterAll(() => vault.cleanup())

test('a list of a business holds its own items alone, with those of the vault itself where they are asked for', async () => {
  const titles = async (input: object) =>
    (await vault.call('secrets.list', { ...input, dueWithinDays: 60 })).items.map((item) => item.title).sort()
  const tags = async (input: object) => (await vault.call('secrets.tags', input)).items.map((item) => item.tag).sort()
  for (const list of [titles, tags]) {
    expect(await list({ businessId: mine })).toEqual(['of mine'])
    expect(await list({ businessId: mine, withVault: true })).toEqual(['of mine', 'of the vault'])
    expect(await list({})).toEqual(['of mine', 'of the other', 'of the vault'])
    expect(await list({ withVault: true })).toEqual(['of mine', 'of the other', 'of the vault'])
  }
})
