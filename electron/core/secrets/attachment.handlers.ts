import { z } from 'zod'
import { AppError } from '../../../shared/errors'
import type { ReadDb, WriteDb } from '../db'
import type { Handlers, TaskContext } from '../dispatch/handler'
import type { FileDialogs } from '../ports/fileDialogs'
import {
  attachContent,
  attachmentContent,
  attachStream,
  getAttachment,
  largestAttachment,
  largestPreview,
  mediaTypeOf,
  readAttachment,
} from './attachments'
import { type AttachmentRow, removeAttachment } from './attachments.repository'
import { itemFacts, itemNote } from './facts'
import { cut } from './hint'
import { presentSecret } from './present'
import { deleteRemovedFiles } from './removedFiles'
import { assertMayReveal, type RevealDeps, settleReveal } from './reveals'
import { actOf, recallSecret } from './secrets.handlers'

type Names = 'secrets.attach' | 'secrets.attachFile' | 'secrets.attachment' | 'secrets.saveAttachment' | 'secrets.detach'

export interface AttachmentDeps extends RevealDeps {
  /** @throws AppError not_found where there is no screen */
  readonly dialogs: () => FileDialogs
}

function tooLarge(sentence: string): AppError {
  return new AppError('too_large', sentence)
}

/** A file name as a person reads it: one line, at most 200 characters, no folder. */
function plainFileName(name: string): string {
  const bare = name.replace(/[\p{Cc}\p{Cs}\u2028\u2029/\\]+/gu, ' ').trim()
  return cut(bare, 200) || 'file'
}

export function attachmentHandlers(deps: AttachmentDeps): Handlers<Names> {
  const { items } = deps
  const recall = recallSecret(items)

  const attached = (
    context: Pick<TaskContext, 'actor' | 'door' | 'now' | 'note'>,
    w: WriteDb,
    procedure: string,
    id: string,
  ): void => {
    const { secretId, bytes } = getAttachment(w, id)
    items.recordUse(w, { ...actOf(context, procedure), secretId, action: 'changed' })
    context.note({ ...itemNote(items.head(w, secretId)), attachmentId: id, bytes })
  }

  const factsOfFile = (db: ReadDb, attachmentId: string, what: string, undo: 'yes' | 'no') => {
    const row = getAttachment(db, attachmentId)
    return itemFacts(items.liveHead(db, row.secretId), { what, undo, after: { attachment: row.id, bytes: String(row.bytes) } })
  }

  /** The row of a file that the caller may see. Noted before anything is refused. */
  const visible = (w: WriteDb, context: TaskContext, attachmentId: string): AttachmentRow => {
    const row = getAttachment(w, attachmentId)
    context.note({ ...itemNote(items.head(w, row.secretId)), attachmentId, bytes: row.bytes })
    assertMayReveal(w, deps, context.actor, row.secretId)
    return row
  }

  return {
    'secrets.attach': {
      recall,
      facts: (db, { secretId }) => itemFacts(items.liveHead(db, secretId), { what: 'Attach a file to a secret', undo: 'yes' }),
      run: (context, { secretId, name, mediaType, base64 }) => {
        const content = Buffer.from(base64, 'base64')
        try {
          if (content.length > largestPreview) {
            throw tooLarge('The file has more than 512 KiB. Nothing was attached. Choose it in the window: up to 50 MiB.')
          }
          items.liveHead(context.db, secretId)
          const file = { secretId, name: plainFileName(name), mediaType }
          const id = attachContent(context.db, items, file, content, context.now)
          attached(context, context.db, 'secrets.attach', id)
          context.changed('secrets')
          return presentSecret(context.db, items, secretId)
        } finally {
          content.fill(0)
        }
      },
    },

    'secrets.attachFile': {
      recall: {
        keep: ({ attached: was, secret }) => ({ attached: was, secretId: secret.id }),
        restore: (db, kept) => {
          const { attached: was, secretId } = z.object({ attached: z.boolean(), secretId: z.string() }).parse(kept)
          return { attached: was, secret: presentSecret(db, items, secretId) }
        },
      },
      facts: (db, { secretId }) => itemFacts(items.liveHead(db, secretId), { what: 'Attach a file to a secret', undo: 'yes' }),
      async task(context, { secretId }) {
        const { database, now } = context
        context.note(itemNote(items.liveHead(database.read, secretId)))
        const file = await deps.dialogs().openForReading({ title: 'Attach a file', extensions: ['*'] })
        if (file === null) return { attached: false, secret: presentSecret(database.read, items, secretId) }
        if (file.totalBytes > largestAttachment) {
          throw tooLarge('The file has more than 50 MiB. Nothing was attached.')
        }
        const name = plainFileName(file.name)
        const description = { secretId, name, mediaType: mediaTypeOf(name), bytes: file.totalBytes }
        try {
          const output = await attachStream(database, items, description, file.chunks, now, (w, id) => {
            items.liveHead(w, secretId)
            attached(context, w, 'secrets.attachFile', id)
            const shown = { attached: true, secret: presentSecret(w, items, secretId) }
            context.settle(w, shown)
            return shown
          })
          context.changed('secrets')
          return output
        } catch (error) {
          await deleteRemovedFiles(database)
          throw error
        }
      },
    },

    'secrets.attachment': {
      facts: (db, { attachmentId }) => factsOfFile(db, attachmentId, 'Show a file of a secret', 'no'),
      task: async (context, { attachmentId }) => {
        const shown = settleReveal(context, deps, (w) => {
          const row = visible(w, context, attachmentId)
          if (row.bytes > largestPreview) {
            throw tooLarge('Files over 512 KiB have no preview. Nothing was shown. Save it to look at it.')
          }
          const content = attachmentContent(w, items, row)
          try {
            const output = { name: row.name, mediaType: row.mediaType, base64: content.toString('base64') }
            return { output, use: { secretId: row.secretId, action: 'revealed', procedure: 'secrets.attachment' } }
          } finally {
            content.fill(0)
          }
        })
        context.changed('secrets')
        return shown
      },
    },

    'secrets.saveAttachment': {
      facts: (db, { attachmentId }) => factsOfFile(db, attachmentId, 'Write a file of a secret outside the vault', 'no'),
      async task(context, { attachmentId }) {
        const { database } = context
        const { name } = database.write((w) => visible(w, context, attachmentId))
        /** Nothing is read before the dialog was answered, and nothing leaves before the reveal is committed. */
        function* content(): Generator<Buffer> {
          const row = settleReveal(context, deps, (w) => {
            const found = visible(w, context, attachmentId)
            const use = { secretId: found.secretId, action: 'revealed', procedure: 'secrets.saveAttachment' } as const
            return { output: { saved: true, row: found }, use }
          }).row
          yield* readAttachment(database.read, items, row)
        }
        const saved = await deps.dialogs().save(name, content())
        context.changed('secrets')
        return { saved }
      },
    },

    'secrets.detach': {
      recall,
      facts: (db, { attachmentId }) => factsOfFile(db, attachmentId, 'Remove a file of a secret for good', 'no'),
      async task(context, { attachmentId }) {
        const { database } = context
        const shown = database.write((w) => {
          const { secretId } = getAttachment(w, attachmentId)
          context.note({ ...itemNote(items.liveHead(w, secretId)), attachmentId })
          removeAttachment(w, attachmentId)
          items.recordUse(w, { ...actOf(context, 'secrets.detach'), secretId, action: 'changed' })
          const secret = presentSecret(w, items, secretId)
          context.settle(w, secret)
          return secret
        })
        context.changed('secrets')
        await deleteRemovedFiles(database)
        return shown
      },
    },
  }
}
