import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SimulatedClock } from './core/ports/clock'
import { type PracticeStripe, startPracticeStripe } from './practice/stripe/index'

/** The practice provider accepts this key and no other; it opens nothing anywhere else. */
export const practiceKey = 'sk_test_practice_countinghouse'
export const practiceWebhookSecret = 'whsec_practice_countinghouse_signing'

/** Whether a key is of the practice world. */
export function isPracticeKey(secretKey: string): boolean {
  return secretKey.startsWith('sk_test_practice_')
}

export interface PracticeProviders {
  readonly stripe: PracticeStripe
  close(): Promise<void>
}

/** Starts the stand-ins of a practice world on their own files in its data folder. They are only ever reached over HTTP. */
export async function startPracticeProviders(
  dataDir: string,
  clock: SimulatedClock,
  webhookUrl: () => string | null,
): Promise<PracticeProviders> {
  const file = join(dataDir, 'practice-stripe.db')
  const stripe = await startPracticeStripe({
    file,
    clock,
    secretKey: practiceKey,
    webhook: () => {
      const url = webhookUrl()
      return url === null ? null : { url, secret: practiceWebhookSecret }
    },
  })
  return { stripe, close: () => stripe.close() }
}

const readyFile = 'practice.ready'

/** Whether the practice year in this folder was made to its end. */
export function isYearMade(dataDir: string): boolean {
  return existsSync(join(dataDir, readyFile))
}

export function markYearMade(dataDir: string): void {
  writeFileSync(join(dataDir, readyFile), '', { mode: 0o600 })
}

/** Sweeps a practice world whose making was cut off; nothing of it was ever shown to anybody. A live vault is never touched. */
export function sweepHalfMadeYear(dataDir: string, isPractice: () => boolean): void {
  if (isYearMade(dataDir) || !isPractice()) return
  for (const name of readdirSync(dataDir)) {
    if (!name.startsWith('lock.db')) rmSync(join(dataDir, name), { recursive: true, force: true })
  }
}
