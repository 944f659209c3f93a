import { Outlet, useNavigate, useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { callShell, onBridgeEvent } from '../api/bridge'
import { clearPassingToasts, toast } from '../components/toasts'
import { useSeedCustomers } from '../features/customers/customerNames'
import { useFollowInvoiceNumbers } from '../features/invoices/InvoiceNumber'
import { PauseBanner } from '../features/safety/PauseBanner'
import { useWorkplace } from './BusinessProvider'
import { CommandBar } from './CommandBar'
import styles from './Frame.module.css'
import { ModeBanner } from './ModeBanner'
import { screens } from './navigation'
import { ShortcutSheet } from './ShortcutSheet'
import { Sidebar } from './Sidebar'
import { isCovered, useShortcut } from './shortcuts'
import { words } from './words'

/** The frame around every screen: banner, navigation, command bar, and the keys that work everywhere. */
export function Frame() {
  const { business } = useWorkplace()
  useSeedCustomers(business.id)
  useFollowInvoiceNumbers()
  useDestinations()
  useGoKeys()
  const router = useRouter()
  useEffect(() => router.subscribe('onResolved', ({ pathChanged }) => pathChanged && clearPassingToasts()), [router])
  return (
    <div className={styles.frame}>
      <a href="#content" className={styles.skip}>
        {words.skip}
      </a>
      <PauseBanner />
      <ModeBanner />
      <div className={styles.body}>
        <Sidebar />
        <main id="content" className={styles.sheet} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <CommandBar />
      <ShortcutSheet />
    </div>
  )
}

/** Goes where a clicked notification leads, also one that was clicked while the vault was locked. */
function useDestinations(): void {
  const router = useRouter()
  const { business, select } = useWorkplace()
  useEffect(() => {
    const follow = async () => {
      const { destination } = await callShell('shell.takeDestination', {})
      if (destination === null) return
      const { route, businessId } = destination
      if (businessId === null || businessId === business.id) router.history.push(route)
      else await select(businessId, route)
    }
    const run = () => void follow().catch((error: unknown) => toast.failed(words.notFollowed, error))
    run()
    return onBridgeEvent('destination', run)
  }, [router, business.id, select])
}

function useGoKeys(): void {
  const navigate = useNavigate()
  const router = useRouter()
  const { business, businesses, select } = useWorkplace()
  const everywhere = { group: 'everywhere' } as const
  for (const screen of screens) {
    // The list of screens is constant, so the hooks keep their order.
    // biome-ignore lint/correctness/useHookAtTopLevel: a constant list, one hook per entry
    useShortcut(`g ${screen.key}`, words.goTo(screen.label), () => void navigate({ to: screen.to }), everywhere)
  }
  useShortcut('alt+arrowleft', words.back, () => router.history.back(), everywhere)
  useShortcut('alt+arrowright', words.forward, () => router.history.forward(), everywhere)
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.repeat || !/^[1-9]$/.test(event.key) || isCovered()) return
      const target = businesses[Number(event.key) - 1]
      if (!target || target.id === business.id) return
      event.preventDefault()
      void select(target.id)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [business.id, businesses, select])
}
