import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestVault, passphrase, type TestVault } from '../../electron/core/backups/testing'
import { openDriver } from '../../electron/core/db/driver'
import { copyUnderKey } from '../../electron/core/db/exchange'
import { databaseFileName, nextFileOf } from '../../electron/core/db/index'
import { addFactor } from '../../electron/core/vault/factors'
import { beginKeyChange, finishKeyChange } from '../../electron/core/vault/keyChange'
import { formatKitCode, newKit } from '../../electron/core/vault/kitCode'

const tool = join(import.meta.dirname, '../../build/decrypt.mjs')

let vault: TestVault
let backup: string
const at = (name: string) => join(vault.home, name)

beforeAll(async () => {
  vault = await openTestVault()
  const kitCode = formatKitCode(newKit())
  await addFactor(vault.dir, passphrase, { kitCode }, { label: 'Kit', now: 1 })
  writeFileSync(at('kit'), `${kitCode}\n`)
  writeFileSync(at('passphrase'), `${passphrase}\n`)
  writeFileSync(at('wrong'), 'not the one\n')
  vault.work(40)
  backup = join(vault.dir, 'backups', (await vault.backups.run('owner')).backup.fileName)
}, 60_000)
afterAll(() => vault.cleanup())

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [tool, ...args], { encoding: 'utf8', input: '' })
}

function entriesIn(file: string): unknown {
  const plain = new Database(file, { readonly: true })
  try {
    return plain.prepare('SELECT count(*) AS n, min(description) AS first FROM journal_entry').get()
  } finally {
    plain.close()
  }
}

test.each([
  ['a backup with the passphrase', () => backup, ['--passphrase-file', 'passphrase']],
  ['a backup with the recovery kit', () => backup, ['--kit-file', 'kit']],
  ['a data folder with the passphrase', () => vault.dir, ['--passphrase-file', 'passphrase']],
] as const)('%s becomes a plain file that any SQLite reads', (name, source, [option, file]) => {
  const target = at(`${name}.db`)
  expect(run(source(), target, option, at(file), '--yes')).toMatchObject({ status: 0 })
  expect(readFileSync(target).toString('latin1', 0, 15)).toBe('SQLite format 3')
  expect(entriesIn(target)).toEqual({ n: 40, first: 'Entry 1' })
  for (const suffix of ['.partial', '.partial-wal', '-wal']) expect(existsSync(`${target}${suffix}`)).toBe(false)
})

test('a wrong passphrase, a damaged backup, a target that exists or no consent: nothing is written', () => {
  const target = at('never.db')
  expect(run(backup, target, '--passphrase-file', at('wrong'), '--yes')).toMatchObject({ status: 1 })
  const spoilt = at('spoilt.chb')
  const bytes = readFileSync(backup)
  bytes[bytes.length - 9000] = (bytes[bytes.length - 9000] ?? 0) ^ 4
  writeFileSync(spoilt, bytes)
  expect(run(spoilt, target, '--passphrase-file', at('passphrase'), '--yes')).toMatchObject({ status: 1 })
  expect(run(backup, target, '--passphrase-file', at('passphrase'))).toMatchObject({ status: 2 })
  expect(run(backup)).toMatchObject({ status: 2 })
  expect(existsSync(target)).toBe(false)
  expect(existsSync(`${target}.partial`)).toBe(false)
  expect(run(backup, at('kit'), '--passphrase-file', at('passphrase'), '--yes').status).toBe(2)
  expect(readFileSync(at('kit'), 'utf8')).toMatch(/-/)
})

test.each([
  ['a source that is not there', () => [at('none'), at('t.db'), '--passphrase-file', at('passphrase')], 'cannot be found'],
  ['a file that is no backup', () => [at('passphrase'), at('t.db'), '--passphrase-file', at('passphrase')], 'no backup'],
  ['a folder without a vault', () => [vault.home, at('t.db'), '--passphrase-file', at('passphrase')], 'no vault in this folder'],
  ['a passphrase file that is not there', () => [backup, at('t.db'), '--passphrase-file', at('none')], 'cannot be read'],
  ['an option without its file', () => [backup, at('t.db'), '--passphrase-file'], 'needs a file'],
  ['an unknown option', () => [backup, at('t.db'), '--passfile'], 'no option --passfile'],
  ['both proofs', () => [backup, at('t.db'), '--passphrase-file', at('passphrase'), '--kit-file', at('kit')], 'not both'],
  ['a target in no folder', () => [backup, at('no/t.db'), '--passphrase-file', at('passphrase')], 'target cannot be written'],
  ['a mistyped code', () => [backup, at('t.db'), '--kit-file', at('wrong')], 'mistyped'],
] as const)('%s is refused in a sentence, and nothing is written', (_name, args, said) => {
  const { status, stderr } = run(...args(), '--yes')
  expect([1, 2]).toContain(status)
  expect(stderr).toContain(said)
  expect(stderr).not.toMatch(/\n\s+at /)
  expect(existsSync(at('t.db'))).toBe(false)
})

test('says how it is used', () => {
  const { status, stdout } = run('--help')
  expect([status, stdout]).toEqual([0, expect.stringContaining('npm run decrypt -- SOURCE TARGET')])
})

test('V13: so does a data folder in the middle of a change of keys, whichever file and key count in it', async () => {
  const dir = at('changing')
  vault.database.checkpoint()
  cpSync(vault.dir, dir, { recursive: true })
  const { database: key, nextDatabase, headerTag } = await beginKeyChange(dir, passphrase, { now: 2 })
  if (nextDatabase === null) throw new Error('No change of keys is begun')
  const decrypted = (name: string) => {
    expect(run(dir, at(name), '--passphrase-file', at('passphrase'), '--yes')).toMatchObject({ status: 0 })
    return entriesIn(at(name))
  }
  expect(decrypted('begun.db')).toEqual({ n: 40, first: 'Entry 1' })
  const file = join(dir, databaseFileName)
  const source = openDriver(file, key, 'readonly')
  copyUnderKey(source, { key, newKey: nextDatabase }, nextFileOf(file))
  source.close()
  expect(decrypted('copied.db')).toEqual({ n: 40, first: 'Entry 1' })
  finishKeyChange(dir, headerTag)
  expect(decrypted('committed.db')).toEqual({ n: 40, first: 'Entry 1' })
})
