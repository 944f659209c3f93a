import { IconShieldCheck, IconShieldX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useRead } from '../../api/queries'
import { distanceText } from '../../components/format'
import styles from './backups.module.css'
import { words } from './words'

/** Longest time without a verified backup before the line asks for a look: a daily backup and a week's patience. */
const staleMs = 8 * 86_400_000

/** One line for Today: when the last backup was verified. Leads to the backups. */
export function BackupLine() {
  const status = useRead('backups.status', {})
  if (status.data === undefined) return null
  const { lastVerifiedAt, lastProblem, settings } = status.data
  const now = Date.now()
  const good = lastProblem === null && lastVerifiedAt !== null && now - lastVerifiedAt < staleMs
  const tone = good ? 'good' : lastProblem === null && lastVerifiedAt === null && settings.on ? 'waits' : 'bad'
  const text =
    lastProblem !== null
      ? words.problem
      : lastVerifiedAt === null
        ? settings.on
          ? words.neverVerified
          : words.off
        : words.verifiedLine(distanceText(lastVerifiedAt, now))
  const Icon = good ? IconShieldCheck : IconShieldX
  return (
    <Link to="/settings/$section" params={{ section: 'backups' }} className={styles.line} data-tone={tone}>
      <Icon size={16} stroke={1.7} aria-hidden="true" />
      {text}
    </Link>
  )
}
