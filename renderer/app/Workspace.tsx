import { RouterProvider } from '@tanstack/react-router'
import { useState } from 'react'
import { makeRouter } from './router'
import { useIdleActivity } from './useIdleActivity'

/** The working window of an open vault. Its history lives in memory only, and ends with the page when the vault is locked. */
export function Workspace() {
  const [router] = useState(makeRouter)
  useIdleActivity()
  return <RouterProvider router={router} />
}
