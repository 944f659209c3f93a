import { IconChevronDown } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import styles from './Fold.module.css'
import { FormStack } from './FormStack'

interface FoldProps {
  readonly title: string
  /** What is inside, or how much of it is set. */
  readonly note: string
  /** Open from the start: something inside is set already. */
  readonly startsOpen: boolean
  /** Something inside is wrong: it stays in view until that is mended. */
  readonly wrong?: boolean
  readonly children: ReactNode
}

/** Fields that most people leave alone, folded away until they are wanted. */
export function Fold({ title, note, startsOpen, wrong = false, children }: FoldProps) {
  const [unfolded, setUnfolded] = useState(startsOpen)
  const open = unfolded || wrong
  return (
    <section>
      <button type="button" className={styles.fold} aria-expanded={open} onClick={() => setUnfolded(!open)}>
        <IconChevronDown size={15} data-open={open || undefined} aria-hidden="true" />
        {title}
        <span className={styles.note}>{note}</span>
      </button>
      {open ? (
        <div className={styles.inside}>
          <FormStack>{children}</FormStack>
        </div>
      ) : null}
    </section>
  )
}
