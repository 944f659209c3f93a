import { Button } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { EmptyState } from '../../../components/States'
import { importWords as words } from './words'

interface ImportDoneProps {
  readonly imported: number
  readonly skipped: number
  readonly onRestart: () => void
}

/** The last step: what came in, and what to do with the file. */
export function ImportDone({ imported, skipped, onRestart }: ImportDoneProps) {
  const navigate = useNavigate()
  return (
    <EmptyState
      icon={<IconCheck size={22} stroke={1.8} />}
      title={words.doneTitle(imported)}
      action={
        <>
          <Button onClick={() => void navigate({ to: '/vault' })}>{words.toVault}</Button>
          <Button variant="default" onClick={onRestart}>
            {words.again}
          </Button>
        </>
      }
    >
      {skipped > 0 ? `${words.skipped(skipped)} ` : ''}
      {words.doneText}
    </EmptyState>
  )
}
