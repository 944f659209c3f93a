import { modals } from '@mantine/modals'
import { notifications } from '@mantine/notifications'
import { RouterProvider } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useWorkplace } from './BusinessProvider'
import { makeRouter } from './router'
import { useIdleActivity } from './useIdleActivity'

/** The working window of an open vault. */
export function Workspace() {
  const { business, start } = useWorkplace()
  useIdleActivity()
  // Dialogs and toasts hang outside this tree and must not outlive the open vault.
  useEffect(
    () => () => {
      modals.closeAll()
      notifications.clean()
    },
    [],
  )
  return <Pages key={business.id} start={start} />
}

/** The screens of one business. Their history lives in memory only, and ends with the business in view and with a lock. */
function Pages({ start }: { readonly start: string }) {
  const [router] = useState(() => makeRouter(start))
  return <RouterProvider router={router} />
}
