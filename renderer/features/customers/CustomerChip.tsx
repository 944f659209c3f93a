import { Button } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { CustomerName } from './customerNames'
import { words } from './words'

interface CustomerChipProps {
  readonly customerId: string
  readonly onClear: () => void
}

/** The customer that a list is narrowed to; a press shows all of them again. */
export function CustomerChip({ customerId, onClear }: CustomerChipProps) {
  return (
    <Button variant="light" size="xs" rightSection={<IconX size={13} />} aria-label={words.clear} onClick={onClear}>
      <CustomerName customerId={customerId} />
    </Button>
  )
}
