import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { csvLine } from '../../../shared/domain/csv'
import { type Filter, type ListName, type RowOf, readPage } from '../../api/pages'
import { saveFile } from '../saveFile'
import { toast } from '../toasts'
import { words } from '../words'
import type { Column } from './column'

interface ExportCsvProps<N extends ListName> {
  readonly name: N
  readonly filter: Filter<N>
  readonly columns: readonly Column<RowOf<N>>[]
  readonly fileName: string
  /** What the button says, where a list is exported in other ways too. */
  readonly label?: string
  /** The list is known to be empty: there is nothing to write. */
  readonly disabled?: boolean
}

/** Writes the whole list, filters applied, to a file that the owner chooses; pages are read anew so that the file is one state. */
export function ExportCsv<N extends ListName>({
  name,
  filter,
  columns,
  fileName,
  label = words.exportCsv,
  disabled = false,
}: ExportCsvProps<N>) {
  const [rows, setRows] = useState<number | null>(null)
  const aborter = useRef<AbortController | null>(null)
  useEffect(() => () => aborter.current?.abort(), [])

  const run = async () => {
    const own = new AbortController()
    aborter.current = own
    try {
      let count = 0
      const saved = await saveFile({ suggestedName: fileName, mediaType: 'text/csv' }, async (append) => {
        setRows(0)
        const onRows = (rows: number) => {
          count = rows
          setRows(rows)
        }
        return await writeRows({ name, filter, columns, append, signal: own.signal, onRows })
      })
      if (saved === false) toast.done(words.exportCancelled)
      else if (saved) toast.done(words.exported(count))
    } catch (error) {
      toast.failed(words.exportFailed, error)
    } finally {
      aborter.current = null
      setRows(null)
    }
  }

  if (rows !== null) {
    return (
      <Button variant="default" onClick={() => aborter.current?.abort()} aria-live="polite">
        {words.exporting(rows)} · {words.stop}
      </Button>
    )
  }
  return (
    <Button variant="default" leftSection={<IconDownload size={15} />} disabled={disabled} onClick={() => void run()}>
      {label}
    </Button>
  )
}

interface WriteRows<N extends ListName> {
  readonly name: N
  readonly filter: Filter<N>
  readonly columns: readonly Column<RowOf<N>>[]
  readonly append: (text: string) => Promise<void>
  readonly signal: AbortSignal
  /** Hears how many rows are written. */
  readonly onRows: (rows: number) => void
}

/** Writes all pages; answers false when it was stopped. */
async function writeRows<N extends ListName>({ name, filter, columns, append, signal, onRows }: WriteRows<N>): Promise<boolean> {
  const exported = columns.flatMap((column) => (column.csv ? [{ head: column.head, csv: column.csv }] : []))
  let text = csvLine(exported.map((column) => column.head))
  let count = 0
  let cursor: string | null = null
  do {
    if (signal.aborted) return false
    const page: { items: readonly RowOf<N>[]; nextCursor: string | null } = await readPage(name, filter, cursor)
    for (const row of page.items) text += csvLine(await Promise.all(exported.map((column) => column.csv(row))))
    await append(text)
    text = ''
    count += page.items.length
    onRows(count)
    cursor = page.nextCursor
  } while (cursor !== null)
  return true
}
