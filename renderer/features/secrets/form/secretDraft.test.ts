import { describe, expect, it } from 'vitest'
import type { Secret } from '../../../../shared/contract/secrets'
import { fieldHint, fieldWarning } from './fieldWarning'
import { asKind, draftOfSecret, draftProblems, emptyDraft, fieldsToChange, fieldsToCreate, isChanged, moved } from './secretDraft'

const stored: Secret = {
  id: 'sec_1',
  businessId: 'biz_1',
  kind: 'login',
  title: 'Registrar',
  tags: ['dns'],
  hint: 'me',
  sensitive: true,
  version: 3,
  createdAt: 0,
  updatedAt: 0,
  lastUsedAt: null,
  dueAt: null,
  rotationPhase: 'none',
  attachmentCount: 0,
  deletedAt: null,
  fields: [
    { name: 'Password', type: 'hidden', value: null, filled: true },
    { name: 'User name', type: 'text', value: 'me', filled: true },
    { name: 'Account', type: 'text', value: '42', filled: true },
  ],
  attachments: [],
  rotation: {
    everyDays: 30,
    changedAt: 0,
    dueAt: null,
    phase: 'none',
    testedAt: null,
    problem: null,
    retiresAt: null,
    steps: [],
  },
  dependants: [],
}

/** A draft with values typed into the named fields. */
function typed(draft: ReturnType<typeof emptyDraft>, values: Readonly<Record<string, string>>) {
  return { ...draft, fields: draft.fields.map((field) => ({ ...field, value: values[field.name] ?? field.value })) }
}

describe('the form of an item', () => {
  it('stores what was typed and leaves empty fields out', () => {
    const draft = typed(emptyDraft('login', null), { Password: ' pass word ', 'User name': 'me' })
    expect(fieldsToCreate(draft)).toEqual([
      { name: 'User name', type: 'text', value: 'me' },
      { name: 'Password', type: 'hidden', value: ' pass word ' },
    ])
  })

  it('never sends a hidden value that stays', () => {
    const draft = draftOfSecret(stored)
    expect(fieldsToChange(draft)).toEqual([
      { name: 'Password', type: 'hidden' },
      { name: 'User name', type: 'text', value: 'me' },
      { name: 'Account', type: 'text', value: '42' },
    ])
    expect(draft.rotateEveryDays).toBe(30)
  })

  it('offers the fields of the kind that the item does not have, once each', () => {
    expect(draftOfSecret(stored).fields.map((field) => field.name)).toEqual([
      'Password',
      'User name',
      'Account',
      'Website',
      'One-time code',
      'Note',
    ])
  })

  it('turns a bare setup key into the address that generators exchange', () => {
    const draft = typed({ ...emptyDraft('login', null), title: 'My shop' }, { 'One-time code': 'mzxw 6ytb oi' })
    expect(fieldsToCreate(draft)).toEqual([
      { name: 'One-time code', type: 'totp', value: 'otpauth://totp/My%20shop?secret=MZXW6YTBOI' },
    ])
  })

  it('keeps what was typed when the kind changes', () => {
    const draft = asKind(typed(emptyDraft('login', 'biz_1'), { Password: 'x', Note: 'n' }), 'card')
    expect(draft.fields.map((field) => field.name)).toEqual([
      'Name on card',
      'Number',
      'Expires',
      'Security code',
      'PIN',
      'Note',
      'Password',
    ])
    expect(draft.fields.find((field) => field.name === 'Note')?.value).toBe('n')
    expect(draft.rotateEveryDays).toBeNull()
    expect(asKind(draft, 'api_key').rotateEveryDays).toBe(90)
  })

  it('reads an address without a scheme as a browser would', () => {
    const draft = typed({ ...emptyDraft('login', null), title: 'T' }, { Website: ' shop.example/login ' })
    expect(fieldsToCreate(draft)).toEqual([{ name: 'Website', type: 'url', value: 'https://shop.example/login' }])
  })

  it('says what is wrong, field by field', () => {
    const draft = typed(emptyDraft('login', null), { Website: 'https://no address', 'One-time code': '!', 'User name': 'me' })
    const twice = {
      ...draft,
      fields: draft.fields.map((field) => (field.name === 'Note' ? { ...field, name: 'user NAME', value: 'x' } : field)),
    }
    const problems = draftProblems(twice)
    expect(problems.title).toBeDefined()
    expect(Object.keys(problems.fields)).toHaveLength(4)
    expect(draftProblems({ ...typed(emptyDraft('login', null), { Website: 'https://a.example' }), title: 'T' })).toEqual({
      fields: {},
    })
  })

  it('does not take an empty replacement for a removal', () => {
    const draft = draftOfSecret(stored)
    const [password, ...rest] = draft.fields
    if (!password) throw new Error('no field')
    expect(draftProblems({ ...draft, fields: [{ ...password, kept: false }, ...rest] }).fields).toHaveProperty(password.key)
    expect(draftProblems({ ...draft, fields: rest })).toEqual({ fields: {} })
  })

  it('knows whether anything changed', () => {
    const draft = draftOfSecret(stored)
    expect(isChanged(draft, draft)).toBe(false)
    expect(isChanged({ ...draft, tags: [] }, draft)).toBe(true)
  })

  it('moves fields within the list only', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a'])
    expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b'])
    expect(moved(['a', 'b'], 1, 2)).toEqual(['a', 'b'])
  })
})

describe('warnings', () => {
  it('are soft signs of a typing mistake', () => {
    expect(fieldWarning('card', { name: 'Number', value: '4242 4242 4242 4241' })).not.toBeNull()
    expect(fieldWarning('card', { name: 'Number', value: '4242 4242 4242 4242' })).toBeNull()
    expect(fieldWarning('login', { name: 'Number', value: '1' })).toBeNull()
    expect(fieldWarning('bank_account', { name: 'IBAN', value: 'DE89370400440532013001' })).not.toBeNull()
    expect(fieldWarning('bank_account', { name: 'IBAN', value: 'DE89370400440532013000' })).toBeNull()
    expect(fieldWarning('bank_account', { name: 'Routing number', value: '011000016' })).not.toBeNull()
    expect(fieldWarning('bank_account', { name: 'Routing number', value: '011000015' })).toBeNull()
    expect(fieldWarning('card', { name: 'Expires', value: '13/28' })).not.toBeNull()
    expect(fieldWarning('card', { name: 'Expires', value: '09/28' })).toBeNull()
    expect(fieldWarning('card', { name: 'Security code', value: '12' })).not.toBeNull()
    expect(fieldWarning('card', { name: 'Security code', value: '' })).toBeNull()
  })

  it('name the brand of a card', () => {
    expect(fieldHint('card', { name: 'Number', value: '4242' })).toBe('Visa')
    expect(fieldHint('note', { name: 'Number', value: '4242' })).toBeNull()
  })
})
