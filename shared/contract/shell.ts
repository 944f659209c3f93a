import { z } from 'zod'
import { id } from '../domain/ids'
import { credentialId, prfOutput, whileLockedModes } from './vault'

/**
 * The calls of the window to its own shell: what exists before, around and after an open vault, and what only this machine's screen can do
 * (native dialogs, the theme, the browser). They are no doors to data: everything a business owns goes through the procedures.
 */

const nothing = z.strictObject({})
const passphrase = z.string().min(1).max(1024)

export const worlds = ['live', 'practice'] as const
export const world = z.enum(worlds)
export type World = z.infer<typeof world>

export const themes = ['light', 'dark', 'system'] as const
export const theme = z.enum(themes)
export type Theme = z.infer<typeof theme>

export const shellState = z.object({
  /**
   * welcome: no vault is in use; locked: a vault waits for its passphrase while schedules go on; open: procedures answer; closing: the vault is
   * being closed, and this window goes with its process.
   */
  phase: z.enum(['welcome', 'locked', 'open', 'closing']),
  /** The world of the vault in use; null where none is. */
  world: world.nullable(),
  version: z.string(),
  runtime: z.enum(['electron', 'chromium']),
  /** What this runtime cannot do, in a sentence; null when nothing is missing. */
  runtimeNote: z.string().nullable(),
  existingVaults: z.array(
    z.object({
      id: world,
      exists: z.boolean(),
      /** What opens it besides the passphrase, as its header says before anything is proved. */
      opensWith: z.object({ kit: z.boolean(), keychain: z.boolean(), passkeys: z.array(z.string()) }),
    }),
  ),
  theme,
  apiDoor: z.object({ on: z.boolean(), url: z.string().nullable() }),
  /** Where providers deliver events on this machine; null while the webhook door is closed. */
  webhookUrl: z.string().nullable(),
  /** Every host that the app contacts, and nothing else. */
  hosts: z.array(z.string()),
  /** Minutes without a key or pointer after which the vault locks. */
  idleMinutes: z.int(),
  /** What goes on while the vault in use is locked; null where none is in use. */
  whileLocked: z.enum(whileLockedModes).nullable(),
  /** Keys that work in every program of the desktop, as Electron writes them; none where another program has them. */
  desktopKeys: z.array(z.object({ does: z.enum(['pause', 'lock']), keys: z.string() })),
})
export type ShellState = z.infer<typeof shellState>

interface ShellCall<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly summary: string
  readonly input: I
  readonly output: O
  /** Input or output fields that hold secrets: never logged. */
  readonly secret: readonly string[]
}

function shellCall<I extends z.ZodType, O extends z.ZodType>(definition: {
  readonly summary: string
  readonly input: I
  readonly output: O
  readonly secret?: readonly string[]
}): ShellCall<I, O> {
  return { secret: [], ...definition }
}

