import type { ReactNode } from 'react'
import styles from './Page.module.css'

interface PageProps {
  readonly title: ReactNode
  /** One line under the title: what this page is or where its figures end. */
  readonly note?: ReactNode
  /** The way back, above the title. */
  readonly back?: ReactNode
  readonly actions?: ReactNode
  /** Filters and search, fixed above the content. */
  readonly toolbar?: ReactNode
  /** The content fills the page and scrolls by itself (tables). */
  readonly fill?: boolean
  readonly children: ReactNode
}

/** The sheet of one screen: head, optional toolbar, content. */
export function Page({ title, note, back, actions, toolbar, fill = false, children }: PageProps) {
  return (
    <section className={styles.page} data-fill={fill || undefined}>
      <div className={styles.head}>
        <div className={styles.titles}>
          {back ? <div className={styles.back}>{back}</div> : null}
          <h1 className={styles.title}>{title}</h1>
          {note ? <div className={styles.note}>{note}</div> : null}
        </div>
        {actions ? <div className={styles.actions}>{actions}</div> : null}
      </div>
      {toolbar ? <div className={styles.toolbar}>{toolbar}</div> : null}
      <div className={styles.content}>{children}</div>
    </section>
  )
}

interface SectionProps {
  readonly title: ReactNode
  readonly note?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** A titled part of a page, set off by a hairline. */
export function Section({ title, note, actions, children }: SectionProps) {
  return (
    <section className={styles.section}>
      <div className={styles.sectionHead}>
        <div>
          <h2 className={styles.sectionTitle}>{title}</h2>
          {note ? <div className={styles.sectionNote}>{note}</div> : null}
        </div>
        {actions ? <div className={styles.actions}>{actions}</div> : null}
      </div>
      {children}
    </section>
  )
}
