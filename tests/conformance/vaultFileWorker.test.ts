import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Credentials, Kdbx, ProtectedValue } from 'kdbxweb'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { foreignVaultReader, workerReader } from '../../electron/adapters/vaultFiles/index'

const cache = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url))
let folder: string
beforeAll(async () => {
  mkdirSync(cache, { recursive: true })
  folder = mkdtempSync(join(cache, 'vault-files-'))
  await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      ssr: true,
      target: 'node24',
      outDir: folder,
      rolldownOptions: {
        input: { worker: fileURLToPath(new URL('../../electron/adapters/vaultFiles/worker.ts', import.meta.url)) },
        external: (id: string) => isBuiltin(id) || !/^[./\0]/.test(id),
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  })
}, 60_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const reader = () => workerReader(join(folder, 'worker.mjs'))
/** A worker that does what a script says. */
function scripted(script: string, mostMs?: number) {
  const file = join(folder, 'scripted.mjs')
  writeFileSync(file, script)
  return workerReader(file, mostMs).read('env', Buffer.from('A=b'), undefined)
}
const refused = (words: string) => ({ code: 'invalid_input', message: `Nothing was imported: ${words}` })

describe('a vault of another program, read in a worker thread', () => {
  test('gives the same items and files as in this one, and the same refusals', async () => {
    // A reading prepares Argon2, which the making needs too.
    await foreignVaultReader.read('kdbx', Buffer.from('scrap'), 'x').catch(() => undefined)
    const made = Kdbx.create(new Credentials(ProtectedValue.fromString('herons at dusk')), 'Test')
    const entry = made.createEntry(made.getDefaultGroup())
    entry.fields.set('Title', 'Registrar')
    entry.binaries.set('key.txt', await made.createBinary(new TextEncoder().encode('file').buffer))
    const file = Buffer.from(await made.save())
    const read = await reader().read('kdbx', file, 'herons at dusk')
    expect(read.items).toMatchObject([{ title: 'Registrar', attachments: [{ name: 'key.txt' }] }])
    expect(Buffer.from(read.items[0]?.attachments[0]?.content ?? []).toString()).toBe('file')
    await expect(reader().read('kdbx', file, 'wrong')).rejects.toMatchObject({ code: 'forbidden' })
    await expect(reader().read('csv', Buffer.from('a,b\n'), undefined)).rejects.toMatchObject({ code: 'invalid_input' })
  }, 60_000)

  test('a file that takes all memory or time ends its worker with words, and the app goes on', async () => {
    const hungry = 'const all = []; for (;;) all.push(Array.from({ length: 100000 }, (_, n) => ({ n })))'
    await expect(scripted(hungry)).rejects.toMatchObject(refused('reading it takes more memory than any export does.'))
    await expect(scripted('for (;;);', 200)).rejects.toMatchObject(refused('reading it takes longer than any export does.'))
    await expect(scripted('')).rejects.toThrow('without an answer')
    await expect(scripted("throw new Error('It broke')")).rejects.toThrow('It broke')
  }, 60_000)
})
