import { useRouter } from '@tanstack/react-router'
import { createContext, type MouseEvent, type ReactNode, useCallback, useContext } from 'react'
import { useFollow } from './trail'

type Open = (event: MouseEvent<HTMLAnchorElement>) => void

const FollowContext = createContext<Open>((event) => event.preventDefault())

/** Links of figures inside remember this place, under its name, as the way back. One for a whole table: a link per cell would be slow. */
export function Follow({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  const router = useRouter()
  const state = useFollow(label)
  const trail = JSON.stringify(state.trail)
  const open = useCallback<Open>(
    (event) => {
      const href = event.currentTarget.getAttribute('href')
      if (href === null || event.metaKey || event.ctrlKey || event.shiftKey) return
      event.preventDefault()
      router.history.push(href, { trail: JSON.parse(trail) })
    },
    [router, trail],
  )
  return <FollowContext value={open}>{children}</FollowContext>
}

interface FollowLinkProps {
  readonly href: string
  readonly className?: string | undefined
  readonly label?: string | undefined
  readonly children: ReactNode
}

/** A link onwards that keeps the trail. Only inside Follow. */
export function FollowLink({ href, className, label, children }: FollowLinkProps) {
  const open = useContext(FollowContext)
  return (
    <a href={href} className={className} onClick={open} {...(label === undefined ? {} : { 'aria-label': label })}>
      {children}
    </a>
  )
}
