import { useLocation } from '@tanstack/react-router'

/** A place on the way to where the reader is, to go back to. */
export interface Crumb {
  readonly label: string
  readonly href: string
}

type Trail = readonly Crumb[]

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** The figures that were followed to this place, the first one first. */
    trail?: Trail
  }
}

const longest = 4

/** A trail with one place more; a place that is on it already ends it there. */
export function followed(trail: Trail, here: Crumb): Trail {
  const at = trail.findIndex((crumb) => crumb.href === here.href)
  return [...(at === -1 ? trail : trail.slice(0, at)), here].slice(-longest)
}

/** The places that were followed to the one in view. */
export function useTrail(): Trail {
  return useLocation({ select: (location) => location.state.trail }) ?? none
}

const none: Trail = []

/** History state for a link from the place in view, under the name `label`. */
export function useFollow(label: string): { readonly trail: Trail } {
  const trail = useTrail()
  const href = useLocation({ select: (location) => location.href })
  return { trail: followed(trail, { label, href }) }
}
