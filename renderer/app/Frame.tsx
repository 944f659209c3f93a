import { Outlet, useNavigate, useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { onBridgeEvent } from '../api/bridge'
import { toast } from '../components/toasts'
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
import { useShortcut } from './shortcuts'
import { words } from './words'

/** The frame around every screen: banner, navigation, command bar, and the keys that work everywhere. */
export function Frame() {
  const { business } = useWorkplace()
  useSeedCustomers(business.id)
  useFollowInvoiceNumbers()
  useNotices()
  useGoKeys()
  return (
    <div className={styles.frame}>
      <a href="#content" className={styles.skip}>
        {words.skip}
      </a>
      <PauseBanner />
      <ModeBanner />
      <div className={styles.body}>
        <Sidebar />
        <main id="content" className={styles.sheet} tabIndex={-1} key={business.id}>
          <Outlet />
        </main>
      </div>
      <CommandBar />
      <ShortcutSheet />
    </div>
  )
}

/** Shows what main wants the owner to know: a payment that came in, an approval that waits. */
function useNotices(): void {
  const router = useRouter()
  useEffect(
    () =>
      onBridgeEvent('notice', (notice) => {
        const route = notice.route
        const open = route === null ? undefined : { label: 'Open', run: () => router.history.push(route) }
        toast.done(notice.title, notice.body, open)
      }),
    [router],
  )
}

function useGoKeys(): void {
  const navigate = useNavigate()
  const router = useRouter()
  const { businesses, select } = useWorkplace()
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
      if (!(event.ctrlKey || event.metaKey) || event.altKey || !/^[1-9]$/.test(event.key)) return
      const target = businesses[Number(event.key) - 1]
      if (!target) return
      event.preventDefault()
      select(target.id)
      void navigate({ to: '/' })
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [businesses, navigate, select])
}
