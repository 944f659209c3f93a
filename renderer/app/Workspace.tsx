import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { RouterProvider } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { makeRouter } from './router'
import { useIdleActivity } from './useIdleActivity'

/** The working window of an open vault. Its history lives in memory only, and ends with the page when the vault is locked. */
export function Workspace() {
  const [router] = useState(makeRouter)
  useIdleActivity()
  // Dialogs and toasts hang outside this tree and must not outlive the open vault.
  useEffect(
    () => () => {
      modals.closeAll()
      notifications.clean()
    },
    [],
  )
  return <RouterProvider router={router} />
}
