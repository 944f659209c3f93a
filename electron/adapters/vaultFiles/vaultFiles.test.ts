import fc from 'fast-check'
import { Credentials, Kdbx, ProtectedValue } from 'kdbxweb'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../../shared/errors'
import { read, refusal, zip } from './testing'

describe('Bitwarden', () => {
  const item = (more: object) => ({ type: 1, name: 'Registrar', notes: null, fields: null, ...more })
  test('a login, a card and a note with their fields and folder', async () => {
    const { items, left } = await read(
      'bitwarden',
      JSON.stringify({
        encrypted: false,
        folders: [{ id: 'f1', name: 'Web' }],
        items: [
          item({
            folderId: 'f1',
            login: {
              uris: [{ uri: 'https://a.example' }, { uri: 'https://b.example' }],
              username: 'ada',
              password: 'pw',
              totp: 'JBSWY3DP',
            },
            fields: [{ name: 'PIN', value: '1234', type: 1 }],
          }),
          item({
            type: 3,
            name: 'Visa',
            card: { cardholderName: 'Ada', number: '4242424242424242', expMonth: '3', expYear: '2030', code: '123' },
          }),
          item({ type: 2, name: 'Note', notes: 'two\nlines', attachments: [{}] }),
        ],
      }),
    )
    expect(items[0]).toEqual({
      kind: 'login',
      title: 'Registrar',
      tags: ['Web'],
      sensitive: false,
      attachments: [],
      fields: [
        { name: 'username', type: 'text', value: 'ada' },
        { name: 'password', type: 'hidden', value: 'pw' },
        { name: 'one-time code', type: 'totp', value: 'JBSWY3DP' },
        { name: 'website', type: 'url', value: 'https://a.example' },
        { name: 'website 2', type: 'url', value: 'https://b.example' },
        { name: 'PIN', type: 'hidden', value: '1234' },
      ],
    })
    expect(items[1]).toMatchObject({
      kind: 'card',
      fields: expect.arrayContaining([{ name: 'expires', type: 'text', value: '03/2030' }]),
    })
    expect(items[2]).toMatchObject({ kind: 'note', fields: [{ name: 'notes', type: 'multiline', value: 'two\nlines' }] })
    expect(left).toEqual(['The attachments of "Note": a Bitwarden JSON export does not hold them.'])
  })

  test('what asks for a proof in Bitwarden asks here, numbers of an identity are hidden, and what is left is told', async () => {
    const login = { username: 'ada', password: 'pw', fido2Credentials: [{}] }
    const { items, left } = await read(
      'bitwarden',
      JSON.stringify({
        items: [
          item({ reprompt: 1, login, passwordHistory: [{}] }),
          item({
            type: 4,
            identity: { firstName: 'Ada', ssn: '078-05-1120', passportNumber: 'C01X00T47', email: 'a@b.example' },
          }),
        ],
      }),
    )
    expect(items.map(({ sensitive }) => sensitive)).toEqual([true, false])
    expect(items[1]?.fields.map(({ type }) => type)).toEqual(['text', 'hidden', 'hidden', 'email'])
    expect(left).toEqual([
      'The earlier passwords of "Registrar".',
      'The passkey of "Registrar": it works in Bitwarden only. Make a new one at the site.',
    ])
  })

  test('an export of one account alone and other files are refused in words', async () => {
    expect(await refusal(read('bitwarden', '{"encrypted":true,"items":[]}'))).toContain('opens in its own account only')
    expect(await refusal(read('bitwarden', '{"encrypted":true,"passwordProtected":true}', 'x'))).toContain('damaged')
    expect(await refusal(read('bitwarden', '{"items":[{}]}'))).toContain('no Bitwarden JSON export')
    expect(await refusal(read('bitwarden', '{"items":['))).toContain('not whole JSON')
  })
})

