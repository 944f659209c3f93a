import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { callShell } from '../../api/bridge'
import { csvLine, pieces } from '../../components/table/csv'
import { toast } from '../../components/toasts'
import { words } from './words'

interface SaveCsvProps {
  /** Without its ending; letters, digits, spaces, points and hyphens. */
  readonly fileName: string
  readonly lines: () => readonly (readonly string[])[]
  readonly disabled?: boolean
}

const pieceSize = 200_000

/** Writes a statement as it stands on screen to a file that the owner chooses. */
export function SaveCsv({ fileName, lines, disabled = false }: SaveCsvProps) {
  const [saving, setSaving] = useState(false)
  const save = async () => {
    setSaving(true)
    try {
      if (await saveText(`${fileName}.csv`, lines().map(csvLine).join(''))) toast.done(words.export.savedStatement)
    } catch (error) {
      toast.failed(words.export.notSaved, error)
    } finally {
      setSaving(false)
    }
  }
  return (
    <Button
      variant="default"
      leftSection={<IconDownload size={15} />}
      loading={saving}
      disabled={disabled}
      onClick={() => void save()}
    >
      {words.export.saveCsv}
    </Button>
  )
}

/** @returns false when the dialog was cancelled. A save that fails leaves no file. */
async function saveText(suggestedName: string, text: string): Promise<boolean> {
  const { saveId } = await callShell('shell.beginSave', { suggestedName, mediaType: 'text/csv' })
  if (saveId === null) return false
  let written = false
  try {
    for (const piece of pieces(text, pieceSize)) await callShell('shell.appendSave', { saveId, text: piece })
    written = true
  } finally {
    await callShell('shell.endSave', { saveId, discard: !written })
  }
  return true
}
