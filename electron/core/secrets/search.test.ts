import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SecretKind, SecretSummary } from '../../../shared/contract/secrets'
import { fold } from '../../../shared/domain/fold'
import { field, openTestVault, type TestVault } from './testing'

let vault: TestVault
let mine: string
let other: string
/** What was kept, with the words that a search may find, as a person would list them. */
const kept: { readonly summary: SecretSummary; readonly lines: string[] }[] = []

const titles = [
  'Ångström API',
  'Łódź bank',
  'straße',
  'Registrar',
  'registrar',
  'ZÜRICH',
  '日本の銀行',
  'עברית',
  'Élan vital',
  '😀 keys',
  'a',
  'A',
]
const tags = ['web', 'Büro', 'dns 2', 'ÉTÉ']
const kinds: SecretKind[] = ['login', 'note', 'api_key']

beforeAll(async () => {
  vault = openTestVault()
  mine = await vault.business()
  other = await vault.business()
  for (let i = 0; i < 90; i++) {
    const title = `${titles[i % titles.length]}${i % 5 === 0 ? '' : ` ${i % 7}`}`
    const own = tags.filter((_, index) => (i >> index) % 2 === 1)
    const host = `host${i % 11}.example`
    const user = `Üser${i % 13}`
    const businessId = i % 3 === 0 ? undefined : i % 3 === 1 ? mine : other
    const summary = await vault.keep({
      ...(businessId === undefined ? {} : { businessId }),
      kind: kinds[i % kinds.length] ?? 'login',
      title,
      tags: own,
      fields: [
        field('User name', user, 'text'),
        field('Site', `https://${host}/x`, 'url'),
        field('Password', 'needle in the dark'),
      ],
      rotateEveryDays: i % 4 === 0 ? 10 + (i % 9) : null,
    })
    if (i % 10 === 9) await vault.run('secrets.delete', { secretId: summary.id, version: 1 })
    kept.push({ summary: { ...summary, deletedAt: i % 10 === 9 ? 1 : null }, lines: [title, ...own, user, host] })
  }
})
afterAll(() => vault.cleanup())

interface Asked {
  readonly query?: string
  readonly business?: 'mine' | 'other'
  readonly kind?: SecretKind
  readonly tag?: string
  readonly deleted?: boolean
  readonly dueWithinDays?: number
  readonly limit: number
}

/** The naive search: every word, folded, is part of one of the lines. */
function expected(asked: Asked): string[] {
  const words = fold(asked.query ?? '')
    .split(/\s+/)
    .filter(Boolean)
  const businessId = asked.business === 'mine' ? mine : other
  const dueBy = asked.dueWithinDays === undefined ? null : vault.now + asked.dueWithinDays * 86_400_000
  const key = ({ id, title, dueAt }: SecretSummary): [string | number, string] => [
    dueBy === null ? fold(title) : (dueAt ?? 0),
    id,
  ]
  return kept
    .filter(({ summary, lines }) => {
      const found = words.every((word) => lines.some((line) => fold(line).includes(word)))
      return (
        found &&
        (summary.deletedAt !== null) === (asked.deleted ?? false) &&
        (asked.business === undefined || summary.businessId === businessId) &&
        (asked.kind === undefined || summary.kind === asked.kind) &&
        (asked.tag === undefined || summary.tags.includes(asked.tag)) &&
        (dueBy === null || (summary.dueAt !== null && summary.dueAt <= dueBy))
      )
    })
    .map(({ summary }) => summary)
    .sort((a, b) => {
      const [[first, id], [second, otherId]] = [key(a), key(b)]
      const [x, y] = first === second ? [id, otherId] : [first, second]
      return x < y ? -1 : 1
    })
    .map(({ id }) => id)
}

async function found({ business, ...asked }: Asked): Promise<string[]> {
  const businessId = business === 'mine' ? mine : business === 'other' ? other : undefined
  const ids: string[] = []
  let cursor: string | null = null
  do {
    const page: { items: SecretSummary[]; nextCursor: string | null } = await vault.call('secrets.list', {
      ...asked,
      ...(businessId === undefined ? {} : { businessId }),
      ...(cursor === null ? {} : { cursor }),
    })
    expect(page.items.length).toBeLessThanOrEqual(asked.limit)
    expect(page.nextCursor?.length ?? 0).toBeLessThanOrEqual(200)
    ids.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor
  } while (cursor !== null)
  return ids
}

test('search by title, tag, hint and host equals the naive one, page by page, and never looks into hidden values', async () => {
  const part = fc
    .constantFrom(
      ...titles,
      ...tags,
      'host1',
      'HOST10.EXAMPLE',
      'user',
      'üSER1',
      'needle',
      '3',
      'angstrom',
      'STRASSE',
      'lodz',
      'elan',
      '銀行',
      '%',
      '_',
      "'",
      '"',
    )
    .chain((text) => fc.nat({ max: text.length }).map((cut) => [...text].slice(cut % [...text].length).join('')))
  const query = fc.array(part, { minLength: 0, maxLength: 3 }).map((parts) => parts.join(' '))
  const asked = fc.record(
    {
      query,
      business: fc.constantFrom('mine' as const, 'other' as const),
      kind: fc.constantFrom(...kinds),
      tag: fc.constantFrom(...tags),
      deleted: fc.boolean(),
      dueWithinDays: fc.nat({ max: 20 }),
      limit: fc.integer({ min: 1, max: 40 }),
    },
    { requiredKeys: ['limit'] },
  )
  await fc.assert(
    fc.asyncProperty(asked, async (one) => {
      const clean = Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined)) as unknown as Asked
      expect(await found(clean)).toEqual(expected(clean))
    }),
    { numRuns: 250 },
  )
})

test('tags are counted without what lies in the bin, in alphabetical order', async () => {
  const count = (tag: string) => kept.filter(({ summary }) => summary.deletedAt === null && summary.tags.includes(tag)).length
  expect((await vault.call('secrets.tags', {})).items).toEqual(
    ['Büro', 'dns 2', 'ÉTÉ', 'web'].map((tag) => ({ tag, count: count(tag) })),
  )
})

test('a cursor of another list, or of an item that is gone, is refused', async () => {
  for (const cursor of ['x', Buffer.from('["sec_none"]').toString('base64url'), Buffer.from('[1]').toString('base64url')]) {
    await expect(vault.call('secrets.list', { cursor })).rejects.toMatchObject({ code: 'invalid_input' })
  }
})
