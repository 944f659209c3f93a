import { Button } from '@mantine/core'
import { IconCompass } from '@tabler/icons-react'
import { type ErrorComponentProps, Link } from '@tanstack/react-router'
import { EmptyState } from '../components/States'
import { words } from './words'

/** A screen that threw: the frame stands, and nothing that was saved is gone. */
export function Crashed({ reset }: ErrorComponentProps) {
  return (
    <div role="alert">
      <EmptyState
        icon={<IconCompass size={22} stroke={1.6} />}
        title={words.crashed}
        action={<Button onClick={reset}>{words.reload}</Button>}
      >
        {words.crashedText}
      </EmptyState>
    </div>
  )
}

/** An address that leads nowhere. */
export function NotFound() {
  return (
    <EmptyState icon={<IconCompass size={22} stroke={1.6} />} title={words.notFound} action={<Link to="/">{words.goToday}</Link>}>
      {words.notFoundText}
    </EmptyState>
  )
}