export const shell = {
  'shell.state': shellCall({ summary: 'Where the app stands', input: nothing, output: shellState }),
  'shell.createVault': shellCall({
    summary: 'Create the live vault and open it; refused with `conflict` where one exists, with `invalid_input` when too weak',
    input: z.strictObject({ passphrase }),
    output: shellState,
    secret: ['passphrase'],
  }),
  'shell.openVault': shellCall({
    summary:
      'Open or unlock the vault of a world with exactly one proof; a wrong one is `forbidden`, a pause after several is `rate_limited`',
    input: z.strictObject({
      world,
      passphrase: passphrase.optional(),
      kitCode: z.string().max(100).optional(),
      passkey: z.strictObject({ credentialId, prf: prfOutput }).optional(),
      keychain: z.literal(true).optional(),
    }),
    output: shellState,
    secret: ['passphrase', 'kitCode', 'passkey'],
  }),
  'shell.chooseVault': shellCall({
    summary:
      'Choose the folder of an existing vault in a native dialog; `conflict` while a live vault is in use. chosen: false when cancelled',
    input: nothing,
    output: z.object({ chosen: z.boolean(), state: shellState }),
  }),
  'shell.chooseBackup': shellCall({
    summary:
      'Choose the file of a backup in a native dialog and tell what it says of itself; null when cancelled, `conflict` while a live vault is in use',
    input: nothing,
    output: z.object({
      backup: z
        .object({
          fileName: z.string(),
          createdAt: z.int(),
          secrets: z.int(),
          entries: z.int(),
          /** There is a vault on this machine: the restored one comes to stand beside it. */
          beside: z.boolean(),
        })
        .nullable(),
    }),
  }),
  'shell.restoreBackup': shellCall({
    summary:
      'Restore the chosen backup with the passphrase or the kit of its time and open it; pushes `vaultProgress` meanwhile. A vault that is there is not touched',
    input: z.strictObject({ passphrase: passphrase.optional(), kitCode: z.string().max(100).optional() }),
    output: shellState,
    secret: ['passphrase', 'kitCode'],
  }),
  'shell.explorePractice': shellCall({
    summary:
      'Open the practice world without a passphrase, made first where there is none; pushes `practiceProgress` meanwhile; `conflict` while a live vault is in use',
    input: nothing,
    output: shellState,
  }),
  'shell.deletePractice': shellCall({
    summary: 'Delete the practice world and its folder, then show the welcome; the live vault is not touched',
    input: nothing,
    output: shellState,
  }),
  'shell.closeVault': shellCall({
    summary:
      'Seal the vault in use (schedules stop too) and show the welcome. A live vault takes the process with it (`closing`): the welcome is shown by a new one',
    input: nothing,
    output: shellState,
  }),
  'shell.setTheme': shellCall({
    summary: 'Light, dark or as the system says',
    input: z.strictObject({ theme }),
    output: shellState,
  }),
  'shell.setApiDoor': shellCall({
    summary: 'Switch the local API door on or off; the token is shown once, when it is switched on',
    input: z.strictObject({ on: z.boolean() }),
    output: z.object({ on: z.boolean(), url: z.string().nullable(), token: z.string().optional() }),
    secret: ['token'],
  }),
  'shell.openExternal': shellCall({
    summary: 'Open an https or mailto address, or a page of the practice provider, in the browser; anything else is `forbidden`',
    input: z.strictObject({ url: z.string().max(2000) }),
    output: z.object({ opened: z.boolean() }),
  }),
  'shell.activity': shellCall({
    summary: 'The owner is here: start the idle time anew',
    input: nothing,
    output: z.object({ idleMinutes: z.int() }),
  }),
  'shell.takeDestination': shellCall({
    summary: 'Where a notification leads that was clicked: told once, null where none waits',
    input: nothing,
    output: z.object({
      destination: z
        .object({
          route: z.string(),
          /** The business whose page it is; null where the page belongs to all. */
          businessId: id.nullable(),
        })
        .nullable(),
    }),
  }),
  'shell.savePdf': shellCall({
    summary: 'Write the PDF of an invoice where a native dialog says; saved: false when cancelled',
    input: z.strictObject({ invoiceId: id }),
    output: z.object({ saved: z.boolean() }),
  }),
  'shell.beginSave': shellCall({
    summary: 'Choose a file in a native dialog and begin to write text to it; saveId: null when cancelled',
    input: z.strictObject({
      suggestedName: z.string().regex(/^[\p{L}\p{N} ._-]{1,100}$/u),
      mediaType: z.enum(['text/csv', 'text/plain']),
    }),
    output: z.object({ saveId: id.nullable() }),
  }),
  'shell.appendSave': shellCall({
    summary: 'Append a piece of at most 400,000 characters to the file of a save',
    input: z.strictObject({ saveId: id, text: z.string().max(400_000) }),
    output: z.object({ bytes: z.int() }),
  }),
  'shell.endSave': shellCall({
    summary: 'Put the file in place, or discard what was written',
    input: z.strictObject({ saveId: id, discard: z.boolean() }),
    output: z.object({ saved: z.boolean() }),
  }),
  'shell.copyText': shellCall({
    summary:
      'Put text on the clipboard; locking the vault takes it off again while it is still there, and 10 seconds do where it is `brief`',
    input: z.strictObject({ text: z.string().min(1).max(4000), brief: z.boolean().optional() }),
    output: z.object({ copied: z.boolean() }),
    secret: ['text'],
  }),
  'shell.copySecret': shellCall({
    summary:
      'Put the value behind a ticket of secrets.copyTicket on the clipboard without showing it; taken off after 10 seconds, at lock and at quit while it is still there',
    input: z.strictObject({ ticket: z.string().min(1).max(200) }),
    output: z.object({ copied: z.boolean(), clearsAt: z.int() }),
    secret: ['ticket'],
  }),
  'shell.showDataFolder': shellCall({
    summary: 'Show the data folder in the file manager',
    input: nothing,
    output: z.object({ shown: z.boolean() }),
  }),
  'shell.about': shellCall({
    summary: 'What this app is made of and where its data lies',
    input: nothing,
    output: z.object({
      version: z.string(),
      runtime: z.enum(['electron', 'chromium']),
      runtimeVersion: z.string(),
      runtimeNote: z.string().nullable(),
      databaseVersion: z.string(),
      /** For reading only: the page never sends a path back. */
      dataLocation: z.string(),
      license: z.string(),
    }),
  }),
} as const

export type Shell = typeof shell
export type ShellProcedure = keyof Shell
export type ShellInput<N extends ShellProcedure> = z.input<Shell[N]['input']>
export type ShellOutput<N extends ShellProcedure> = z.output<Shell[N]['output']>

/** Pushes of the shell to the window. */
export type ShellEvent =
  | { readonly kind: 'shellState'; readonly state: ShellState }
  | { readonly kind: 'practiceProgress'; readonly step: string; readonly done: number; readonly total: number }
  /** A notification was clicked: `shell.takeDestination` says where it leads. */
  | { readonly kind: 'destination' }
