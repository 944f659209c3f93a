import { z } from 'zod'
import { id } from '../domain/ids'
import { command, page, pageOf, query } from './procedure'

export const backup = z.object({
  id,
  /** File name, without a folder. */
  fileName: z.string(),
  /** Which place holds it, in the owner's words; no path. */
  place: z.string(),
  createdAt: z.int(),
  bytes: z.int(),
  cause: z.enum(['schedule', 'owner', 'before_rotation']),
  /** Rows of the audit log and journal entries in it. */
  auditRows: z.int(),
  entries: z.int(),
  /** When it was last reopened and checked; null before. */
  verifiedAt: z.int().nullable(),
  /** What the last check found wrong; null when nothing. */
  problem: z.string().nullable(),
  /** Which rules keep it: daily, weekly, monthly. */
  keptAs: z.array(z.enum(['daily', 'weekly', 'monthly', 'newest'])),
  /** False when the file can no longer be found. */
  present: z.boolean(),
})
export type Backup = z.infer<typeof backup>

export const backupSettings = z.object({
  on: z.boolean(),
  /** Time of day on this machine's clock. */
  at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'must be a time of day such as 03:00' }),
  keepDaily: z.int().min(1).max(60),
  keepWeekly: z.int().min(0).max(60),
  keepMonthly: z.int().min(0).max(120),
  /** Where they go, for reading; null: the folder `backups` in the data folder. */
  place: z.string().nullable(),
})
export type BackupSettings = z.infer<typeof backupSettings>

export const drill = z.object({
  at: z.int(),
  ok: z.boolean(),
  backupId: id.nullable(),
  /** Items, entries and audit rows that came back and were held against the originals. */
  secrets: z.int(),
  entries: z.int(),
  auditRows: z.int(),
  milliseconds: z.int(),
  problem: z.string().nullable(),
})
export type Drill = z.infer<typeof drill>

export const backups = {
  'backups.run': command({
    summary: 'Make an encrypted backup now, reopen it and check its trial balance and audit chain',
    input: {},
    output: backup,
    scope: 'backups:write',
  }),
  'backups.list': query({
    summary: 'Backups, newest first',
    input: { ...page },
    output: pageOf(backup),
    scope: 'backups:read',
  }),
  'backups.status': query({
    summary: 'How backups are kept, when the last was verified, and what the last drill said',
    input: {},
    output: z.object({
      settings: backupSettings,
      lastVerifiedAt: z.int().nullable(),
      lastProblem: z.string().nullable(),
      nextAt: z.int().nullable(),
      lastDrill: drill.nullable(),
      nextDrillAt: z.int().nullable(),
    }),
    scope: 'backups:read',
  }),
  'backups.configure': command({
    summary: 'When backups are made and how many are kept',
    input: backupSettings.omit({ place: true }).partial().shape,
    output: backupSettings,
    scope: 'backups:write',
  }),
  'backups.choosePlace': command({
    summary:
      'Choose the folder for backups in a native dialog; chosen: false when cancelled. `reset` goes back to the data folder',
    input: { reset: z.boolean().optional() },
    output: z.object({ chosen: z.boolean(), settings: backupSettings }),
    scope: 'backups:write',
    doors: 'window',
  }),
  'backups.verify': command({
    summary: 'Reopen a backup and check integrity, trial balance and audit chain',
    input: { backupId: id },
    output: backup,
    scope: 'backups:write',
    parkable: false,
  }),
  'backups.restore': command({
    summary:
      'Restore a backup to a new profile beside this one, with the passphrase or the recovery kit that it was made under; nothing here is changed',
    input: {
      backupId: id,
      passphrase: z.string().max(1024).optional(),
      kitCode: z.string().max(100).optional(),
    },
    /** Name of the new profile’s folder, beside the data folder. */
    output: z.object({ profile: z.string(), secrets: z.int(), entries: z.int(), auditRows: z.int(), verified: z.boolean() }),
    scope: 'backups:write',
    secretInput: ['passphrase', 'kitCode'],
  }),
  'backups.drill': command({
    summary:
      'Restore the newest backup into a folder that is removed again, and hold it against the originals; nothing of it is kept',
    input: {},
    output: drill,
    scope: 'backups:write',
    parkable: false,
  }),
} as const
