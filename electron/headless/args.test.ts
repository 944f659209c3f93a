import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '../../shared/errors'
import { DatabaseError, FolderInUse } from '../core/db/index'
import { VaultError, WrongWorld } from '../core/vault/index'
import { defaultDataDir, parseHeadlessArgs, UsageError } from './args'
import { exitCodeOf, explain } from './failedStart'
import { readPassphrase } from './passphrase'

describe('the command line', () => {
  test('names folder, ports, passphrase file, world and backup', () => {
    const argv = ['--data', '/a b', '--port', '8123', '--webhook-port', '65535', '--passphrase-file', 'p.txt', '--practice']
    expect(parseHeadlessArgs([...argv, '--restore', 'b.chb'])).toEqual({
      dataDir: '/a b',
      port: 8123,
      webhookPort: 65_535,
      passphraseFile: 'p.txt',
      practice: true,
      restore: 'b.chb',
    })
    expect(parseHeadlessArgs(['--headless', '--data=/a', '--port=0'])).toEqual({
      dataDir: '/a',
      port: 0,
      webhookPort: 0,
      passphraseFile: null,
      practice: false,
      restore: null,
    })
  })

  test('without a folder takes the one of the desktop app, another for each world', () => {
    const [live, practice] = [parseHeadlessArgs([]).dataDir, parseHeadlessArgs(['--practice']).dataDir]
    expect(live).not.toBe(practice)
    expect(live.startsWith(defaultDataDir())).toBe(true)
    expect(defaultDataDir('linux', { XDG_CONFIG_HOME: '/cfg' }, '/home/a')).toBe('/cfg/Countinghouse')
    expect(defaultDataDir('linux', {}, '/home/a')).toBe('/home/a/.config/Countinghouse')
    expect(defaultDataDir('darwin', {}, '/Users/a')).toBe('/Users/a/Library/Application Support/Countinghouse')
    expect(defaultDataDir('win32', { APPDATA: 'C:/r' }, 'C:/a')).toBe('C:/r/Countinghouse')
  })

  test.each([
    [['--dat', '/a']],
    [['--data']],
    [['--data', '']],
    [['/a']],
    [['--data', '/a', 'more']],
    [['--practice=yes']],
    [['--port', 'http']],
    [['--port', '65536']],
    [['--port', '-1']],
    [['--port', '1e3']],
    [['--port', '']],
    [['--webhook-port', '8 1']],
    [['--passphrase', 'in the open']],
  ])('is refused with its usage: %j', (argv) => {
    expect(() => parseHeadlessArgs(argv)).toThrow(UsageError)
    expect(() => parseHeadlessArgs(argv)).toThrow('Usage: npm start -- --headless')
  })
})

describe('the passphrase', () => {
  let dir: string
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'countinghouse-passphrase-'))
  })
  afterAll(() => rmSync(dir, { recursive: true }))

  test.each([
    ['abc', 'abc'],
    ['abc\n', 'abc'],
    ['abc\r\n', 'abc'],
    ['abc\n\n', 'abc\n'],
    [' abc \n', ' abc '],
    ['\nabc', '\nabc'],
    ['two\nlines\n', 'two\nlines'],
    ['grün 🔑\n', 'grün 🔑'],
    ['\n', ''],
    ['', ''],
  ])('in a file holding %j is %j: one newline at the end is dropped', async (text, passphrase) => {
    const file = join(dir, 'p')
    writeFileSync(file, text)
    expect(await readPassphrase(file, [])).toBe(passphrase)
  })

  test('in a file that is not there is a matter of usage', async () => {
    await expect(readPassphrase(join(dir, 'none'), [])).rejects.toBeInstanceOf(UsageError)
    await expect(readPassphrase(dir, [])).rejects.toBeInstanceOf(UsageError)
  })
})

test.each([
  [new UsageError('x'), 2],
  [new FolderInUse(), 3],
  [new WrongWorld('live'), 4],
  [new VaultError('wrong-passphrase'), 5],
  [new VaultError('weak-passphrase'), 5],
  [new AppError('rate_limited', 'Too many wrong passphrases.'), 5],
  [new VaultError('newer'), 6],
  [new DatabaseError('newer'), 6],
  [new VaultError('damaged'), 7],
  [new VaultError('refused-parameters'), 7],
  [new DatabaseError('damaged'), 7],
  [new DatabaseError('wrong-key'), 7],
  [new DatabaseError('disk-error'), 7],
  [new DatabaseError('no-space'), 1],
  [new Error('unforeseen'), 1],
])('%s ends with exit code %i', (error, code) => {
  expect(exitCodeOf(error)).toBe(code)
})

test('what nobody foresaw is told with its stack, everything else in a sentence', () => {
  expect(explain(new UsageError('Use it so.'))).toBe('Use it so.')
  expect(explain(new FolderInUse())).toMatch(/^Countinghouse is already running/)
  expect(explain(Object.assign(new Error('listen'), { code: 'EADDRINUSE', port: 80 }))).toBe(
    'It could not start: port 80 is in use by another program. Nothing was changed. Choose another with --port or --webhook-port.',
  )
  expect(explain(Object.assign(new Error('listen'), { code: 'EACCES', port: 80 }))).toContain('may not be used by this user')
  expect(explain(new TypeError('odd'))).toMatch(/TypeError: odd\n\s+at /)
  expect(explain('odd')).toBe('It could not start: odd')
})
