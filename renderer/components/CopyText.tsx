import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { callShell } from '../api/bridge'
import { toast } from './toasts'
import { words } from './words'

function useCopy(text: string, brief: boolean) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 1800)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = () => {
    callShell('shell.copyText', { text, brief }).then(
      () => setCopied(true),
      (error: unknown) => toast.failed(words.notCopied, error),
    )
  }
  return { copied, copy }
}

interface CopyProps {
  readonly text: string
  /** What is copied, for the label: "the payment link". */
  readonly label: string
  /** Taken off the clipboard after 10 seconds. */
  readonly brief?: boolean
}

/** Copies through the shell, so that locking can take it off the clipboard again. */
export function CopyIcon({ text, label, brief = false }: CopyProps) {
  const { copied, copy } = useCopy(text, brief)
  return (
    <Tooltip label={copied ? words.copied : label}>
      <ActionIcon onClick={copy} aria-label={label} aria-live="polite">
        {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
      </ActionIcon>
    </Tooltip>
  )
}

/** As CopyIcon, with words on it. */
export function CopyButton({ text, label, brief = false }: CopyProps) {
  const { copied, copy } = useCopy(text, brief)
  return (
    <Button variant="default" leftSection={copied ? <IconCheck size={15} /> : <IconCopy size={15} />} onClick={copy}>
      {copied ? words.copied : label}
    </Button>
  )
}
