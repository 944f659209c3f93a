import { IconCheck } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { BrandMark } from '../../components/BrandMark'
import styles from './vault.module.css'
import { words } from './words'

/** The two halves of the first screens: what this is, and what to do now. */
export function VaultPane({ children }: { readonly children: ReactNode }) {
  return (
    <div className={styles.pane}>
      <aside className={styles.about}>
        <div className={styles.brand}>
          <BrandMark size={36} />
          <span>{words.product}</span>
        </div>
        <div className={styles.claim}>
          <p className={styles.claimTitle}>{words.claim}</p>
          <p className={styles.claimText}>{words.claimText}</p>
          <ul className={styles.points}>
            {words.points.map((point) => (
              <li key={point}>
                <IconCheck size={15} stroke={2.2} aria-hidden="true" />
                {point}
              </li>
            ))}
          </ul>
        </div>
        <div className={styles.rules} aria-hidden="true" />
      </aside>
      <main className={styles.act}>
        <div className={styles.column}>{children}</div>
      </main>
    </div>
  )
}

/** What one of the first screens asks, and a line about it. */
export function PaneHead({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <>
      <h1 className={styles.title}>{title}</h1>
      <p className={styles.note}>{children}</p>
    </>
  )
}

/** Another way on, under what the screen asks for. */
export function QuietAction({ onClick, children }: { readonly onClick: () => void; readonly children: ReactNode }) {
  return (
    <button type="button" className={styles.quietAction} onClick={onClick}>
      {children}
    </button>
  )
}
