import { randomBytes } from 'node:crypto'
import { readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { openDriver } from '../electron/core/db/driver'
import { databaseFileName } from '../electron/core/db/index'
import { unlockVault } from '../electron/core/vault/index'
import { argon2id } from '../electron/core/vault/keyDerivation'
import { atMost, type Bench, beside, type Figure, holds, info, type Row, show } from './support/figure'
import { done, type HeadlessApp, passphrase, startHeadless } from './support/headlessApp'
import { vaultWithLog } from './support/longLog'
import { median, spreadOf } from './support/stats'

const times = 5
const longestUnlock = 150
const longestSearch = 50
const longestChange = 2000
const otherPassphrase = 'lanterns over the harbour at nine'

const companies = ['Acme', 'Globex', 'Initech', 'Umbrella', 'Åland Bank', 'Łódź Hosting', 'Stark', 'Wayne', 'Hooli', 'Vandelay']
const kinds = ['mail', 'registrar', 'hosting', 'bank', 'shop', 'cloud', 'invoice portal', 'tax office']

function csvOf(count: number): string {
  const lines = Array.from({ length: count }, (_, n) => {
    const title = `${companies[n % companies.length]} ${kinds[n % kinds.length]} ${n}`
    return `${title},https://h${n}.example,user${n},${randomBytes(9).toString('base64url')}`
  })
  return `name,url,username,password\n${lines.join('\n')}\n`
}

/** What a person types, letter by letter. */
const typed = ['a', 'ac', 'acme', 'acme r', 'acme registrar', 'aland', 'lodz host', 'user77', 'h512.example', 'nothing like it']

async function searchTimes(app: HeadlessApp): Promise<number[]> {
  const measured: number[] = []
  for (let round = 0; round < times; round++) {
    for (const query of typed) {
      const start = performance.now()
      await app.call('secrets.list', { query, limit: 50 })
      measured.push(performance.now() - start)
    }
  }
  return measured
}

interface Timed {
  readonly own: number
  readonly derivation: number
}

async function besideArgon2(dataDir: string, work: () => Promise<unknown>): Promise<Timed> {
  const header = JSON.parse(readFileSync(join(dataDir, 'vault.header'), 'utf8')) as {
    readonly wraps: readonly [{ readonly kdf: Parameters<typeof argon2id>[2] }]
  }
  const start = performance.now()
  await work()
  const own = performance.now() - start
  const alone = performance.now()
  await argon2id(Buffer.from(passphrase), randomBytes(16), header.wraps[0].kdf, 32)
  return { own, derivation: performance.now() - alone }
}

async function keep(app: HeadlessApp, bench: Bench, count: number): Promise<number> {
  bench.say(`importing ${show(count)} secrets ...`)
  const content = Buffer.from(csvOf(count)).toString('base64')
  const start = performance.now()
  const { preview } = done(await app.call('secrets.previewImport', { format: 'csv', content }))
  if (preview === null) throw new Error('Nothing was read')
  const { imported } = done(
    await app.call('secrets.import', { importId: preview.importId, indexes: preview.items.map(({ index }) => index) }),
  )
  if (imported !== count) throw new Error(`${imported} secrets were imported, not ${count}`)
  return performance.now() - start
}

/** Calls something over and over until it is told to stop. @returns its longest wait in milliseconds */
async function longestWait(call: () => Promise<unknown>, isOver: () => boolean): Promise<number> {
  let longest = 0
  while (!isOver()) {
    const start = performance.now()
    await call()
    longest = Math.max(longest, performance.now() - start)
  }
  return longest
}

async function changeOfKeys(app: HeadlessApp, dataDir: string, coldSearch: number): Promise<readonly Row[]> {
  const file = join(dataDir, databaseFileName)
  const keysOf = () => unlockVault(dataDir, { passphrase: otherPassphrase })
  const before = await keysOf()
  let over = false
  const commands = longestWait(
    () => app.call('backups.configure', { keepDaily: 7 }),
    () => over,
  )
  const queries = longestWait(
    () => app.call('secrets.list', { query: 'acme', limit: 50 }),
    () => over,
  )
  const start = performance.now()
  const { records } = done(await app.call('vault.rotateKeys', { passphrase: otherPassphrase }))
  const seconds = (performance.now() - start) / 1000
  over = true
  const [commandMs, queryMs] = await Promise.all([commands, queries])
  const after = await keysOf()
  const copy = `${file}.bench`
  const source = openDriver(file, after.database, 'readonly')
  const copying = performance.now()
  source.prepare('VACUUM INTO ?').run(copy)
  const copyMs = performance.now() - copying
  source.close()
  rmSync(copy)
  const size = `${show(statSync(file).size / 1e6)} MB`
  return [
    holds('the database has another key', `${show(records)} secrets wrapped anew`, !after.database.equals(before.database)),
    info('change of keys with its backup', show(seconds, 's'), size),
    beside('longest wait of a command meanwhile', commandMs / 1000, copyMs / 1000, 's', 'VACUUM INTO alone'),
    beside('longest wait of a search meanwhile', queryMs, coldSearch, 'ms', 'the first search after unlocking'),
  ]
}

/** Unlocking, searching, a change of passphrase and one of all keys with a full vault and a long audit log. */
export const vaultFigure: Figure = {
  name: 'vault',
  title: 'A vault of many secrets',
  async run(bench) {
    const count = bench.entries / 100
    bench.say(`writing and signing ${show(bench.entries)} audit rows ...`)
    const dataDir = await vaultWithLog(bench, 'vault', bench.entries)
    const app = await startHeadless({ dataDir })
    try {
      const importMs = await keep(app, bench, count)
      const unlocks: Timed[] = []
      for (let n = 0; n < times; n++) {
        await app.call('vault.lock', {})
        unlocks.push(await besideArgon2(dataDir, () => app.call('vault.unlock', { passphrase })))
      }
      const first = await searchTimes(app)
      const search = spreadOf(await searchTimes(app))
      const change = await besideArgon2(dataDir, () =>
        app.call('vault.changePassphrase', { current: passphrase, next: otherPassphrase }),
      )
      const { items } = await app.call('secrets.list', { query: 'acme', limit: 50 })
      return [
        holds('a search finds what is there', `${items.length} on the first page`, items.length === 50),
        info('taken over from a CSV', show(count / (importMs / 1000), 'secrets/s')),
        atMost(
          'unlock beyond its key derivation',
          median(unlocks.map(({ own, derivation }) => own - derivation)),
          longestUnlock,
          'ms',
        ),
        atMost(
          'search as you type, p95',
          search.p95,
          longestSearch,
          'ms',
          `p50 ${show(search.p50)}, first ${show(first[0] ?? 0)}`,
        ),
        atMost('change of passphrase', change.own, longestChange, 'ms', `Argon2id alone ${show(change.derivation)}`),
        ...(await changeOfKeys(app, dataDir, first[0] ?? 0)),
      ]
    } finally {
      await app.stop()
    }
  },
}
