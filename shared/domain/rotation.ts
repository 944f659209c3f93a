import type { SecretKind } from '../contract/secrets'

/** How often a credential of a program is rotated unless the owner says otherwise. */
export const defaultRotationDays = 90

/**
 * Kinds that are credentials of programs. A person's passwords are changed when there is a reason, not by the calendar
 * (NIST SP 800-63B, 3.1.1.2), so a login has an interval only where its owner wants one.
 */
const rotatedByDefault: ReadonlySet<SecretKind> = new Set(['api_key', 'stripe', 'upwork'])

/** The interval of a new item in days; null for never. */
export function defaultInterval(kind: SecretKind): number | null {
  return rotatedByDefault.has(kind) ? defaultRotationDays : null
}
