import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { databaseFileName, FolderInUse, sql } from '../db'
import { headerFileName } from './creation'
import { floorCost } from './keyDerivation'
import { formatKitCode, newKit } from './kitCode'
import { type OpenFolderOptions, openVaultFolder, WrongWorld } from './openFolder'

const passphrase = 'harbour lantern velvet'
const kind = (kind: string) => expect.objectContaining({ kind })

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'countinghouse-open-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const open = (change: Partial<OpenFolderOptions> = {}) =>
  openVaultFolder({ dir, world: 'live', proof: { passphrase }, door: 'start', now: () => 1000, kdf: floorCost, ...change })

test('an empty folder gets a vault; opened again it is the same one, with what was written', async () => {
  const first = await open()
  expect(first).toMatchObject({ dir, world: 'live', created: true })
  expect(first.session.state).toBe('unlocked')
  const { vaultId } = first.session.coreKeys()
  first.database.write((w) => w.run(sql`UPDATE vault_setting SET idle_minutes = 9`))
  first.close()
  expect(first.session.state).toBe('sealed')
  const second = await open()
  expect(second.created).toBe(false)
  expect(second.session.coreKeys().vaultId).toBe(vaultId)
  expect(second.database.read.get(sql`SELECT idle_minutes AS n FROM vault_setting`)).toEqual({ n: 9 })
  second.close()
})

test('a new vault without a given cost is calibrated here', async () => {
  const { kdf: _, ...options } = {
    dir,
    world: 'practice',
    proof: { passphrase },
    door: 'start',
    now: () => 1000,
    kdf: floorCost,
  } as const
  const opened = await openVaultFolder(options)
  opened.close()
  const header = JSON.parse(readFileSync(join(dir, headerFileName), 'utf8'))
  expect(header.wraps[0].kdf.memoryKiB).toBeGreaterThanOrEqual(65_536)
}, 60_000)

test('while it is open the folder is taken; closed, it is free', async () => {
  const first = await open()
  await expect(open()).rejects.toThrow(FolderInUse)
  first.close()
  const second = await open()
  second.close()
})

test.each([
  ['live', 'practice', 'holds a live vault'],
  ['practice', 'live', 'holds a practice world'],
] as const)('a %s vault does not open as %s, whatever the passphrase, and the folder stays free', async (made, asked, words) => {
  const first = await open({ world: made })
  first.close()
  const wrong = open({ world: asked, proof: { passphrase: 'anything at all' } })
  await expect(wrong).rejects.toThrow(WrongWorld)
  await expect(wrong).rejects.toThrow(words)
  const again = await open({ world: made })
  again.close()
})

test('a wrong passphrase, a damaged or missing database: refused, and the folder stays free', async () => {
  const first = await open()
  first.close()
  await expect(open({ proof: { passphrase: 'copper meadow violin' } })).rejects.toThrow(kind('wrong-passphrase'))
  const file = join(dir, databaseFileName)
  const bytes = readFileSync(file)
  writeFileSync(file, bytes.subarray(0, 5000))
  await expect(open()).rejects.toThrow(kind('damaged'))
  rmSync(file)
  await expect(open()).rejects.toThrow(kind('damaged'))
  writeFileSync(file, bytes)
  const again = await open()
  again.close()
})

test('L3: a creation that cannot write its header leaves the folder free, and the next one succeeds', async () => {
  const partial = join(dir, `${headerFileName}.partial`)
  mkdirSync(partial)
  await expect(open()).rejects.toThrow()
  rmSync(partial, { recursive: true })
  const opened = await open()
  expect(opened.created).toBe(true)
  opened.close()
})

test('work before opening runs with the folder taken; its failure frees it', async () => {
  await expect(
    open({
      beforeOpen: () => {
        throw new Error('not today')
      },
    }),
  ).rejects.toThrow('not today')
  const opened = await open({ beforeOpen: (at) => expect(at).toBe(dir) })
  opened.close()
})

test('V8: a recovery kit opens the folder; where there is no vault it makes none', async () => {
  const kitCode = formatKitCode(newKit())
  await expect(open({ proof: { kitCode } })).rejects.toThrow(kind('missing'))
  const first = await open()
  await first.session.addFactor(passphrase, { kitCode }, { label: 'Kit', now: 1000 }, 'start')
  first.close()
  const second = await open({ proof: { kitCode } })
  expect(second.session.state).toBe('unlocked')
  expect(second.created).toBe(false)
  second.close()
})
