import { Button, Drawer } from '@mantine/core'
import { IconEdit, IconFilePlus } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import type { Customer } from '../../../shared/contract/customers'
import { placeLines } from '../../../shared/domain/placeLines'
import { useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { askToLeave, useLeaveGuard } from '../../app/leaving'
import { Facts } from '../../components/Facts'
import { Monogram } from '../../components/Monogram'
import { ErrorState, LoadingRows } from '../../components/States'
import { countryName } from '../businesses/places'
import { InvoiceRows } from '../invoices/InvoiceRows'
import { CustomerForm } from './CustomerForm'
import styles from './customers.module.css'
import { words } from './words'

interface CustomerDrawerProps {
  /** An id, "new", or undefined for closed. */
  readonly customerId: string | undefined
  readonly onClose: () => void
  readonly onOpen: (customerId: string) => void
}

/** One customer beside the list: who they are, what they owe, their invoices. */
export function CustomerDrawer({ customerId, onClose, onOpen }: CustomerDrawerProps) {
  const dirty = useRef(false)
  const setDirty = (now: boolean) => {
    dirty.current = now
  }
  useLeaveGuard(async () => {
    if (dirty.current && !(await askToLeave(words.leaveText))) return false
    dirty.current = false
    return true
  })
  return (
    <Drawer
      opened={customerId !== undefined}
      onClose={onClose}
      title={customerId === 'new' ? words.add : words.one}
      lockScroll={false}
      size={520}
    >
      {customerId === 'new' ? (
        <CustomerForm customer={null} onCancel={onClose} onSaved={(customer) => onOpen(customer.id)} onDirty={setDirty} />
      ) : customerId !== undefined ? (
        <CustomerDetails key={customerId} customerId={customerId} onDirty={setDirty} />
      ) : null}
    </Drawer>
  )
}

function CustomerDetails({ customerId, onDirty }: { readonly customerId: string; readonly onDirty: (dirty: boolean) => void }) {
  const [editing, setEditing] = useState(false)
  const customer = useRead('customers.get', { customerId })
  if (customer.isPending) return <LoadingRows rows={4} />
  if (customer.isError)
    return <ErrorState what={words.one} error={customer.error} onRetry={() => void customer.refetch()} compact />
  const stop = () => {
    onDirty(false)
    setEditing(false)
  }
  if (editing) return <CustomerForm customer={customer.data} onCancel={stop} onSaved={stop} onDirty={onDirty} />
  return <CustomerFacts customer={customer.data} onEdit={() => setEditing(true)} />
}

function CustomerFacts({ customer, onEdit }: { readonly customer: Customer; readonly onEdit: () => void }) {
  const business = useBusiness()
  const navigate = useNavigate()
  const invoices = useRead('invoices.list', { businessId: business.id, customerId: customer.id, limit: 20 })
  const address = customer.address
  const lines = address ? [address.line1, address.line2, ...placeLines(address), countryName(address.country)] : []
  return (
    <>
      <div className={styles.head}>
        <Monogram id={customer.id} name={customer.name} />
        <h2>{customer.name}</h2>
      </div>
      <Facts
        items={[
          [words.email, customer.email],
          address ? [words.address, lines.filter((line) => line).map((line) => <div key={line}>{line}</div>)] : null,
        ]}
      />
      <div className={styles.buttons}>
        <Button
          leftSection={<IconFilePlus size={15} />}
          onClick={() => void navigate({ to: '/invoices/new', search: { customer: customer.id } })}
        >
          {words.newInvoice}
        </Button>
        <Button variant="default" leftSection={<IconEdit size={15} />} onClick={onEdit}>
          {words.edit}
        </Button>
      </div>
      <section className={styles.part}>
        <div className={styles.partHead}>
          <h3>{words.invoices}</h3>
          <Link to="/invoices" search={{ customer: customer.id }}>
            {words.allInvoices}
          </Link>
        </div>
        <InvoiceRows query={invoices} empty={words.noInvoices} />
      </section>
    </>
  )
}
