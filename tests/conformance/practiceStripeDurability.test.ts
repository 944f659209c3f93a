import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import Stripe from 'stripe'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPracticeStripe } from '../../electron/practice/stripe'
import { openBed, openDoor, openInvoice, payHosted, SECRET_KEY } from './practiceStripeBed'

const cache = fileURLToPath(new URL('../../node_modules/.cache', import.meta.url))
let built: string
let folder: string
beforeAll(async () => {
  mkdirSync(cache, { recursive: true })
  built = mkdtempSync(join(cache, 'practice-stripe-'))
  folder = mkdtempSync(join(tmpdir(), 'practice-stripe-'))
  await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      ssr: fileURLToPath(new URL('./practiceStripeChild.ts', import.meta.url)),
      outDir: built,
      emptyOutDir: true,
      rolldownOptions: { external: ['better-sqlite3'], output: { entryFileNames: 'child.mjs' } },
    },
  })
})
const children = new Set<ChildProcess>()
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(built, { recursive: true, force: true })
  rmSync(folder, { recursive: true, force: true })
})

async function startChild(
  file: string,
  door?: { url: string; secret: string },
): Promise<{ child: ChildProcess; stripe: Stripe; port: number }> {
  const child = spawn(process.execPath, [join(built, 'child.mjs'), file, SECRET_KEY, door?.url ?? '', door?.secret ?? ''], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.add(child)
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer]
  const port = Number(new URL(line.toString().trim()).port)
  return {
    child,
    port,
    stripe: new Stripe(SECRET_KEY, { host: '127.0.0.1', port, protocol: 'http', maxNetworkRetries: 0, telemetry: false }),
  }
}

async function kill(child: ChildProcess): Promise<void> {
  children.delete(child)
  child.kill('SIGKILL')
  await once(child, 'exit')
}

test('killed under load: what was acknowledged is there, and what was not is done once when asked again', async () => {
  const file = join(folder, 'killed.db')
  const acknowledged = new Map<string, string>()
  const asked: string[] = []
  for (let round = 0; round < 3; round += 1) {
    const { child, stripe } = await startChild(file)
    const wanted = 40 * (round + 1)
    const worker = async (name: number): Promise<void> => {
      for (let index = 0; ; index += 1) {
        const key = `${round}-${name}-${index}`
        asked.push(key)
        const made = await stripe.customers.create({ name: key }, { idempotencyKey: key })
        acknowledged.set(key, made.id)
      }
    }
    const workers = [0, 1, 2, 3].map(worker)
    while (acknowledged.size < wanted) await new Promise((resolve) => setImmediate(resolve))
    await kill(child)
    const ends = await Promise.allSettled(workers)
    expect(ends.every((end) => end.status === 'rejected')).toBe(true)
  }
  const { child, stripe } = await startChild(file)
  for (const key of asked) {
    const found = await stripe.customers.create({ name: key }, { idempotencyKey: key })
    expect(found.id).toBe(acknowledged.get(key) ?? found.id)
    acknowledged.set(key, found.id)
  }
  const listed = await stripe.customers.list({ limit: 100 }).autoPagingToArray({ limit: 10_000 })
  expect(listed.map((customer) => customer.id).sort()).toEqual([...acknowledged.values()].sort())
  expect(new Set(listed.map((customer) => customer.name)).size).toBe(asked.length)
  await kill(child)
  const db = new Database(file, { readonly: true })
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  db.close()
})

test('killed with webhooks owed: they are delivered by the next start', async () => {
  const file = join(folder, 'owed.db')
  const door = await openDoor(() => Date.now())
  door.answers.push(...Array<number>(50).fill(503))
  const first = await startChild(file, door)
  const customer = await first.stripe.customers.create({ name: 'Ada' })
  await kill(first.child)
  door.answers.length = 0
  const before = door.received.length
  const second = await startChild(file, door)
  while (door.received.length === before) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(door.received.at(-1)?.event).toMatchObject({ type: 'customer.created', data: { object: { id: customer.id } } })
  await kill(second.child)
  await door.close()
})

test('the file opens durable, private, and refuses a version it does not know', async () => {
  const file = join(folder, 'private.db')
  const options = { file, secretKey: SECRET_KEY, clock: Date, webhook: () => null }
  const stand = await startPracticeStripe(options)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  await stand.close()
  const db = new Database(file)
  expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
  db.pragma('user_version = 99')
  db.close()
  await expect(startPracticeStripe(options)).rejects.toThrow('version 99')
})

test('a restart keeps the port; on another port the addresses of hosted pages follow', async () => {
  const bed = await openBed()
  const open = await openInvoice(bed.stripe)
  const port = bed.stand.port
  await bed.restart()
  expect(bed.stand.port).toBe(port)
  expect((await fetch(open.hosted_invoice_url ?? '')).status).toBe(200)

  await bed.stand.close()
  const squatter = createServer().listen(port, '127.0.0.1')
  await once(squatter, 'listening')
  const stand = await startPracticeStripe({ file: bed.file, secretKey: SECRET_KEY, clock: bed.clock, webhook: () => null })
  expect(stand.port).not.toBe(port)
  bed.stand = stand
  const stripe = new Stripe(SECRET_KEY, { host: '127.0.0.1', port: stand.port, protocol: 'http', maxNetworkRetries: 0 })
  const moved = await stripe.invoices.retrieve(open.id)
  expect(moved.hosted_invoice_url).toBe(open.hosted_invoice_url?.replace(`:${port}`, `:${stand.port}`))
  const [event] = (await stripe.events.list({ type: 'invoice.finalized' })).data
  expect(event?.data.object).toMatchObject({ hosted_invoice_url: moved.hosted_invoice_url })
  expect(await payHosted(moved)).toMatchObject({ status: 200 })
  squatter.close()
  await bed.close()
})
