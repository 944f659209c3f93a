import { AppError } from '../../../shared/errors'
import type { ScheduledJob } from '../scheduler/index'
import type { Backups } from './backups'
import { backupSchedule, drillSchedule } from './backups.handlers'
import { readSettings } from './backups.repository'

/** Sundays, after the night's backup. */
const drillCron = '30 4 * * 0'
const retentionCron = '15 5 * * *'

/** The schedules of the backups: one each night at the owner's hour, a drill each week, the letting go of old ones each day. */
export function backupJobs(backups: Backups): ScheduledJob[] {
  const settings = () => readSettings(backups.deps.database.read)
  return [
    {
      name: backupSchedule,
      cron: () => {
        const [hour, minute] = settings().at.split(':')
        return `${Number(minute)} ${Number(hour)} * * *`
      },
      isOn: () => settings().on,
      run: async () => {
        try {
          const { backup, pruned } = await backups.run('schedule', true)
          if (backup.problem !== null) throw new AppError('unavailable', backup.problem)
          return { backupId: backup.id, bytes: backup.bytes, verified: true, pruned: [...pruned] }
        } catch (error) {
          backups.warn('The backup failed')
          throw error
        }
      },
    },
    {
      name: drillSchedule,
      cron: drillCron,
      isOn: () => settings().on,
      run: async () => {
        const drill = await backups.drill(true)
        if (drill.ok) return { backupId: drill.backupId, entries: drill.entries, auditRows: drill.auditRows }
        backups.warn('The restore drill failed')
        throw new AppError('unavailable', drill.problem ?? '')
      },
    },
    {
      name: 'retention',
      cron: retentionCron,
      run: async ({ now }) => {
        const pruned = await backups.exclusive(true, async () => backups.store.prune(now))
        return pruned.length === 0 ? null : { pruned }
      },
    },
  ]
}
