import { Modal } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useEffect } from 'react'
import type { ShellState } from '../../shared/contract/shell'
import { Keys } from '../components/Keys'
import { useWorkplace } from './BusinessProvider'
import styles from './ShortcutSheet.module.css'
import { type Shortcut, useActiveShortcuts, useShortcut } from './shortcuts'
import { words } from './words'

const openEvent = 'countinghouse:shortcuts'

/** Opens the sheet from a button. */
export function openShortcutSheet(): void {
  window.dispatchEvent(new Event(openEvent))
}

/** Every key that works now, here and everywhere. */
export function ShortcutSheet() {
  const [opened, { open, close }] = useDisclosure(false)
  const shortcuts = useActiveShortcuts()
  const { desktopKeys } = useWorkplace().shell
  useShortcut('?', words.shortcuts, open, { group: 'everywhere' })
  useEffect(() => {
    window.addEventListener(openEvent, open)
    return () => window.removeEventListener(openEvent, open)
  }, [open])
  return (
    <Modal opened={opened} onClose={close} title={words.shortcuts} size={640} lockScroll={false}>
      <div className={styles.columns}>
        <Group title={words.onThisScreen} shortcuts={shortcuts.filter((shortcut) => shortcut.group === 'screen')} />
        <div>
          <Group title={words.everywhere} shortcuts={shortcuts.filter((shortcut) => shortcut.group === 'everywhere').reverse()} />
          {desktopKeys.length > 0 ? <DesktopGroup keys={desktopKeys} /> : null}
        </div>
      </div>
    </Modal>
  )
}

/** The keys that work while another program has the keyboard. */
function DesktopGroup({ keys }: { readonly keys: ShellState['desktopKeys'] }) {
  return (
    <section>
      <h3 className={styles.title}>{words.anyProgram}</h3>
      <ul className={styles.list}>
        {keys.map((key) => (
          <li key={key.does}>
            <span>{words.deeds[key.does]}</span>
            <Keys keys={key.keys.toLowerCase().replace('commandorcontrol', 'mod')} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Group({ title, shortcuts }: { readonly title: string; readonly shortcuts: readonly Shortcut[] }) {
  const seen = new Set<string>()
  const own = shortcuts.filter((shortcut) => {
    const fresh = !seen.has(shortcut.keys)
    seen.add(shortcut.keys)
    return fresh
  })
  return (
    <section>
      <h3 className={styles.title}>{title}</h3>
      <ul className={styles.list}>
        {own.map((shortcut) => (
          <li key={shortcut.keys}>
            <span>{shortcut.label}</span>
            <Keys keys={shortcut.keys} />
          </li>
        ))}
        {title === words.everywhere ? (
          <li>
            <span>{words.switchBusiness}</span>
            <span>
              <Keys keys="mod+1" /> – <Keys keys="mod+9" />
            </span>
          </li>
        ) : null}
      </ul>
    </section>
  )
}
