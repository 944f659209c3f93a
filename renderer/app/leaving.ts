import { modals } from '@mantine/modals'
import { useBlocker } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { words } from './words'

type Guard = () => boolean | Promise<boolean>

const guards = new Set<{ readonly current: Guard }>()

/**
 * Asks before the page is left, by navigation as by a change of business, while the calling component is on screen.
 * @param guard answers whether the page may be left; it may ask the owner, or save first
 */
export function useLeaveGuard(guard: Guard): void {
  const latest = useRef(guard)
  useEffect(() => {
    latest.current = guard
  })
  useEffect(() => {
    guards.add(latest)
    return () => void guards.delete(latest)
  }, [])
  useBlocker({ enableBeforeUnload: false, shouldBlockFn: async () => !(await guard()) })
}

/** Whether every guard on screen lets the page be left. */
export async function mayLeave(): Promise<boolean> {
  for (const guard of guards) {
    if (!(await guard.current())) return false
  }
  return true
}

/**
 * Asks whether what is not saved may be lost; false too where the question is closed.
 * @param text what would be lost
 */
export function askToLeave(text: string): Promise<boolean> {
  return new Promise((resolve) => {
    modals.openConfirmModal({
      title: words.leaveTitle,
      children: text,
      labels: { confirm: words.leave, cancel: words.stay },
      confirmProps: { color: 'wax' },
      onConfirm: () => resolve(true),
      onCancel: () => resolve(false),
      onClose: () => resolve(false),
    })
  })
}
