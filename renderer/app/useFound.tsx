import { IconFileInvoice, IconUser } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useRead } from '../api/queries'
import { moneyText } from '../components/format'
import { knownCustomerName } from '../features/customers/customerNames'
import { invoiceTitle } from '../features/invoices/invoiceTitle'
import { invoiceWord } from '../features/invoices/words'
import { KindIcon } from '../features/secrets/KindIcon'
import { useBusiness } from './BusinessProvider'
import type { Command } from './useCommands'

const most = 6

/** Invoices, customers and items of the vault that fit the text, as commands that open them. */
export function useFound(text: string): readonly Command[] {
  const business = useBusiness()
  const navigate = useNavigate()
  const enabled = text.length >= 2
  const settings = { enabled, keepPrevious: true }
  const invoices = useRead('invoices.list', { businessId: business.id, query: text, limit: most }, settings)
  const customers = useRead('customers.list', { businessId: business.id, query: text, limit: most }, settings)
  const secrets = useRead('secrets.list', { businessId: business.id, withVault: true, query: text, limit: most }, settings)
  if (!enabled) return []
  const foundInvoices = (invoices.data?.items ?? []).map<Command>((invoice) => ({
    id: invoice.id,
    group: 'Invoices',
    label: [invoiceTitle(invoice), knownCustomerName(invoice.customerId)].filter((part) => part !== '').join(' · '),
    hint: `${moneyText(invoice.total)} · ${invoiceWord(invoice)}`,
    icon: <IconFileInvoice size={17} stroke={1.7} />,
    run: () => void navigate({ to: '/invoices/$invoiceId', params: { invoiceId: invoice.id } }),
  }))
  const foundCustomers = (customers.data?.items ?? []).map<Command>((customer) => ({
    id: customer.id,
    group: 'Customers',
    label: customer.name,
    hint: customer.email,
    icon: <IconUser size={17} stroke={1.7} />,
    run: () => void navigate({ to: '/customers', search: { customer: customer.id } }),
  }))
  const foundSecrets = (secrets.data?.items ?? []).map<Command>((item) => ({
    id: item.id,
    group: 'Vault',
    label: item.title,
    ...(item.hint === null ? {} : { hint: item.hint }),
    icon: <KindIcon kind={item.kind} />,
    run: () => void navigate({ to: '/vault/$secretId', params: { secretId: item.id } }),
  }))
  return [...foundInvoices, ...foundCustomers, ...foundSecrets]
}
