import {
  IconBook2,
  IconCalendarDue,
  IconFileImport,
  IconFilePlus,
  IconKeyboard,
  IconLock,
  IconMoon,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlus,
  IconRefresh,
  IconSettings,
  IconShieldCheck,
  IconShieldLock,
  IconSun,
  IconUserPlus,
  IconUserShield,
} from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Theme } from '../../shared/contract/shell'
import { callShell } from '../api/bridge'
import { acceptShellState } from '../api/queries'
import { Monogram } from '../components/Monogram'
import { toast } from '../components/toasts'
import { words as grantWords } from '../features/grants/words'
import { syncNow } from '../features/integrations/syncNow'
import { ledgerTabs } from '../features/ledger/tabs'
import { usePause } from '../features/safety/PauseBanner'
import { words as safety } from '../features/safety/words'
import { settingsSections } from '../features/settings/sections'
import { useWorkplace } from './BusinessProvider'
import { lockNow } from './lockNow'
import { screens } from './navigation'
import { openShortcutSheet } from './ShortcutSheet'
import { words } from './words'

export type CommandGroup = 'Invoices' | 'Customers' | 'Vault' | 'Go to' | 'Do' | 'Settings'

export interface Command {
  readonly id: string
  readonly group: CommandGroup
  readonly label: string
  readonly keywords?: string
  readonly hint?: string
  readonly icon: ReactNode
  readonly run: () => void
}

const icon = { size: 17, stroke: 1.7 }

/** What the command bar can do in the business in view. */
export function useCommands(): readonly Command[] {
  const navigate = useNavigate()
  const pause = usePause()
  const { business, businesses, select } = useWorkplace()
  const go = screens.map<Command>((screen) => ({
    id: `go-${screen.id}`,
    group: 'Go to',
    label: screen.label,
    icon: <screen.icon {...icon} />,
    hint: `G ${screen.key.toUpperCase()}`,
    run: () => void navigate({ to: screen.to }),
  }))
  const reports = ledgerTabs.map<Command>((tab) => ({
    id: `ledger-${tab.to}`,
    group: 'Go to',
    label: tab.label,
    keywords: 'ledger report books',
    icon: <IconBook2 {...icon} />,
    run: () => void navigate({ to: tab.to }),
  }))
  const others = businesses
    .filter((candidate) => candidate.id !== business.id)
    .map<Command>((candidate) => ({
      id: `business-${candidate.id}`,
      group: 'Go to',
      label: candidate.name,
      keywords: 'business switch',
      icon: <Monogram id={candidate.id} name={candidate.name} small />,
      run: () => void select(candidate.id),
    }))
  const settings = settingsSections.map<Command>((section) => ({
    id: `settings-${section.id}`,
    group: 'Settings',
    label: section.label,
    keywords: `settings ${section.keywords}`,
    icon: <IconSettings {...icon} />,
    run: () => void navigate({ to: '/settings/$section', params: { section: section.id } }),
  }))
  const act: readonly Command[] = [
    {
      id: 'new-invoice',
      group: 'Do',
      label: 'New invoice',
      keywords: 'create write bill',
      icon: <IconFilePlus {...icon} />,
      run: () => void navigate({ to: '/invoices/new' }),
    },
    {
      id: 'new-customer',
      group: 'Do',
      label: 'New customer',
      keywords: 'add create client',
      icon: <IconUserPlus {...icon} />,
      run: () => void navigate({ to: '/customers', search: { customer: 'new' } }),
    },
    {
      id: 'new-entry',
      group: 'Do',
      label: 'New journal entry',
      keywords: 'post manual booking ledger',
      icon: <IconPlus {...icon} />,
      run: () => void navigate({ to: '/ledger/post' }),
    },
    {
      id: 'new-secret',
      group: 'Do',
      label: 'New vault item',
      keywords: 'add create secret login password key card account note',
      icon: <IconShieldLock {...icon} />,
      run: () => void navigate({ to: '/vault/new' }),
    },
    {
      id: 'import-secrets',
      group: 'Do',
      label: 'Import into the vault',
      keywords: 'bitwarden 1password keepass csv env secrets',
      icon: <IconFileImport {...icon} />,
      run: () => void navigate({ to: '/vault/import' }),
    },
    {
      id: 'expiring-secrets',
      group: 'Go to',
      label: 'Expiring items of the vault',
      keywords: 'rotation rotate due secrets',
      icon: <IconCalendarDue {...icon} />,
      run: () => void navigate({ to: '/vault/expiring' }),
    },
    {
      id: 'sync',
      group: 'Do',
      label: 'Sync with Stripe now',
      keywords: 'fetch events refresh',
      icon: <IconRefresh {...icon} />,
      run: () => void syncNow(business.id),
    },
    {
      id: 'verify',
      group: 'Do',
      label: 'Verify the audit chain',
      keywords: 'activity check proof',
      icon: <IconShieldCheck {...icon} />,
      run: () => void navigate({ to: '/activity', search: { verify: true } }),
    },
    {
      id: 'theme-light',
      group: 'Do',
      label: 'Light appearance',
      keywords: 'theme',
      icon: <IconSun {...icon} />,
      run: () => setTheme('light'),
    },
    {
      id: 'theme-dark',
      group: 'Do',
      label: 'Dark appearance',
      keywords: 'theme',
      icon: <IconMoon {...icon} />,
      run: () => setTheme('dark'),
    },
    {
      id: 'keys',
      group: 'Do',
      label: words.shortcuts,
      keywords: 'help',
      icon: <IconKeyboard {...icon} />,
      run: openShortcutSheet,
    },
    {
      id: 'pause',
      group: 'Do',
      label: pause.paused ? safety.resume : safety.pause,
      keywords: 'stop emergency schedules sends broker resume',
      icon: pause.paused ? <IconPlayerPlay {...icon} /> : <IconPlayerPause {...icon} />,
      run: pause.toggle,
    },
    {
      id: 'give-access',
      group: 'Do',
      label: grantWords.give,
      keywords: 'grant helper token broker secret share',
      icon: <IconUserShield {...icon} />,
      run: () => void navigate({ to: '/vault/access' }),
    },
    { id: 'lock', group: 'Do', label: words.lockNow, keywords: 'vault', icon: <IconLock {...icon} />, run: lockNow },
  ]
  return [...go, ...act, ...reports, ...others, ...settings]
}

function setTheme(theme: Theme): void {
  callShell('shell.setTheme', { theme }).then(acceptShellState, (error: unknown) =>
    toast.failed('The appearance was not changed', error),
  )
}
