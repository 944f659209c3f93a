import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type DurableStep, syncFolder, writeDurably } from './durableFile'
import { asOrdinaryUser } from './testing'

let dir: string
let file: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'countinghouse-durable-'))
  file = join(dir, 'file')
  writeFileSync(file, 'old')
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const steps: DurableStep[] = ['begin', 'created', 'written', 'flushed', 'checked', 'renamed', 'done']

test('the file is replaced, for the owner alone, through every step in order', () => {
  const seen: DurableStep[] = []
  writeDurably(file, Buffer.from('new'), (step) => seen.push(step))
  expect(readFileSync(file, 'utf8')).toBe('new')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(seen).toEqual(steps)
  expect(readdirSync(dir)).toEqual(['file'])
})

test.each(steps)('L3: a crash at "%s" leaves the old or the new bytes, and the next write succeeds', (at) => {
  expect(() =>
    writeDurably(file, Buffer.from('new'), (step) => {
      if (step === at) throw new Error('power cut')
    }),
  ).toThrow('power cut')
  expect(readFileSync(file, 'utf8')).toBe(at === 'renamed' || at === 'done' ? 'new' : 'old')
  writeDurably(file, Buffer.from('newer'))
  expect(readFileSync(file, 'utf8')).toBe('newer')
  expect(readdirSync(dir)).toEqual(['file'])
})

test('L3: bytes that come back changed never replace the old ones', () => {
  expect(() =>
    writeDurably(file, Buffer.from('new'), (step) => {
      if (step === 'flushed') writeFileSync(`${file}.partial`, 'nex')
    }),
  ).toThrow(expect.objectContaining({ kind: 'damaged' }))
  expect(readFileSync(file, 'utf8')).toBe('old')
})

test.each([
  ['ENOSPC', 'no-space'],
  ['EDQUOT', 'no-space'],
  ['EROFS', 'read-only'],
  ['EACCES', 'read-only'],
  ['EIO', 'disk-error'],
])('L3: %s is told as %s and the old bytes stay', (code, kind) => {
  expect(() =>
    writeDurably(file, Buffer.from('new'), (step) => {
      if (step === 'created') throw Object.assign(new Error(code), { code })
    }),
  ).toThrow(expect.objectContaining({ kind }))
  expect(readFileSync(file, 'utf8')).toBe('old')
})

test('L3: a read-only folder refuses with clear words', () => {
  chmodSync(dir, 0o555)
  expect(() => asOrdinaryUser(() => writeDurably(file, Buffer.from('new')))).toThrow(
    expect.objectContaining({ kind: 'read-only' }),
  )
  chmodSync(dir, 0o700)
  expect(readFileSync(file, 'utf8')).toBe('old')
})

test('a folder in the way of the file is told', () => {
  const taken = join(dir, 'taken')
  mkdirSync(taken)
  expect(() => writeDurably(taken, Buffer.from('new'))).toThrow(expect.objectContaining({ kind: 'read-only' }))
})

test('a folder that is not there cannot be flushed', () => {
  expect(() => syncFolder(join(dir, 'nowhere'))).toThrow('ENOENT')
})
