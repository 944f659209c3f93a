import {
  IconBook2,
  IconCash,
  IconFileInvoice,
  IconHistory,
  IconHome,
  type IconProps,
  IconRubberStamp,
  IconSettings,
  IconShieldLock,
  IconUsers,
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import { words } from './words'

interface Screen {
  readonly id: keyof typeof words.screens
  readonly to: '/' | '/invoices' | '/payments' | '/customers' | '/approvals' | '/ledger' | '/vault' | '/activity' | '/settings'
  readonly label: string
  readonly icon: ComponentType<IconProps>
  /** Second key after G. */
  readonly key: string
}

/** The main screens in the order of the navigation. */
export const screens: readonly Screen[] = [
  { id: 'today', to: '/', label: words.screens.today, icon: IconHome, key: 't' },
  { id: 'invoices', to: '/invoices', label: words.screens.invoices, icon: IconFileInvoice, key: 'i' },
  { id: 'payments', to: '/payments', label: words.screens.payments, icon: IconCash, key: 'p' },
  { id: 'customers', to: '/customers', label: words.screens.customers, icon: IconUsers, key: 'c' },
  { id: 'approvals', to: '/approvals', label: words.screens.approvals, icon: IconRubberStamp, key: 'a' },
  { id: 'ledger', to: '/ledger', label: words.screens.ledger, icon: IconBook2, key: 'l' },
  { id: 'vault', to: '/vault', label: words.screens.vault, icon: IconShieldLock, key: 'k' },
  { id: 'activity', to: '/activity', label: words.screens.activity, icon: IconHistory, key: 'v' },
  { id: 'settings', to: '/settings', label: words.screens.settings, icon: IconSettings, key: 's' },
]
