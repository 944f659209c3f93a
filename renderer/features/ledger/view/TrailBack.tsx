import { IconChevronRight } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import { Fragment, type MouseEvent } from 'react'
import { words as common } from '../words'
import { type Crumb, useTrail } from './trail'
import styles from './view.module.css'

/** The way back to where a figure was followed from; nothing when the reader came by a tab. */
export function TrailBack() {
  const trail = useTrail()
  if (trail.length === 0) return null
  return (
    <nav aria-label={common.wayBack} className={styles.trail}>
      <Crumbs trail={trail} />
    </nav>
  )
}

/** The places of a trail as links; each leads back with the trail as it was there. */
export function Crumbs({ trail }: { readonly trail: readonly Crumb[] }) {
  const router = useRouter()
  return trail.map((crumb, at) => (
    <Fragment key={crumb.href}>
      {at > 0 ? <IconChevronRight size={13} aria-hidden="true" /> : null}
      <a
        href={crumb.href}
        onClick={(event: MouseEvent) => {
          event.preventDefault()
          router.history.push(crumb.href, { trail: trail.slice(0, at) })
        }}
      >
        {crumb.label}
      </a>
    </Fragment>
  ))
}
