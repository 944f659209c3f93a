import type { Handlers, TaskContext } from '../dispatch/handler'
import type { FileDialogs } from '../ports/fileDialogs'
import { exportJournal } from './export/exportJournal'
import type { ImportRequest, LedgerImporter } from './import/importer'

export interface LedgerFileDeps {
  readonly importer: LedgerImporter
  /** @throws AppError where there is no screen */
  readonly dialogs: () => FileDialogs
  readonly onProgress: (
    businessId: string,
    progress: { readonly lines: number; readonly bytes: number; readonly totalBytes: number },
  ) => void
}

/** Import and export through files that the owner chooses at this machine. */
export function ledgerFileHandlers(
  deps: LedgerFileDeps,
): Handlers<'ledger.importFile' | 'ledger.cancelImport' | 'ledger.saveExport'> {
  return {
    'ledger.importFile': {
      task: async (context: TaskContext, { businessId }) => {
        const file = await deps.dialogs().openForReading({ title: 'Import journal entries', extensions: ['ndjson', 'jsonl'] })
        if (file === null) return null
        const { now, signal } = context
        const onPublished: ImportRequest['onPublished'] = (w, record) => {
          context.note({ businessId, ...record })
          context.settle(w, { imported: record.imported, skipped: record.skipped })
        }
        const onProgress = (progress: { lines: number; bytes: number }) =>
          deps.onProgress(businessId, { ...progress, totalBytes: file.totalBytes })
        const counts = await deps.importer.importStream({ businessId, chunks: file.chunks, now, signal, onProgress, onPublished })
        context.changed('ledger')
        return counts
      },
    },
    'ledger.cancelImport': {
      task: async (context, { businessId }) => {
        const cancelled = deps.importer.cancel(businessId)
        context.note({ businessId, cancelled })
        return { cancelled }
      },
    },
    'ledger.saveExport': {
      task: async (context, { businessId, format }) => {
        const { fileName, chunks } = exportJournal(context.database.read, businessId, format)
        const saved = await deps.dialogs().save(fileName, chunks)
        context.note({ businessId, format, saved })
        return { saved }
      },
    },
  }
}
