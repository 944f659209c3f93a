import { z } from 'zod'
import { isoDate } from '../domain/dates'
import { id, textLine } from '../domain/ids'
import { command, page, pageOf, query } from './procedure'

export const grantActions = ['use', 'reveal'] as const
export const httpMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export const httpMethod = z.enum(httpMethods)

/** `api.stripe.com`, or `*.example.com` for the hosts below it. */
export const hostPattern = z
  .string()
  .max(253)
  .regex(/^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/, {
    error: 'must be a host name in lower case such as api.example.com, or *.example.com',
  })
/** `/v1/charges`, or `/v1/*` for everything below. */
export const pathPattern = z
  .string()
  .max(500)
  .regex(/^\/[^\s?#{}*]*\*?$/, { error: 'must be a path such as /v1/charges or /v1/*' })
const hourOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'must be a time of day such as 09:00' })

export const revokedFor = ['owner', 'expired', 'engagement_ended', 'unused', 'used_up', 'secret_gone'] as const

const limits = {
  /** May put the value into calls through the broker, see it, or both. */
  actions: z.array(z.enum(grantActions)).min(1).max(2),
  /** Required for `use`. */
  hosts: z.array(hostPattern).max(20),
  /** Empty: every method, every path, every day. */
  methods: z.array(httpMethod).max(6),
  paths: z.array(pathPattern).max(20),
  /** Hours of the day in the business's time zone (the machine's for items of no business); null: always. May pass midnight. */
  hours: z.strictObject({ from: hourOfDay, to: hourOfDay }).nullable(),
  weekdays: z.array(z.int().min(1).max(7)).max(7),
}

export const grant = z.object({
  id,
  businessId: id.nullable(),
  /** Who has it, in the owner's words. */
  holder: z.string(),
  secretIds: z.array(id),
  ...limits,
  maxUses: z.int().nullable(),
  uses: z.int(),
  createdAt: z.int(),
  expiresAt: z.int(),
  engagementEndsOn: z.string().nullable(),
  lastUsedAt: z.int().nullable(),
  revokedAt: z.int().nullable(),
  revokedFor: z.enum(revokedFor).nullable(),
})
export type Grant = z.infer<typeof grant>

export const blastRadius = z.object({
  /** Who: `helper:<grant>`, `token:<id>`, `assistant`. */
  actor: z.string(),
  secrets: z.array(
    z.object({
      secretId: id,
      title: z.string(),
      kind: z.string(),
      /** How far it got: seen in the clear, put into a call, or only within reach. */
      reach: z.enum(['revealed', 'used', 'reachable']),
      times: z.int(),
      lastAt: z.int().nullable(),
      hosts: z.array(z.string()),
      /** The value was changed after the last use or reveal, so what they had is worthless. */
      rotatedSince: z.boolean(),
    }),
  ),
  /** How many were only within reach; at most 200 of them are listed. */
  reachableCount: z.int(),
})
export type BlastRadius = z.infer<typeof blastRadius>

export const grants = {
  'grants.create': command({
    summary: 'Give a helper access to secrets within limits; the token is shown once',
    input: {
      businessId: id.optional(),
      holder: textLine(100),
      secretIds: z.array(id).min(1).max(100),
      actions: limits.actions,
      hosts: limits.hosts.optional(),
      methods: limits.methods.optional(),
      paths: limits.paths.optional(),
      hours: limits.hours.optional(),
      weekdays: limits.weekdays.optional(),
      maxUses: z.int().min(1).max(1_000_000).nullable().optional(),
      /** 24 when left out. */
      expiresInHours: z
        .int()
        .min(1)
        .max(90 * 24, { error: 'must be at most 2160 hours (90 days)' })
        .optional(),
      engagementEndsOn: isoDate.optional(),
    },
    output: grant.extend({ token: z.string() }),
    scope: 'grants:write',
    secretOutput: true,
  }),
  'grants.list': query({
    summary: 'Grants, newest first',
    input: { businessId: id.optional(), secretId: id.optional(), active: z.boolean().optional(), ...page },
    output: pageOf(grant),
    scope: 'grants:read',
  }),
  'grants.revoke': command({
    summary: 'End a grant; calls under way are cut off within a second',
    input: { grantId: id },
    output: grant,
    scope: 'grants:write',
  }),
  'grants.blastRadius': query({
    summary: 'What a grant or a token could reach, used and saw',
    input: { grantId: id.optional(), tokenId: id.optional() },
    output: blastRadius,
    scope: 'grants:read',
  }),
  'grants.rotateAll': command({
    summary: 'One plan that rotates everything a grant or token saw or used: each secret becomes due today, in one list',
    input: { grantId: id.optional(), tokenId: id.optional() },
    output: z.object({ secretIds: z.array(id) }),
    scope: 'grants:write',
  }),
} as const
