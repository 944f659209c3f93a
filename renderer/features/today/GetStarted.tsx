import { IconCheck } from '@tabler/icons-react'
import { Link, type LinkProps } from '@tanstack/react-router'
import { useState } from 'react'
import { useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import styles from './started.module.css'
import { words } from './words'

interface Step {
  readonly label: string
  readonly note: string | null
  readonly done: boolean
  readonly link: Pick<LinkProps, 'to' | 'params' | 'search'> | null
}

/** The way to the first payment; every step makes the real object, and what exists is ticked by itself. */
export function GetStarted() {
  const business = useBusiness()
  const businessId = business.id
  const [hidden, setHidden] = useState(false)
  const integrations = useRead('integrations.list', { businessId })
  const customers = useRead('customers.list', { businessId, limit: 1 })
  const invoices = useRead('invoices.list', { businessId, limit: 50 })
  if (hidden || !integrations.data || !customers.data || !invoices.data) return null
  const written = invoices.data.items.filter((invoice) => invoice.status !== 'void')
  const sent = written.filter((invoice) => invoice.status !== 'draft')
  const draft = written.find((invoice) => invoice.status === 'draft')
  const steps: readonly Step[] = [
    { label: words.start.business, note: business.name, done: true, link: null },
    {
      label: words.start.connect,
      note: words.start.connectNote,
      done: integrations.data.items.some((item) => item.state !== 'not_connected'),
      link: { to: '/settings/$section', params: { section: 'integrations' } },
    },
    {
      label: words.start.customer,
      note: words.start.customerNote,
      done: customers.data.items.length > 0,
      link: { to: '/customers', search: { customer: 'new' } },
    },
    {
      label: words.start.invoice,
      note: words.start.invoiceNote,
      done: written.length > 0,
      link: { to: '/invoices/new', search: {} },
    },
    {
      label: words.start.send,
      note: words.start.sendNote,
      done: sent.length > 0,
      link: draft ? { to: '/invoices/$invoiceId', params: { invoiceId: draft.id } } : null,
    },
    { label: words.start.paid, note: words.start.paidNote, done: false, link: null },
  ]
  const next = steps.findIndex((step) => !step.done && step.link !== null)
  return (
    <section className={styles.start} aria-label={words.start.title}>
      <div className={styles.head}>
        <div>
          <h2>{words.start.title}</h2>
          <p>{words.start.note(steps.filter((step) => step.done).length, steps.length)}</p>
        </div>
        <button type="button" className={styles.hide} onClick={() => setHidden(true)}>
          {words.start.hide}
        </button>
      </div>
      <ol className={styles.steps}>
        {steps.map((step, index) => (
          <li key={step.label} data-done={step.done || undefined} data-next={index === next || undefined}>
            <span className={styles.tick} aria-hidden="true">
              {step.done ? <IconCheck size={14} stroke={2.4} /> : index + 1}
            </span>
            <span className={styles.texts}>
              {step.link && !step.done ? (
                <Link {...step.link} className={styles.label}>
                  {step.label}
                </Link>
              ) : (
                <span className={styles.label}>{step.label}</span>
              )}
              {step.note ? <span className={styles.note}>{step.note}</span> : null}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
