import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { writeCrashReport } from './crashReport'
import { createLogger } from './logger'
import { redactText } from './redaction'
import { logFiles, RotatingFile } from './rotatingFile'

const folders: string[] = []
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'countinghouse-log-'))
  folders.push(path)
  return path
}
afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true })
})

test('keys, tokens, webhook paths and e-mail addresses are taken out of texts', () => {
  const canaries = [
    'sk_test_51Hcanary',
    'rk_live_canary00',
    'whsec_canary1234',
    'cht_canarycanary',
    'Bearer abcdefghijkl',
    '/webhooks/stripe/0123456789abcdef',
    'anna@example.com',
  ]
  for (const canary of canaries) expect(redactText(`before ${canary} after`)).toBe('before [redacted] after')
  expect(redactText('Invoice INV-0001 was paid')).toBe('Invoice INV-0001 was paid')
})

test('V14: the log file holds no secret field and no secret inside an error', () => {
  const dir = folder()
  const logger = createLogger(dir)
  logger.error(
    { passphrase: 'canary-one', input: { secretKey: 'canary-two' }, err: new Error('key sk_test_canarythree failed') },
    'for bob@example.org',
  )
  logger.close()
  const text = readFileSync(join(dir, 'logs', 'countinghouse.log'), 'utf8')
  expect(text).toContain('"level":"error"')
  expect(text).not.toMatch(/canary|bob@/)
})

test('log files rotate at their size, keep five, and are readable by their owner alone', () => {
  const dir = folder()
  const file = new RotatingFile(join(dir, 'app.log'), 100)
  for (let i = 0; i < 40; i++) file.write(`${String(i).padStart(29, '0')}\n`)
  file.close()
  const names = readdirSync(dir).sort()
  expect(names).toEqual(['app.log', 'app.log.1', 'app.log.2', 'app.log.3', 'app.log.4'])
  expect(names).toHaveLength(logFiles)
  expect(readFileSync(join(dir, 'app.log'), 'utf8')).toContain('39')
  for (const name of names) {
    expect(statSync(join(dir, name)).size).toBeLessThanOrEqual(100)
    expect(statSync(join(dir, name)).mode & 0o077).toBe(0)
  }
})

test('L3: a log that cannot be written stops nobody, and goes on when it can', () => {
  const dir = folder()
  const path = join(dir, 'app.log')
  const file = new RotatingFile(path, 20)
  file.write('first line\n')
  mkdirSync(`${path}.${logFiles - 1}/in the way`, { recursive: true })
  file.write('cannot rotate\n')
  expect(readFileSync(path, 'utf8')).toBe('first line\n')
  rmSync(`${path}.${logFiles - 1}`, { recursive: true })
  file.write('second line\n')
  expect(readFileSync(path, 'utf8')).toBe('second line\n')
  expect(readFileSync(`${path}.1`, 'utf8')).toBe('first line\n')
  file.close()
})

test('V14: a crash report is written for its owner alone, without secrets, and failing to write it is not another crash', () => {
  const dir = folder()
  const text = writeCrashReport(dir, new Error('calling with sk_live_canarycanary for anna@example.com'), 1_700_000_000_000)
  const file = join(dir, 'logs', 'crash-1700000000000.txt')
  expect(readFileSync(file, 'utf8')).toBe(text)
  expect(text).toContain('2023-11-14T22:13:20.000Z')
  expect(text).not.toMatch(/canary|anna@/)
  expect(statSync(file).mode & 0o077).toBe(0)
  expect(writeCrashReport(join(file, 'not-a-folder'), new Error('x'), 1)).toContain('could not be written')
})