describe('1Password', () => {
  const data = {
    accounts: [
      {
        vaults: [
          {
            attrs: { name: 'Private' },
            items: [
              {
                categoryUuid: '001',
                state: 'active',
                overview: { title: 'Bank', url: 'https://bank.example', tags: ['money'] },
                details: {
                  loginFields: [
                    { designation: 'username', value: 'ada', fieldType: 'T' },
                    { designation: 'password', value: 'pw', fieldType: 'P' },
                  ],
                  sections: [
                    {
                      title: 'More',
                      fields: [
                        { title: 'code', value: { totp: 'otpauth://totp/x?secret=JBSWY3DP' } },
                        { title: 'since', value: { date: 1_767_225_600 } },
                        { title: 'mail', value: { email: { email_address: 'ada@a.example', provider: null } } },
                        { title: 'pin', value: { concealed: '1234' } },
                      ],
                    },
                  ],
                },
              },
              {
                categoryUuid: '006',
                state: 'active',
                overview: { title: 'Contract' },
                details: { documentAttributes: { fileName: 'c.txt', documentId: 'doc1' } },
              },
              { categoryUuid: '001', state: 'archived', overview: { title: 'Old' }, details: {} },
            ],
          },
        ],
      },
    ],
  }
  test('items, sections, documents; archived ones are told of', async () => {
    const { items, left } = await read('1pux', zip({ 'export.data': JSON.stringify(data), 'files/doc1__c.txt': 'signed' }))
    expect(items[0]?.tags).toEqual(['Private', 'money'])
    expect(items[0]?.fields.map(({ name, type, value }) => `${name}/${type}/${value}`)).toEqual([
      'username/text/ada',
      'password/hidden/pw',
      'website/url/https://bank.example',
      'code/totp/otpauth://totp/x?secret=JBSWY3DP',
      'since/date/2026-01-01',
      'mail/email/ada@a.example',
      'pin/hidden/1234',
    ])
    expect(items[1]).toMatchObject({ kind: 'file', attachments: [{ name: 'c.txt', content: Buffer.from('signed') }] })
    expect(left).toEqual(['"Old": it is archived in 1Password.'])
  })

  test('no archive, no export.data, and damage are refused in words', async () => {
    expect(await refusal(read('1pux', 'scrap'))).toContain('no 1PUX archive')
    expect(await refusal(read('1pux', zip({ 'other.txt': 'x' })))).toContain('no export.data')
    const whole = zip({ 'export.data': JSON.stringify(data) })
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 1 }), async (cut) => {
        expect(await refusal(read('1pux', whole.subarray(0, cut)))).toContain('Nothing was imported')
      }),
      { numRuns: 30 },
    )
  })
})

describe('KeePass', () => {
  async function database(password: string): Promise<Buffer> {
    const made = Kdbx.create(new Credentials(ProtectedValue.fromString(password)), 'Test')
    const group = made.createGroup(made.getDefaultGroup(), 'Web')
    const entry = made.createEntry(group)
    entry.fields.set('Title', 'Registrar')
    entry.fields.set('UserName', 'ada')
    entry.fields.set('Password', ProtectedValue.fromString('pässword'))
    entry.fields.set('URL', 'https://a.example')
    entry.fields.set('Recovery', ProtectedValue.fromString('r-1'))
    entry.binaries.set('key.txt', await made.createBinary(new TextEncoder().encode('file').buffer))
    made.remove(made.createEntry(group))
    return Buffer.from(await made.save())
  }

  test('KDBX 4 with Argon2: groups become tags, protected fields stay hidden, the bin is left', async () => {
    // A reading prepares Argon2, which the making needs too.
    expect(await refusal(read('kdbx', 'scrap', 'x'))).toContain('no KeePass database')
    const file = await database('herons at dusk')
    const { items, left } = await read('kdbx', file, 'herons at dusk')
    expect(items).toEqual([
      {
        kind: 'login',
        title: 'Registrar',
        tags: ['Web'],
        fields: [
          { name: 'username', type: 'text', value: 'ada' },
          { name: 'password', type: 'hidden', value: 'pässword' },
          { name: 'website', type: 'url', value: 'https://a.example' },
          { name: 'Recovery', type: 'hidden', value: 'r-1' },
        ],
        attachments: [{ name: 'key.txt', mediaType: 'application/octet-stream', content: Buffer.from('file') }],
      },
    ])
    expect(left).toEqual(['What lies in KeePass’s recycle bin (1).'])
    expect(await refusal(read('kdbx', file, 'wrong'))).toContain('is wrong')
    expect(await refusal(read('kdbx', file))).toContain('has a password')
    expect(await refusal(read('kdbx', 'no database at all'))).toContain('no KeePass database')
    expect(await refusal(read('kdbx', file.subarray(0, file.length - 40), 'herons at dusk'))).toContain('Nothing was imported')
  }, 60_000)
})

