import { z } from 'zod'
import type { BackupSettings } from '../../../shared/contract/backups'
import type { Output } from '../../../shared/contract/index'
import { AppError } from '../../../shared/errors'
import type { ReadDb } from '../db'
import { decodeCursor, pageOfRows } from '../db/paging'
import type { CommandFacts, Handlers } from '../dispatch/handler'
import type { FileDialogs } from '../ports/fileDialogs'
import type { Proof } from '../vault/index'
import type { Backups } from './backups'
import { backupsAfter, changeSettings, lastDrill, lastVerifiedAt, readSettings } from './backups.repository'
import { type RestoreOptions, restore } from './restoring'

/** Names of the schedules, as the status asks for them. */
export const backupSchedule = 'backup'
export const drillSchedule = 'drill'

export interface BackupHandlerDeps extends Omit<RestoreOptions, 'backups'> {
  readonly backups: Backups
  /** When a schedule runs next; null when it is off. */
  readonly nextAt: (schedule: string) => number | null
  /** Native dialogs. @throws AppError not_found where there is no screen */
  readonly dialogs: () => FileDialogs
}

type Names =
  | 'backups.run'
  | 'backups.list'
  | 'backups.status'
  | 'backups.configure'
  | 'backups.choosePlace'
  | 'backups.verify'
  | 'backups.restore'
  | 'backups.drill'

const defaultLimit = 50
const cursorKey = z.tuple([z.int(), z.string()])

export function backupHandlers(deps: BackupHandlerDeps): Handlers<Names> {
  const { backups } = deps
  const settingsOf = (r: ReadDb): BackupSettings => {
    const { lastProblem: _, place, ...rest } = readSettings(r)
    return { ...rest, place: place === null ? null : backups.places.nameOf(place) }
  }
  return {
    'backups.run': {
      task: async ({ note, changed }) => {
        const { backup, pruned } = await backups.run('owner')
        note({ backupId: backup.id, bytes: backup.bytes, verified: backup.problem === null, pruned })
        changed('backups')
        return backup
      },
    },
    'backups.list': ({ db, now }, { cursor, limit = defaultLimit }) => {
      const after = cursor === undefined ? null : decodeCursor(cursor, cursorKey)
      const rows = backupsAfter(db, after, limit + 1)
      const page = pageOfRows(
        rows,
        limit,
        (row) => [row.createdAt, row.id],
        (row) => row,
      )
      return { items: backups.store.describe(page.items, now), nextCursor: page.nextCursor }
    },
    'backups.status': ({ db }): Output<'backups.status'> => ({
      settings: settingsOf(db),
      lastVerifiedAt: lastVerifiedAt(db),
      lastProblem: readSettings(db).lastProblem,
      nextAt: deps.nextAt(backupSchedule),
      lastDrill: lastDrill(db),
      nextDrillAt: deps.nextAt(drillSchedule),
    }),
    'backups.configure': {
      run: ({ db, note, changed }, { requestId: _, ...change }) => {
        changeSettings(db, change)
        note({ changed: Object.keys(change) })
        changed('backups')
        return settingsOf(db)
      },
    },
    'backups.choosePlace': {
      task: async ({ database, note, changed }, { reset }) => {
        const chosen = reset === true ? null : await deps.dialogs().chooseFolder('Folder for backups')
        if (chosen === null && reset !== true) return { chosen: false, settings: settingsOf(database.read) }
        backups.places.prepare(chosen)
        database.write((w) => changeSettings(w, { place: chosen, lastProblem: null }))
        note({ place: chosen === null ? 'data folder' : 'chosen folder', found: backups.store.adopt(chosen) })
        changed('backups')
        return { chosen: true, settings: settingsOf(database.read) }
      },
    },
    'backups.verify': {
      task: async ({ note, changed }, { backupId }) => {
        const backup = await backups.verify(backupId)
        note({ backupId, verified: backup.problem === null })
        changed('backups')
        return backup
      },
    },
    'backups.restore': {
      facts: (_, { backupId }) => restoreFacts(backups.find(backupId).fileName),
      task: async ({ door, note }, { backupId, passphrase, kitCode }) => {
        const { profile, secrets, entries, auditRows } = await restore(deps, backupId, proofOf(passphrase, kitCode), door)
        note({ backupId, profile, entries, auditRows })
        return { profile, secrets, entries, auditRows, verified: true }
      },
    },
    'backups.drill': {
      task: async ({ note, changed }) => {
        const drill = await backups.drill()
        note({ ok: drill.ok, backupId: drill.backupId })
        changed('backups')
        return drill
      },
    },
  }
}

function restoreFacts(fileName: string): CommandFacts {
  return {
    businessId: null,
    what: `Restore the backup ${fileName} to a new profile beside this one`,
    amount: null,
    payee: null,
    before: {},
    after: {},
    undo: 'no',
  }
}

function proofOf(passphrase: string | undefined, kitCode: string | undefined): Proof {
  if (passphrase !== undefined && kitCode === undefined) return { passphrase }
  if (kitCode !== undefined && passphrase === undefined) return { kitCode }
  throw new AppError(
    'invalid_input',
    'Nothing was restored: give either the passphrase or the code of the recovery kit that opened the vault when the backup was made.',
  )
}
