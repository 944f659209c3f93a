import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openApp } from './container'
import { QuietNotifier } from './container.practice'
import type { Notifier } from './core/ports/notifier'

type Notice = Parameters<Notifier['notify']>[0]

const silent = { debug() {}, info() {}, warn() {}, error() {}, close() {} }
const notice: Notice = { title: 'Paid', body: 'An invoice is paid.', route: null }

test('notices of work done in quiet are dropped, also when it fails; those of before and after are passed on', async () => {
  const heard: Notice[] = []
  const quiet = new QuietNotifier({ notify: (one) => heard.push(one) })
  quiet.notify(notice)
  expect(
    await quiet.quietWhile(async () => {
      quiet.notify(notice)
      return 'done'
    }),
  ).toBe('done')
  const failing = quiet.quietWhile(async () => {
    quiet.notify(notice)
    throw new Error('cut off')
  })
  await expect(failing).rejects.toThrow('cut off')
  expect(heard).toHaveLength(1)
  quiet.notify(notice)
  expect(heard).toHaveLength(2)
})

test('a practice year is made without a notice and whatever the passphrase is, its vault in use; the first payment after it is told', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'countinghouse-year-'))
  const heard: Notice[] = []
  const app = await openApp({
    dataDir,
    world: 'practice',
    proof: { passphrase: 'seven quiet herons over the mill pond' },
    door: 'window',
    webhookPort: 0,
    createLogger: () => silent,
    notifier: { notify: (one) => heard.push(one) },
    publish() {},
    onPracticeProgress() {},
  })
  try {
    const caller = { actor: app.owner, door: 'window' } as const
    const { items: businesses } = await app.dispatcher.call('businesses.list', {}, caller)
    const businessId = businesses[0]?.id ?? ''
    const { items: paid } = await app.dispatcher.call('payments.list', { businessId, limit: 200 }, caller)
    expect(paid.length).toBeGreaterThan(20)
    expect(heard).toEqual([])

    const { items: kept } = await app.dispatcher.call('secrets.list', { businessId, withVault: true, limit: 200 }, caller)
    expect(kept.filter(({ lastUsedAt }) => lastUsedAt === null).map(({ title }) => title)).toEqual([
      'Lease of the studio',
      'Maps on the website',
      'Studio card',
      'Tax portal',
    ])
    const { items: grants } = await app.dispatcher.call('grants.list', { businessId }, caller)
    expect(grants).toMatchObject([{ holder: 'Jonas Reed, tax adviser', uses: 3, revokedFor: 'owner' }])

    const { items: open } = await app.dispatcher.call('invoices.list', { businessId, status: 'open' }, caller)
    await fetch(`${open[0]?.hostedInvoiceUrl}/pay`, { method: 'POST', body: new URLSearchParams({ card: '4242424242424242' }) })
    await app.dispatcher.call('events.sync', {}, caller)
    expect(heard.map(({ title }) => title)).toEqual([`Invoice ${open[0]?.number} is paid`])
  } finally {
    await app.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}, 60_000)
