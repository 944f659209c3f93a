import { passphraseStrength } from '../../../shared/domain/passphrase'
import styles from './vault.module.css'
import { words } from './words'

/** Why a new passphrase is not taken, in a word: the advice stands under the meter. Null for one that is. */
export function passphraseProblem(text: string): string | null {
  if (text === '') return words.missing
  return passphraseStrength(text).acceptable ? null : words.notStrong
}

/** How strong a passphrase is and what would make it stronger. */
export function PassphraseStrengthMeter({ text }: { readonly text: string }) {
  if (text === '') return null
  const { score, advice } = passphraseStrength(text)
  return (
    <div className={styles.strength} aria-live="polite">
      <div className={styles.bars} data-score={score} aria-hidden="true">
        {[1, 2, 3, 4].map((step) => (
          <span key={step} data-on={score >= step || undefined} />
        ))}
      </div>
      <div className={styles.strengthText}>
        <span className="ch-visually-hidden">{words.strengthLabel}: </span>
        <strong>{words.strength[score]}</strong>
        {advice[0] ? <span> · {advice[0]}</span> : null}
      </div>
    </div>
  )
}
