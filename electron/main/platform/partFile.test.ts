import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createPartFile } from './partFile'

let dir: string
let part: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'countinghouse-part-'))
  part = join(dir, 'secrets.json.part')
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

function save(text: string): void {
  const descriptor = createPartFile(part)
  writeSync(descriptor, text)
  closeSync(descriptor)
}

test('nobody who made a file of its name before reads along, and others cannot read it', () => {
  writeFileSync(part, '', { mode: 0o644 })
  const theirs = openSync(part, 'r')
  save('every secret in the open')
  expect(readFileSync(theirs, 'utf8')).toBe('')
  closeSync(theirs)
  expect([readFileSync(part, 'utf8'), statSync(part).mode & 0o777]).toEqual(['every secret in the open', 0o600])
})

test('a link of its name is replaced, and what it led to is left alone', () => {
  const elsewhere = join(dir, 'elsewhere')
  writeFileSync(elsewhere, 'theirs')
  symlinkSync(elsewhere, part)
  save('ours')
  expect([readFileSync(elsewhere, 'utf8'), readFileSync(part, 'utf8')]).toEqual(['theirs', 'ours'])
})
