import styles from './Keys.module.css'

const isMac = typeof navigator !== 'undefined' && /Mac/.test(navigator.platform)
const names: Readonly<Record<string, string>> = {
  mod: isMac ? '⌘' : 'Ctrl',
  shift: isMac ? '⇧' : 'Shift',
  alt: isMac ? '⌥' : 'Alt',
  enter: '↵',
  escape: 'Esc',
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
}

/** "mod+k" or "g i" as key caps. */
export function Keys({ keys }: { readonly keys: string }) {
  return (
    <span className={styles.keys}>
      {keys.split(' ').map((chord) => (
        <span key={chord} className={styles.chord}>
          {chord.split('+').map((key) => (
            <kbd key={key} className={styles.key}>
              {names[key] ?? key.toUpperCase()}
            </kbd>
          ))}
        </span>
      ))}
    </span>
  )
}
