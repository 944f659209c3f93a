import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { z } from 'zod'
import { invoiceStatuses } from '../../shared/contract/invoices'
import { paymentStatuses } from '../../shared/contract/payments'
import { secretKind } from '../../shared/contract/secrets'
import { isoDate } from '../../shared/domain/dates'
import { id } from '../../shared/domain/ids'
import { TodayPage } from '../features/today/TodayPage'
import { Crashed, NotFound } from './Crashed'
import { Frame } from './Frame'

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound, errorComponent: Crashed })

const today = createRoute({ getParentRoute: () => root, path: '/', component: TodayPage })

const invoices = createRoute({
  getParentRoute: () => root,
  path: '/invoices',
  validateSearch: z.object({
    status: z.enum([...invoiceStatuses, 'overdue']).optional(),
    query: z.string().optional(),
    customer: z.string().optional(),
  }),
  component: lazyRouteComponent(() => import('../features/invoices/list/InvoicesPage'), 'InvoicesPage'),
})
const newInvoice = createRoute({
  getParentRoute: () => root,
  path: '/invoices/new',
  validateSearch: z.object({ customer: z.string().optional() }),
  component: lazyRouteComponent(() => import('../features/invoices/draft/NewInvoicePage'), 'NewInvoicePage'),
})
const invoice = createRoute({
  getParentRoute: () => root,
  path: '/invoices/$invoiceId',
  component: lazyRouteComponent(() => import('../features/invoices/invoice/InvoicePage'), 'InvoicePage'),
})
const editInvoice = createRoute({
  getParentRoute: () => root,
  path: '/invoices/$invoiceId/edit',
  component: lazyRouteComponent(() => import('../features/invoices/draft/EditInvoicePage'), 'EditInvoicePage'),
})

const payments = createRoute({
  getParentRoute: () => root,
  path: '/payments',
  validateSearch: z.object({
    query: z.string().optional(),
    status: z.enum(paymentStatuses).optional(),
    payment: z.string().optional(),
    customer: z.string().optional(),
  }),
  component: lazyRouteComponent(() => import('../features/payments/PaymentsPage'), 'PaymentsPage'),
})

const customers = createRoute({
  getParentRoute: () => root,
  path: '/customers',
  validateSearch: z.object({ customer: z.string().optional(), query: z.string().optional() }),
  component: lazyRouteComponent(() => import('../features/customers/CustomersPage'), 'CustomersPage'),
})

const approvals = createRoute({
  getParentRoute: () => root,
  path: '/approvals',
  validateSearch: z.object({ view: z.enum(['pending', 'decided']).optional(), approval: id.optional() }),
  component: lazyRouteComponent(() => import('../features/approvals/ApprovalsPage'), 'ApprovalsPage'),
})

const ledger = createRoute({
  getParentRoute: () => root,
  path: '/ledger',
  component: lazyRouteComponent(() => import('../features/ledger/LedgerPage'), 'LedgerPage'),
})
const ledgerHome = createRoute({
  getParentRoute: () => ledger,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/ledger/trial-balance' })
  },
})
const period = z.object({ from: isoDate.optional(), to: isoDate.optional() })
const day = z.object({ asOf: isoDate.optional() })
const trialBalance = createRoute({
  getParentRoute: () => ledger,
  path: '/trial-balance',
  validateSearch: day,
  component: lazyRouteComponent(() => import('../features/ledger/statements/TrialBalance'), 'TrialBalance'),
})
const incomeStatement = createRoute({
  getParentRoute: () => ledger,
  path: '/income-statement',
  validateSearch: period,
  component: lazyRouteComponent(() => import('../features/ledger/statements/IncomeStatement'), 'IncomeStatement'),
})
const balanceSheet = createRoute({
  getParentRoute: () => ledger,
  path: '/balance-sheet',
  validateSearch: day,
  component: lazyRouteComponent(() => import('../features/ledger/statements/BalanceSheet'), 'BalanceSheet'),
})
const journal = createRoute({
  getParentRoute: () => ledger,
  path: '/journal',
  validateSearch: period.extend({ account: z.string().optional() }),
  component: lazyRouteComponent(() => import('../features/ledger/journal/Journal'), 'Journal'),
})
const register = createRoute({
  getParentRoute: () => ledger,
  path: '/register',
  validateSearch: period.extend({ account: z.string().optional(), currency: z.string().optional() }),
  component: lazyRouteComponent(() => import('../features/ledger/register/Register'), 'Register'),
})
const accounts = createRoute({
  getParentRoute: () => ledger,
  path: '/accounts',
  component: lazyRouteComponent(() => import('../features/ledger/accounts/Accounts'), 'Accounts'),
})
const postEntry = createRoute({
  getParentRoute: () => root,
  path: '/ledger/post',
  validateSearch: z.object({ copy: id.optional() }),
  component: lazyRouteComponent(() => import('../features/ledger/post/PostEntryPage'), 'PostEntryPage'),
})
const entry = createRoute({
  getParentRoute: () => root,
  path: '/ledger/entries/$entryId',
  component: lazyRouteComponent(() => import('../features/ledger/entry/EntryPage'), 'EntryPage'),
})

