import { ActionIcon, Tooltip } from '@mantine/core'
import { IconKeyboard, IconLock, IconPlayerPause, IconPlayerPlay, IconSearch } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useRead } from '../api/queries'
import { Keys } from '../components/Keys'
import { usePause } from '../features/safety/PauseBanner'
import { words as safety } from '../features/safety/words'
import { useBusiness } from './BusinessProvider'
import { BusinessSwitcher } from './BusinessSwitcher'
import { openCommandBar } from './CommandBar'
import { lockNow } from './lockNow'
import { screens } from './navigation'
import { openShortcutSheet } from './ShortcutSheet'
import styles from './Sidebar.module.css'
import { SyncLine } from './SyncLine'
import { useShortcut } from './shortcuts'
import { words } from './words'

/** Left navigation: which business, where to go, what waits, and whether the books are complete. */
export function Sidebar() {
  const business = useBusiness()
  const pause = usePause()
  const pending = useRead('approvals.list', { businessId: business.id, status: 'pending', limit: 100 })
  const waiting = pending.data?.items.length ?? 0
  useShortcut('mod+shift+l', words.lockNow, lockNow, { group: 'everywhere' })

  return (
    <aside className={styles.sidebar} aria-label={words.sidebar}>
      <BusinessSwitcher />
      <button type="button" className={styles.search} onClick={openCommandBar}>
        <IconSearch size={15} aria-hidden="true" />
        <span>{words.searchOrAct}</span>
        <Keys keys="mod+k" />
      </button>
      <nav aria-label={words.navigation} className={styles.nav}>
        {screens.map((screen) => (
          <Link
            key={screen.id}
            to={screen.to}
            className={styles.link}
            activeProps={{ 'data-active': true, 'aria-current': 'page' }}
            activeOptions={{ exact: screen.to === '/', includeSearch: false }}
          >
            <screen.icon size={17} stroke={1.7} aria-hidden="true" />
            <span>{screen.label}</span>
            {screen.id === 'approvals' && waiting > 0 ? (
              <span className={styles.badge} role="img" aria-label={words.pendingApprovals(waiting)}>
                {waiting > 99 ? '99+' : waiting}
              </span>
            ) : null}
          </Link>
        ))}
      </nav>
      <div className={styles.foot}>
        <SyncLine />
        <div className={styles.tools}>
          <Tooltip label={pause.paused ? safety.resume : `${safety.pause}. ${safety.pauseHint}.`} multiline maw={220}>
            <ActionIcon
              onClick={pause.toggle}
              aria-label={pause.paused ? safety.resume : safety.pause}
              aria-pressed={pause.paused}
            >
              {pause.paused ? <IconPlayerPlay size={16} stroke={1.7} /> : <IconPlayerPause size={16} stroke={1.7} />}
            </ActionIcon>
          </Tooltip>
          <Tooltip label={words.lockNow}>
            <ActionIcon onClick={lockNow} aria-label={words.lockNow}>
              <IconLock size={16} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={words.shortcuts}>
            <ActionIcon onClick={openShortcutSheet} aria-label={words.shortcuts} className={styles.wide ?? ''}>
              <IconKeyboard size={17} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        </div>
      </div>
    </aside>
  )
}
