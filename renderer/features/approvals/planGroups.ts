import type { Approval } from '../../../shared/contract/approvals'

type QueueEntry =
  | { readonly kind: 'single'; readonly approval: Approval }
  | { readonly kind: 'plan'; readonly id: string; readonly title: string; readonly steps: readonly Approval[] }

/** The queue with the steps of a plan together, in their order, where its most pressing step stands. */
export function groupPlans(ranked: readonly Approval[]): QueueEntry[] {
  const entries: QueueEntry[] = []
  const seen = new Set<string>()
  for (const approval of ranked) {
    const { plan } = approval
    if (plan === null) entries.push({ kind: 'single', approval })
    else if (!seen.has(plan.id)) {
      seen.add(plan.id)
      const steps = ranked
        .filter((other) => other.plan?.id === plan.id)
        .toSorted((a, b) => (a.plan?.step ?? 0) - (b.plan?.step ?? 0))
      entries.push({ kind: 'plan', id: plan.id, title: plan.title, steps })
    }
  }
  return entries
}

/** What a decision over a whole plan names: SHA-256, in hex, of the digests of its pending steps in order, joined. */
export async function planDigest(steps: readonly Approval[]): Promise<string> {
  const bytes = new TextEncoder().encode(steps.map(({ digest }) => digest).join(''))
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