const vault = createRoute({
  getParentRoute: () => root,
  path: '/vault',
  validateSearch: z.object({
    query: z.string().optional(),
    kind: secretKind.optional(),
    tag: z.string().optional(),
    view: z.enum(['all', 'due', 'bin']).optional(),
    everywhere: z.boolean().optional(),
  }),
  component: lazyRouteComponent(() => import('../features/secrets/list/VaultPage'), 'VaultPage'),
})
const newSecret = createRoute({
  getParentRoute: () => root,
  path: '/vault/new',
  validateSearch: z.object({ kind: secretKind.optional() }),
  component: lazyRouteComponent(() => import('../features/secrets/form/NewSecretPage'), 'NewSecretPage'),
})
const expiring = createRoute({
  getParentRoute: () => root,
  path: '/vault/expiring',
  validateSearch: z.object({ view: z.enum(['urgency', 'week']).optional() }),
  component: lazyRouteComponent(() => import('../features/secrets/expiring/ExpiringPage'), 'ExpiringPage'),
})
const access = createRoute({
  getParentRoute: () => root,
  path: '/vault/access',
  validateSearch: z.object({ view: z.enum(['active', 'all']).optional(), give: id.optional() }),
  component: lazyRouteComponent(() => import('../features/grants/AccessPage'), 'AccessPage'),
})
const importSecrets = createRoute({
  getParentRoute: () => root,
  path: '/vault/import',
  component: lazyRouteComponent(() => import('../features/secrets/transfer/ImportPage'), 'ImportPage'),
})
const secret = createRoute({
  getParentRoute: () => root,
  path: '/vault/$secretId',
  component: lazyRouteComponent(() => import('../features/secrets/item/SecretPage'), 'SecretPage'),
})
const editSecret = createRoute({
  getParentRoute: () => root,
  path: '/vault/$secretId/edit',
  component: lazyRouteComponent(() => import('../features/secrets/form/EditSecretPage'), 'EditSecretPage'),
})

const activity = createRoute({
  getParentRoute: () => root,
  path: '/activity',
  validateSearch: z.object({
    query: z.string().optional(),
    actor: z.string().optional(),
    procedure: z.string().optional(),
    seq: z.int().optional(),
    verify: z.boolean().optional(),
  }),
  component: lazyRouteComponent(() => import('../features/audit/ActivityPage'), 'ActivityPage'),
})

const settingsHome = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  beforeLoad: () => {
    throw redirect({ to: '/settings/$section', params: { section: 'business' } })
  },
})
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings/$section',
  component: lazyRouteComponent(() => import('../features/settings/SettingsPage'), 'SettingsPage'),
})

const routeTree = root.addChildren([
  today,
  invoices,
  newInvoice,
  invoice,
  editInvoice,
  payments,
  customers,
  approvals,
  ledger.addChildren([ledgerHome, trialBalance, incomeStatement, balanceSheet, journal, register, accounts]),
  postEntry,
  entry,
  vault,
  newSecret,
  expiring,
  access,
  importSecrets,
  secret,
  editSecret,
  activity,
  settingsHome,
  settings,
])

/**
 * The router of one business in view. Memory history: the browser keeps no list of what was looked at.
 * @param start where it begins
 */
export function makeRouter(start: string) {
  return createRouter({
    routeTree,
    history: createMemoryHistory({ initialEntries: [start] }),
    defaultErrorComponent: Crashed,
    defaultNotFoundComponent: NotFound,
    defaultPendingMs: 200,
    scrollRestoration: false,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
