import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { businessIds } from './core/businesses/index'
import { type Database, writeDurably } from './core/db/index'
import type { Actor, Dispatcher } from './core/dispatch/index'
import { rebaseHostedUrls } from './core/invoicing/index'
import type { SimulatedClock } from './core/ports/clock'
import type { Notifier } from './core/ports/notifier'
import { readVaultInfo, vaultExists } from './core/vault/index'
import { type PracticeStripe, startPracticeStripe } from './practice/stripe/index'
import { makePracticeYear, type YearDriver } from './practice/year/practiceYear'

export { practicePassphrase } from '../shared/contract/practice'

/** The practice provider accepts this key and no other; it opens nothing anywhere else. */
const practiceKey = 'sk_test_practice_countinghouse'
const practiceWebhookSecret = 'whsec_practice_countinghouse_signing'

const readyFile = 'practice.ready'

/** Whether a key is of the practice world. */
export function isPracticeKey(secretKey: string): boolean {
  return secretKey.startsWith('sk_test_practice_')
}

/** Passes notices on, save those of work that is done in quiet: what happened in a practice year is no news to anybody. */
export class QuietNotifier implements Notifier {
  readonly #notifier: Notifier
  #quiet = 0

  constructor(notifier: Notifier) {
    this.#notifier = notifier
  }

  notify(notice: Parameters<Notifier['notify']>[0]): void {
    if (this.#quiet === 0) this.#notifier.notify(notice)
  }

  /** Drops every notice until the work has ended, well or not. */
  async quietWhile<T>(work: () => Promise<T>): Promise<T> {
    this.#quiet += 1
    try {
      return await work()
    } finally {
      this.#quiet -= 1
    }
  }
}

export interface PracticeProviders {
  readonly stripe: PracticeStripe
  close(): Promise<void>
}

/**
 * Starts the stand-ins of a practice world on their own files in its data folder. They are only ever reached over HTTP.
 * @param webhookUrl where they deliver their events; null while nobody listens
 */
export async function startPracticeProviders(
  dataDir: string,
  clock: SimulatedClock,
  webhookUrl: () => string | null,
): Promise<PracticeProviders> {
  const stripe = await startPracticeStripe({
    file: join(dataDir, 'practice-stripe.db'),
    clock,
    secretKey: practiceKey,
    webhook: () => {
      const url = webhookUrl()
      return url === null ? null : { url, secret: practiceWebhookSecret }
    },
  })
  return { stripe, close: () => stripe.close() }
}

export interface YearParts extends Pick<YearDriver, 'settle' | 'onProgress'> {
  readonly dispatcher: Dispatcher
  /** The owner, or whom a token stands for; null where it stands for nobody. */
  actor(token: string | undefined): Actor | null
}

/** Makes the practice year unless it is there; under a simulated clock, which runs again with the system's when it returns. */
export async function livePracticeYear(
  dataDir: string,
  clock: SimulatedClock,
  { dispatcher, actor, ...driver }: YearParts,
): Promise<void> {
  if (existsSync(join(dataDir, readyFile))) return
  const now = clock.now()
  try {
    await makePracticeYear(
      {
        ...driver,
        call: async (name, input, token) => {
          const caller = actor(token)
          if (caller === null) throw new Error('A token of the practice year stands for nobody')
          return await dispatcher.call(name, input, { actor: caller, door: 'practice' })
        },
        setTime: (at) => clock.set(at),
        pay,
      },
      { secretKey: practiceKey, webhookSecret: practiceWebhookSecret },
      now,
    )
  } finally {
    clock.release()
  }
  // Flushed to disk before the app says that it is ready: without this file the next start makes the year anew.
  markReady(dataDir)
}

/** Says that a practice world is whole. */
export function markReady(dataDir: string): void {
  writeDurably(join(dataDir, readyFile), new Uint8Array())
}

/** Sweeps a practice world whose making was cut off; nothing of it was ever shown to anybody. A live vault is never touched. */
export function sweepHalfMadeYear(dataDir: string): void {
  if (existsSync(join(dataDir, readyFile)) || !vaultExists(dataDir) || readVaultInfo(dataDir).world !== 'practice') return
  for (const name of readdirSync(dataDir)) {
    if (!name.startsWith('lock.db')) rmSync(join(dataDir, name), { recursive: true, force: true })
  }
}

async function pay(hostedInvoiceUrl: string, card: string): Promise<void> {
  const response = await fetch(`${hostedInvoiceUrl}/pay`, { method: 'POST', body: new URLSearchParams({ card }) })
  if (response.status !== 200 && response.status !== 402) throw new Error(`The practice payment page answered ${response.status}`)
}

/** The practice provider may have come up on another port than last time; its pages moved with it. @param origin without a slash at the end */
export function rebasePracticeUrls(database: Database, origin: string): void {
  database.write((w) => {
    for (const id of businessIds(w)) rebaseHostedUrls(w, id, origin)
  })
}
