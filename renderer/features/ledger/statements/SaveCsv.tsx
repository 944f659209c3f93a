import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { csvLine } from '../../../../shared/domain/csv'
import { saveFile } from '../../../components/saveFile'
import { toast } from '../../../components/toasts'
import { words } from './words'

interface SaveCsvProps {
  /** Without its ending; letters, digits, spaces, points and hyphens. */
  readonly fileName: string
  readonly lines: () => readonly (readonly string[])[]
  readonly disabled?: boolean
}

/** Writes a statement as it stands on screen to a file that the owner chooses. */
export function SaveCsv({ fileName, lines, disabled = false }: SaveCsvProps) {
  const [saving, setSaving] = useState(false)
  const save = async () => {
    setSaving(true)
    try {
      const saved = await saveFile({ suggestedName: `${fileName}.csv`, mediaType: 'text/csv' }, async (append) => {
        await append(lines().map(csvLine).join(''))
        return true
      })
      if (saved) toast.done(words.savedStatement)
    } catch (error) {
      toast.failed(words.notSaved, error)
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
      {words.saveCsv}
    </Button>
  )
}
