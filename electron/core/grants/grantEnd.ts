import type { Grant } from '../../../shared/contract/grants'

/** A grant that nobody used for so long has ended. */
export const unusedMs = 30 * 86_400_000

export interface GrantEnd {
  /** UTC epoch milliseconds. */
  readonly at: number
  readonly why: NonNullable<Grant['revokedFor']>
}

export type GrantLife = Pick<
  Grant,
  'createdAt' | 'expiresAt' | 'lastUsedAt' | 'maxUses' | 'uses' | 'revokedAt' | 'revokedFor'
> & {
  /** The earlier of its expiry and the end of the engagement. */
  readonly endsAt: number
}

/**
 * How a grant ended, by what stands in its row and the clock alone; null while it is in force. It ends at the very instant, whether or not
 * anything has swept since.
 */
export function grantEnd(grant: GrantLife, now: number): GrantEnd | null {
  if (grant.revokedAt !== null) return { at: grant.revokedAt, why: grant.revokedFor ?? 'owner' }
  const lastUse = grant.lastUsedAt ?? grant.createdAt
  const ends: GrantEnd[] = [
    { at: grant.endsAt, why: grant.endsAt < grant.expiresAt ? 'engagement_ended' : 'expired' },
    { at: lastUse + unusedMs, why: 'unused' },
  ]
  if (grant.maxUses !== null && grant.uses >= grant.maxUses) ends.push({ at: lastUse, why: 'used_up' })
  const past = ends.filter(({ at }) => at <= now)
  return past.reduce<GrantEnd | null>((first, end) => (first === null || end.at < first.at ? end : first), null)
}
