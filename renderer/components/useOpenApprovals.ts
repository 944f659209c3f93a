import { useNavigate } from '@tanstack/react-router'
import type { ToastAction } from './toasts'
import { words } from './words'

/** The step that a toast offers about what waits for approval: to go there. */
export function useOpenApprovals(): ToastAction {
  const navigate = useNavigate()
  return { label: words.openApprovals, run: () => void navigate({ to: '/approvals' }) }
}
