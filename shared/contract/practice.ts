import { z } from 'zod'
import { provider } from './integrations'
import { command, page, pageOf, query } from './procedure'

/** Opens the practice world of the window, which keeps nothing that is worth hiding; its dialogs say it. */
export const practicePassphrase = 'practice makes perfect'

const probability = z.number().min(0).max(1)

export const stripeFaults = z.strictObject({
  dropWebhooks: probability.optional(),
  timeoutAfterSuccess: probability.optional(),
  errorRate: probability.optional(),
  duplicateWebhooks: z.int().min(0).max(20).optional(),
  shuffleWebhooks: z.int().min(0).max(1000).optional(),
})

export const practice = {
  'practice.setFaults': command({
    summary: 'Replace all faults of the practice providers; {} clears them',
    input: { stripe: stripeFaults.optional() },
    output: z.object({ stripe: stripeFaults }),
    scope: 'practice:write',
    doors: 'practice',
    parkable: false,
  }),
  'practice.calls': query({
    summary: 'Requests that a practice provider received, newest first, 500 a page',
    input: { provider, cursor: page.cursor },
    output: pageOf(
      z.object({
        at: z.int(),
        method: z.string(),
        path: z.string(),
        idempotencyKey: z.string().nullable(),
        status: z.int(),
      }),
    ),
    scope: 'practice:read',
    doors: 'practice',
  }),
} as const
