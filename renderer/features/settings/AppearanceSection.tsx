import { themes } from '../../../shared/contract/shell'
import { callShell } from '../../api/bridge'
import { acceptShellState } from '../../api/queries'
import { useWorkplace } from '../../app/BusinessProvider'
import { Section } from '../../components/Page'
import { toast } from '../../components/toasts'
import styles from './settings.module.css'
import { words } from './words'

/** Light, dark or as the system says. */
export function AppearanceSection() {
  const { shell } = useWorkplace()
  return (
    <Section title={words.appearance}>
      <fieldset className={styles.themes}>
        <legend className="ch-visually-hidden">{words.theme}</legend>
        {themes.map((theme) => (
          <button
            key={theme}
            type="button"
            className={styles.theme}
            aria-pressed={shell.theme === theme}
            onClick={() =>
              callShell('shell.setTheme', { theme }).then(acceptShellState, (error: unknown) => toast.failed(words.notSet, error))
            }
          >
            <span className={styles.swatch} data-theme={theme} aria-hidden="true" />
            {words.themes[theme]}
          </button>
        ))}
      </fieldset>
    </Section>
  )
}
