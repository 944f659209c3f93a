import { join } from 'node:path'
import type { FeedAnswer, FeedArgs } from './children/feed'
import type { WindowAnswer, WindowArgs } from './children/windowMeasures'
import { root, runChild, runScript } from './support/child'
import { atMost, beside, type Figure, holds, info, show, skipped } from './support/figure'
import { done, passphrase, startHeadless } from './support/headlessApp'
import { writeJournal } from './support/journal'

const listRows = 100_000
/** Milliseconds. */
const longestFrame = 20
const mostWork = 8
const times = 3

async function vaultWithJournal(folder: string): Promise<string> {
  const dataDir = join(folder, 'data')
  const file = join(folder, 'journal.ndjson')
  await writeJournal(file, listRows)
  const app = await startHeadless({ dataDir })
  try {
    const business = { name: 'Bench', currency: 'USD', country: 'US', timeZone: 'UTC' }
    const { id: businessId } = done(await app.call('businesses.create', business))
    const { url, token } = app
    await runChild<FeedAnswer>('feed', { url, token, businessId, file } satisfies FeedArgs)
  } finally {
    await app.stop()
  }
  return dataDir
}

/** The window from start to Today, beside a blank page in the same runtime, and a long list under the scroll wheel. */
export const windowFigure: Figure = {
  name: 'window',
  title: 'Window',
  async run(bench) {
    const { findBrowser } = (await import(join(root, 'build', 'chromium-runtime', 'browser.mjs'))) as {
      findBrowser(): string | null
    }
    if (findBrowser() === null) return [skipped('window', 'no browser is installed; npm start installs one')]
    bench.say(`a vault with ${show(listRows)} entries ...`)
    const dataDir = await vaultWithJournal(bench.folder('window'))
    bench.say('opening windows ...')
    const args = { dataDir, passphrase, blankApp: join(root, 'bench', 'blank'), times } satisfies WindowArgs
    const measured = await runScript<WindowAnswer>(join(root, 'bench', 'children', 'window.mjs'), args)
    const { blankMs, firstScreenMs, openingMs, todayMs } = measured
    return [
      beside('start to Today usable', todayMs, blankMs, 'ms', 'a blank page', measured.runtime),
      beside('of that, start to the first screen', firstScreenMs, blankMs, 'ms', 'a blank page'),
      info('of that, passphrase to Today', show(openingMs, 'ms'), 'the passphrase is slow by design'),
      ...measured.lists.flatMap(({ name, rows, frame, script, layout, loadAllMs }) => [
        holds(`rows in the list ${name}`, show(rows), rows === listRows),
        atMost('95th percentile of a frame', frame.p95, longestFrame, 'ms', `p50 ${show(frame.p50)}, max ${show(frame.max)}`),
        atMost('script and layout a frame', script + layout, mostWork, 'ms', `script ${show(script)}, layout ${show(layout)}`),
        info('reading all rows, to sort them', show(loadAllMs, 'ms')),
      ]),
    ]
  },
}
