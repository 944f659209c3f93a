import { join } from 'node:path'
import type { BridgeEvent } from '../shared/contract/bridge'
import { AppError } from '../shared/errors'
import type { SecretVault } from './container.secrets'
import { appendAudit, auditEnd, keepAuditProfile, profileOfRestore } from './core/audit/index'
import {
  Backups,
  backupHandlers,
  backupJobs,
  backupSchedule,
  changeBackupSettings,
  readRestoreMark,
  removeRestoreMark,
  sweepRestores,
  thisThread,
  workerThreads,
} from './core/backups/index'
import type { Database } from './core/db/index'
import type { Dispatcher } from './core/dispatch/index'
import type { Clock } from './core/ports/clock'
import type { FileDialogs } from './core/ports/fileDialogs'
import type { Logger } from './core/ports/logger'
import type { Notifier } from './core/ports/notifier'
import { beginPause, PauseSwitch, safetyHandlers } from './core/safety/index'
import { type ScheduledJob, Scheduler } from './core/scheduler/index'
import { createThrottle, type KeyChangeHelp, type Session, throttleFileName, type World } from './core/vault/index'

export interface SafetyParts {
  readonly dir: string
  readonly world: World
  readonly version: string
  readonly session: Session
  readonly database: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly notifier: Notifier
  readonly publish: (event: BridgeEvent) => void
  /** Signs the audit log. */
  readonly sign: () => void
  readonly fileDialogs: FileDialogs | undefined
  /** Script of the worker threads that make and check backups; without one the work is done in this thread. */
  readonly backupWorker: string | undefined
  /** Puts what else a restored profile of this world needs into its folder. */
  readonly finishRestore?: (folder: string) => void
}

/** The pause, the schedules and the backups of one open vault. */
export class Safety {
  readonly pause: PauseSwitch
  readonly scheduler: Scheduler
  readonly backups: Backups
  readonly #parts: SafetyParts

  constructor(parts: SafetyParts) {
    const { database, clock, logger, session, publish } = parts
    this.#parts = parts
    this.#noteRestore()
    this.pause = new PauseSwitch(database)
    this.scheduler = new Scheduler({
      database,
      clock,
      logger,
      pause: this.pause,
      publish: () => publish({ kind: 'changed', topics: ['audit', 'backups', 'safety', 'secrets'] }),
    })
    this.backups = new Backups({
      dataDir: parts.dir,
      world: parts.world,
      appVersion: parts.version,
      database,
      keys: () => session.coreKeys(),
      workbench: parts.backupWorker === undefined ? thisThread : workerThreads(parts.backupWorker),
      clock,
      logger,
      notifier: parts.notifier,
      sign: parts.sign,
      onProgress: (step, done, total) => publish({ kind: 'vaultProgress', step, done, total }),
    })
    for (const job of backupJobs(this.backups)) this.scheduler.register(job)
  }

  handlers() {
    const { dir, fileDialogs, finishRestore } = this.#parts
    return {
      ...safetyHandlers({ upcoming: () => this.scheduler.upcoming() }),
      ...backupHandlers({
        backups: this.backups,
        throttle: createThrottle(join(dir, throttleFileName)),
        nextAt: (schedule) => this.scheduler.nextAt(schedule),
        dialogs: () => {
          if (fileDialogs === undefined) throw new AppError('not_found', 'There is no screen here to choose a folder at.')
          return fileDialogs
        },
        ...(finishRestore === undefined ? {} : { finish: finishRestore }),
      }),
    }
  }

  /**
   * What a change of keys needs: a sound backup first, then to be alone, and a backup under the new keys soon after.
   * @param dispatcher asked for at each use
   */
  keyChangeHelp(dispatcher: () => Dispatcher): KeyChangeHelp {
    const { backups } = this
    return {
      backUp: async () => {
        try {
          const { backup } = await backups.run('before_rotation', true)
          if (backup.problem !== null) throw new AppError('unavailable', backup.problem)
          return backup.id
        } catch (error) {
          if (!(error instanceof AppError)) throw error
          const message = `The keys were not changed, because the backup before it could not be made. ${error.message}`
          throw new AppError(error.code, message, error.details)
        }
      },
      alone: (work, signal) => dispatcher().alone('vault.rotateKeys', () => backups.exclusive(true, work), signal),
      askForBackup: () => this.scheduler.ask(backupSchedule),
      copyUnderKey: (key, target) => backups.copyUnderKey(key, target),
    }
  }

  /** Sweeps what an earlier run left half done and lets the schedules begin. */
  start(): void {
    const { dir, session, logger } = this.#parts
    this.backups.recover()
    try {
      sweepRestores(dir, session.coreKeys().vaultId)
    } catch (error) {
      logger.warn({ err: error }, 'leftovers of a restore could not be looked for')
    }
    this.scheduler.start()
  }

  async stop(): Promise<void> {
    const ended = this.scheduler.stop()
    await this.backups.stop()
    await ended
  }

  /**
   * At the first start of a restored profile: everything is paused, since the vault it was made from may have sent meanwhile what waits
   * here; and it keeps its backups in its own folder, so that it lets go of none of the other's.
   */
  #noteRestore(): void {
    const { dir, database, clock } = this.#parts
    const mark = readRestoreMark(dir)
    if (mark === null) return
    const now = clock.now()
    database.write((w) => {
      const reason = 'Restored from a backup. Look at what waits before you go on.'
      beginPause(w, { since: now, by: 'schedule:restore', reason, afterAuditRow: auditEnd(w).rows })
      changeBackupSettings(w, { place: null, lastProblem: null })
      keepAuditProfile(w, profileOfRestore(mark))
      const procedure = 'vault.restored'
      appendAudit(w, {
        at: now,
        actor: 'schedule:restore',
        door: 'schedule',
        procedure,
        businessId: null,
        outcome: 'done',
        details: mark,
      })
    })
    removeRestoreMark(dir)
  }
}

/** The schedules of the vault's items: what is due is told of once, what lay in the bin long enough is destroyed. */
export function vaultJobs(
  secrets: Pick<SecretVault, 'takeDueNotices' | 'weeklySummary' | 'purge'>,
  notifier: Notifier,
): ScheduledJob[] {
  return [
    {
      name: 'due',
      cron: '0 9 * * *',
      run: async () => {
        const count = secrets.takeDueNotices().length
        if (count === 0) return null
        const title = count === 1 ? 'An item of the vault is due' : `${count} items of the vault are due`
        notifier.notify({ title, body: 'Open the vault and see what is to be rotated.', route: '/vault?view=due' })
        return { warned: count }
      },
    },
    {
      name: 'week',
      cron: '0 9 * * 1',
      run: async () => {
        const { overdue, week } = secrets.weeklySummary()
        if (overdue.length + week.length === 0) return null
        const title = `Items of the vault: ${overdue.length} overdue, ${week.length} due this week`
        notifier.notify({ title, body: 'Open the expiry page and plan what is to be rotated.', route: '/vault/expiring' })
        return { overdue: overdue.length, week: week.length }
      },
    },
    {
      name: 'bin',
      cron: '45 5 * * *',
      run: async () => {
        const destroyed = await secrets.purge()
        return destroyed === 0 ? null : { destroyed }
      },
    },
  ]
}
