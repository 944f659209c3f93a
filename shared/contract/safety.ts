import { z } from 'zod'
import { id, textLine } from '../domain/ids'
import { command, query } from './procedure'

export const safetyStatus = z.object({
  paused: z.boolean(),
  since: z.int().nullable(),
  by: z.string().nullable(),
  reason: z.string().nullable(),
  /** What the pause holds back now. */
  held: z.object({
    /** Sends that wait: what kind, for which business, since when. */
    outbox: z.array(z.object({ kind: z.string(), businessId: id, count: z.int(), oldestAt: z.int() })),
    schedules: z.array(z.object({ name: z.string(), nextAt: z.int().nullable() })),
    /** Broker calls that were refused since the pause began. */
    brokerCallsRefused: z.int(),
  }),
})
export type SafetyStatus = z.infer<typeof safetyStatus>

export const safety = {
  'safety.pause': command({
    summary: 'Pause everything: schedules, sends and broker calls stop within a second and wait',
    input: { reason: textLine(300).optional() },
    output: safetyStatus,
    scope: 'safety:write',
    parkable: false,
  }),
  'safety.resume': command({
    summary: 'Go on: what waited is sent, in order',
    input: {},
    output: safetyStatus,
    scope: 'safety:write',
  }),
  'safety.status': query({
    summary: 'Whether everything is paused, and what that holds back',
    input: {},
    output: safetyStatus,
    scope: 'safety:read',
  }),
} as const
