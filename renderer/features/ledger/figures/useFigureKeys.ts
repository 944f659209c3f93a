import { type KeyboardEvent, useRef } from 'react'
import { useShortcut } from '../../../app/shortcuts'
import { words } from './words'

const figures = 'td a, td button, th a, th button'

/** Arrow keys move between the figures of a table, J and K go down and up its rows; Enter follows the one in hand. */
export function useFigureKeys() {
  const table = useRef<HTMLDivElement>(null)
  const inHand = () => {
    const active = document.activeElement
    return active instanceof HTMLElement && table.current?.contains(active) ? active : null
  }
  const moveRow = (direction: -1 | 1) => {
    const from = inHand()
    const target = from ? inColumn(from, direction) : table.current?.querySelector<HTMLElement>(figures)
    take(target)
  }
  useShortcut('j', words.nextRow, () => moveRow(1))
  useShortcut('k', words.previousRow, () => moveRow(-1))
  const onKeyDown = (event: KeyboardEvent) => {
    const from = inHand()
    if (!from || event.ctrlKey || event.metaKey || event.altKey) return
    const moves: Readonly<Record<string, () => HTMLElement | null>> = {
      ArrowDown: () => inColumn(from, 1),
      ArrowUp: () => inColumn(from, -1),
      ArrowRight: () => inRow(from, 1),
      ArrowLeft: () => inRow(from, -1),
    }
    const move = moves[event.key]
    if (!move) return
    event.preventDefault()
    take(move())
  }
  return { ref: table, onKeyDown }
}

function take(target: HTMLElement | null | undefined): void {
  target?.focus({ preventScroll: true })
  target?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
}

/** The figure in the same column of the next row that has one; where it has none there, the row's first. */
function inColumn(from: HTMLElement, direction: -1 | 1): HTMLElement | null {
  const cell = from.closest<HTMLTableCellElement>('td, th')
  const rows = [...(from.closest('table')?.rows ?? [])]
  const own = rows.findIndex((row) => row.contains(from))
  for (let at = own + direction; rows[at]; at += direction) {
    const row = rows[at]
    const same = row?.cells[cell?.cellIndex ?? 0]?.querySelector<HTMLElement>('a, button')
    const found = same ?? row?.querySelector<HTMLElement>(figures)
    if (found) return found
  }
  return null
}

function inRow(from: HTMLElement, direction: -1 | 1): HTMLElement | null {
  const own = [...(from.closest('tr')?.querySelectorAll<HTMLElement>('a, button') ?? [])]
  return own[own.indexOf(from) + direction] ?? null
}
