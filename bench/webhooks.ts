import { join } from 'node:path'
import type { PeerAnswer, PeerArgs } from './children/peer'
import type { LoadAnswer, LoadArgs } from './children/webhookLoad'
import { runChild } from './support/child'
import { atLeast, atMost, beside, type Figure, holds, info, show } from './support/figure'
import { type HeadlessApp, startHeadless } from './support/headlessApp'

/** The practice world's own signing secret; it opens nothing anywhere else. */
const secret = 'whsec_practice_countinghouse_signing'

const steadyRate = 200
const steadyMs = 20_000
const longestP99 = 50
const fullMs = 10_000
const rateShare = 1.5

interface Target {
  readonly url: string
  readonly businessId: string
  readonly objects: readonly string[]
}

async function targetOf(app: HeadlessApp): Promise<Target> {
  const businessId = (await app.call('businesses.list', {})).items[0]?.id ?? ''
  const url = (await app.call('integrations.list', { businessId })).items[0]?.webhookUrl ?? ''
  const { items } = await app.call('events.list', { businessId, limit: 200 })
  const objects = new Set(
    items.flatMap(({ type, objectId }) => (type.startsWith('invoice.') && objectId !== null ? [objectId] : [])),
  )
  return { url, businessId, objects: [...objects] }
}

/** How many events of a run the app lists. */
async function kept(app: HeadlessApp, { businessId }: Target, run: string): Promise<number> {
  let count = 0
  let cursor: string | undefined
  do {
    const page = await app.call('events.list', { businessId, limit: 200, ...(cursor === undefined ? {} : { cursor }) })
    const ours = page.items.filter(({ providerEventId }) => providerEventId.startsWith(`evt_${run}`)).length
    count += ours
    cursor = page.nextCursor ?? undefined
    if (ours === 0) break
  } while (cursor !== undefined)
  return count
}

async function settled(app: HeadlessApp, { businessId }: Target): Promise<number> {
  const start = performance.now()
  for (;;) {
    const gaps = (await app.call('integrations.list', { businessId })).items[0]?.gapCount ?? 0
    if (gaps === 0) return performance.now() - start
    if (performance.now() - start > 120_000) throw new Error(`${gaps} events were not applied within two minutes`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** Signed events at the webhook door of the built app, held against one-row commits of the same run. */
export const webhooksFigure: Figure = {
  name: 'webhooks',
  title: 'Webhooks through POST /webhooks/stripe/...',
  async run(bench) {
    bench.say('making the practice world ...')
    const app = await startHeadless({ dataDir: join(bench.folder('webhooks'), 'data'), practice: true })
    try {
      const target = await targetOf(app)
      const load = (run: string, rest: Pick<LoadArgs, 'milliseconds' | 'perSecond' | 'connections'>) =>
        runChild<LoadAnswer>('webhookLoad', { url: target.url, secret, objects: target.objects, run, ...rest } satisfies LoadArgs)
      const commits = () => {
        const args = { kind: 'commits', folder: bench.folder('commit-peer'), milliseconds: 4000 } satisfies PeerArgs
        return runChild<PeerAnswer>('peer', args)
      }
      bench.say(`${steadyRate} events a second for ${steadyMs / 1000} s ...`)
      const steady = await load('steady', { milliseconds: steadyMs, perSecond: steadyRate, connections: 16 })
      const steadyKept = await kept(app, target, 'steady')
      await settled(app, target)
      bench.say('as many as it takes, between two runs of one-row commits ...')
      const before = await commits()
      const cpuBefore = app.cpuMs() ?? Number.NaN
      const full = await load('full', { milliseconds: fullMs, perSecond: null, connections: 128 })
      const cpuMs = (app.cpuMs() ?? Number.NaN) - cpuBefore
      const after = await commits()
      const peerCpuMs = (before.cpuMs / before.wallMs / before.rate + after.cpuMs / after.wallMs / after.rate) * 500
      const fullRate = (full.acknowledged / full.wallMs) * 1000
      const settledAfter = await settled(app, target)
      const fullKept = await kept(app, target, 'full')
      return [
        atMost(
          `99th percentile at ${steadyRate} a second`,
          steady.p99,
          longestP99,
          'ms',
          `p50 ${show(steady.p50)}, max ${show(steady.max)}`,
        ),
        holds(
          'acknowledged and kept',
          `${show(steadyKept)} of ${show(steady.acknowledged)}`,
          steadyKept === steady.acknowledged && steady.refused === 0,
        ),
        atLeast('sustained rate', fullRate, (before.rate + after.rate) / 2, rateShare, 'events/s', `p99 ${show(full.p99, 'ms')}`),
        beside('CPU time an event', (cpuMs * 1000) / full.acknowledged, peerCpuMs * 1000, 'us', 'peer'),
        info('peer: one-row FULL commits', `${show(before.rate, 'commits/s')} before`, `${show(after.rate, 'commits/s')} after`),
        holds(
          'acknowledged and kept',
          `${show(fullKept)} of ${show(full.acknowledged)}`,
          fullKept === full.acknowledged && full.refused === 0,
        ),
        info('all applied after the last answer', show(settledAfter / 1000, 's'), `${target.objects.length} invoices read again`),
      ]
    } finally {
      await app.stop()
    }
  },
}
