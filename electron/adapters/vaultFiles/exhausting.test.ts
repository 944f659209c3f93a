import { createHash } from 'node:crypto'
import { BinaryStream, Consts, Credentials, Int64, Kdbx, ProtectedValue, VarDictionary } from 'kdbxweb'
import { describe, expect, test } from 'vitest'
import { read, refusal, zip } from './testing'

describe('files that are made to exhaust the machine', () => {
  /** The head of a KeePass database that asks for this work, with the digest that everybody can make. */
  function forged(ask: (made: Kdbx) => void): Buffer {
    const made = Kdbx.create(new Credentials(ProtectedValue.fromString('x')), 'Test')
    ask(made)
    made.header.generateSalts()
    const stream = new BinaryStream()
    made.header.write(stream)
    const head = Buffer.from(stream.getWrittenBytes())
    return Buffer.concat([head, createHash('sha256').update(head).digest(), Buffer.alloc(32)])
  }

  test('KDBX heads that ask for endless rounds, or for much memory many times, are refused before any work is done', async () => {
    const set = (made: Kdbx, name: string, value: number) =>
      made.header.kdfParameters?.set(name, VarDictionary.ValueType.UInt64, Int64.from(value))
    const rounds = forged((made) => {
      made.setKdf(Consts.KdfId.Aes)
      set(made, 'R', 2 ** 50)
    })
    const old = forged((made) => {
      made.setVersion(3)
      made.header.keyEncryptionRounds = 2 ** 50
    })
    const passes = forged((made) => {
      set(made, 'M', 2 ** 30)
      set(made, 'I', 900)
    })
    for (const file of [rounds, old, passes]) {
      expect(await refusal(read('kdbx', file, 'x'))).toContain('more memory or time than is reasonable')
    }
  })

  test('one file that many KeePass entries name counts as often, before it is copied', async () => {
    expect(await refusal(read('kdbx', 'scrap', 'x'))).toContain('no KeePass database')
    const saved = async (fill: (made: Kdbx) => Promise<void>) => {
      const made = Kdbx.create(new Credentials(ProtectedValue.fromString('herons at dusk')), 'Test')
      await fill(made)
      return Buffer.from(await made.save())
    }
    const entry = (made: Kdbx) => made.createEntry(made.getDefaultGroup())
    const scans = (count: number) =>
      saved(async (made) => {
        const scan = await made.createBinary(new Uint8Array(10 * 1024 * 1024).buffer)
        for (let i = 0; i < count; i++) entry(made).binaries.set('scan.pdf', scan)
      })
    const password = 'herons at dusk'
    expect((await read('kdbx', await scans(9), password)).items).toHaveLength(9)
    const file = await scans(11)
    expect(file.length).toBeLessThan(1024 * 1024)
    expect(await refusal(read('kdbx', file, password))).toBe(
      'Nothing was imported: the file unpacks to more than 100 MiB. Save its largest attachments by themselves, take them out and export again.',
    )
    const longText = await saved(async (made) => {
      for (let i = 0; i < 3; i++) entry(made).fields.set('Notes', 'x'.repeat(40 * 1024 * 1024))
    })
    expect(await refusal(read('kdbx', longText, password))).toContain('unpacks to more than 100 MiB')
  }, 120_000)

  test('a document that many items of a 1Password archive name counts as often', async () => {
    const item = {
      categoryUuid: '006',
      state: 'active',
      overview: { title: 'Scan' },
      details: { documentAttributes: { fileName: 's', documentId: 'd' } },
    }
    const archive = (count: number) =>
      zip({
        'export.data': JSON.stringify({ accounts: [{ vaults: [{ items: Array.from({ length: count }, () => item) }] }] }),
        'files/d__s': 'x'.repeat(10 * 1024 * 1024),
      })
    expect((await read('1pux', archive(10))).items).toHaveLength(10)
    expect(await refusal(read('1pux', archive(11)))).toContain('unpacks to more than 100 MiB')
  })

  test('JSON that is nested without end, or holds millions of values, is not even parsed', async () => {
    const many = `{"items":[${'{},'.repeat(2_000_000)}{}]}`
    for (const text of ['['.repeat(5_000_000), many]) {
      expect(await refusal(read('bitwarden', text))).toContain('more than any Bitwarden export does')
    }
    expect(await refusal(read('1pux', zip({ 'export.data': many })))).toContain('more than any 1Password export does')
  })

  test('more items than one import takes are refused while they are read', async () => {
    const lines = (count: number) => `name,password\n${'a,b\n'.repeat(count)}`
    expect((await read('csv', lines(20_000))).items).toHaveLength(20_000)
    for (const file of [lines(20_001), lines(2_000_000)]) {
      expect(await refusal(read('csv', file))).toBe(
        'Nothing was imported: the file holds more than 20,000 items. Import it in parts.',
      )
    }
    expect(await refusal(read('env', 'A=b\n'.repeat(20_001)))).toContain('more than 20,000 items')
    expect(await refusal(read('env', '\n'.repeat(1024 * 1024 + 1)))).toContain('larger than 1 MiB')
    expect(await refusal(read('csv', Buffer.alloc(32 * 1024 * 1024 + 1)))).toContain('larger than 32 MiB')
  })
})
