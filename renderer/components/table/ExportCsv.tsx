import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { callShell } from '../../api/bridge'
import { type Filter, type ListName, type RowOf, readPage } from '../../api/pages'
import { toast } from '../toasts'
import { words } from '../words'
import type { Column } from './column'
import { csvLine, pieces } from './csv'

interface ExportCsvProps<N extends ListName> {
  readonly name: N
  readonly filter: Filter<N>
  readonly columns: readonly Column<RowOf<N>>[]
  readonly fileName: string
}

const pieceSize = 200_000

/** Writes the whole list, filters applied, to a file that the owner chooses; pages are read anew so that the file is one state. */
export function ExportCsv<N extends ListName>({ name, filter, columns, fileName }: ExportCsvProps<N>) {
  const [rows, setRows] = useState<number | null>(null)
  const aborter = useRef<AbortController | null>(null)
  useEffect(() => () => aborter.current?.abort(), [])

  const run = async () => {
    const own = new AbortController()
    aborter.current = own
    try {
      const { saveId } = await callShell('shell.beginSave', { suggestedName: fileName, mediaType: 'text/csv' })
      if (saveId === null) return
      setRows(0)
      const count = await writeRows({ name, filter, columns, saveId, signal: own.signal, onRows: setRows })
      if (count === null) toast.done(words.exportCancelled)
      else toast.done(words.exported(count))
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
    <Button variant="default" leftSection={<IconDownload size={15} />} onClick={() => void run()}>
      {words.exportCsv}
    </Button>
  )
}

interface WriteRows<N extends ListName> {
  readonly name: N
  readonly filter: Filter<N>
  readonly columns: readonly Column<RowOf<N>>[]
  readonly saveId: string
  readonly signal: AbortSignal
  readonly onRows: (rows: number) => void
}

/** Writes all pages; answers the number of rows, or null when it was stopped. A failed or stopped save leaves no file. */
async function writeRows<N extends ListName>({
  name,
  filter,
  columns,
  saveId,
  signal,
  onRows,
}: WriteRows<N>): Promise<number | null> {
  const exported = columns.flatMap((column) => (column.csv ? [{ head: column.head, csv: column.csv }] : []))
  let finished = false
  let count = 0
  try {
    let text = csvLine(exported.map((column) => column.head))
    let cursor: string | null = null
    do {
      if (signal.aborted) return null
      const page: { items: readonly RowOf<N>[]; nextCursor: string | null } = await readPage(name, filter, cursor)
      for (const row of page.items) text += csvLine(await Promise.all(exported.map((column) => column.csv(row))))
      for (const piece of pieces(text, pieceSize)) await callShell('shell.appendSave', { saveId, text: piece })
      text = ''
      count += page.items.length
      onRows(count)
      cursor = page.nextCursor
    } while (cursor !== null)
    finished = true
    return count
  } finally {
    await callShell('shell.endSave', { saveId, discard: !finished })
  }
}