describe('CSV and .env', () => {
  test('headings of browsers and managers are known; unknown columns are kept', async () => {
    const chrome =
      'name,url,username,password,note\r\nShop,https://shop.example/x,ada,"p,w","a ""quote"""\r\n,https://only.example,,pw,\r\n'
    const { items } = await read('csv', chrome)
    expect(items.map(({ title }) => title)).toEqual(['Shop', 'only.example'])
    expect(items[0]?.fields).toEqual([
      { name: 'website', type: 'url', value: 'https://shop.example/x' },
      { name: 'username', type: 'text', value: 'ada' },
      { name: 'password', type: 'hidden', value: 'p,w' },
      { name: 'notes', type: 'multiline', value: 'a "quote"' },
    ])
    const own = await read('csv', '\uFEFFTitle;x,Password,API key,Group\nA,pw,abc,Work/Web\n'.replace(';x', ''))
    expect(own.items[0]).toMatchObject({
      tags: ['Work/Web'],
      fields: [{ type: 'hidden' }, { name: 'API key', type: 'hidden', value: 'abc' }],
    })
    expect(await refusal(read('csv', 'a,b\n1,2\n'))).toContain('must name the columns')
    expect(await refusal(read('csv', 'name,password\n"open'))).toContain('no CSV')
  })

  test.each([
    ['commas', ','],
    ['semicolons', ';'],
    ['tabs', '\t'],
  ])('columns are separated by %s, as the headings have it, and the others are values', async (_, separator) => {
    const row = (...cells: string[]) => `${cells.join(separator)}\r\n`
    const text =
      row('"Name, or; what \t you like"', 'title', 'url', 'password') + row('x', '"a,b;c\td"', 'https://a.example', '"p,w;1\t2"')
    for (const file of [
      Buffer.from(text),
      Buffer.from(`\uFEFF${text}`),
      Buffer.from(`\r\n${text}`),
      Buffer.from(`\uFEFF${text}`, 'utf16le'),
      Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
    ]) {
      const { items } = await read('csv', file)
      expect(items).toMatchObject([
        {
          title: 'a,b;c\td',
          fields: [
            { name: 'Name, or; what \t you like', value: 'x' },
            { name: 'website', value: 'https://a.example' },
            { name: 'password', value: 'p,w;1\t2' },
          ],
        },
      ])
    }
  })

  test('text that is not in UTF-8 is refused, since its passwords would become others', async () => {
    const latin1 = (text: string) => Buffer.from(text, 'latin1')
    for (const [format, file] of [
      ['csv', 'name,password\nShop,pässword\n'],
      ['env', 'KEY=pässword\n'],
      ['bitwarden', '{"items":[{"type":1,"name":"Shop","login":{"password":"pässword"}}]}'],
    ] as const) {
      expect(await refusal(read(format, latin1(file)))).toBe(
        'Nothing was imported: the text of the file is not in UTF-8. Save it anew in that encoding ("CSV UTF-8" in a spreadsheet) and try again.',
      )
      expect((await read(format, `\uFEFF${file}`)).items).toHaveLength(1)
    }
  })

  test('.env: quotes, comments, several lines, what is no assignment', async () => {
    const { items, left } = await read(
      'env',
      '# keys\nexport A=1 # one\nB="two\\nlines # kept"\nC=\'raw \\n\'\nD="over\nlines"\n=nothing\nE=\n',
    )
    expect(items.map(({ title, fields }) => [title, fields[0]?.value])).toEqual([
      ['A', '1'],
      ['B', 'two\nlines # kept'],
      ['C', 'raw \\n'],
      ['D', 'over\nlines'],
    ])
    expect(left).toEqual(['Line 7: it is no NAME=value.', 'Line 8: E is empty.'])
    expect(await refusal(read('env', 'A="open'))).toContain('never closed')
    expect(await refusal(read('env', ''))).toContain('empty')
  })

  test('14: any bytes end in items or a refusal in words', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('bitwarden', '1pux', 'csv', 'env'),
        fc.uint8Array({ maxLength: 400 }),
        async (format, bytes) => {
          const reading = read(format, Buffer.from(bytes)).then(
            () => 'read',
            (error: unknown) => (error instanceof AppError ? 'refused' : 'failed'),
          )
          expect(await reading).not.toBe('failed')
        },
      ),
      { numRuns: 300 },
    )
  })
})
