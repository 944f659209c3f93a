import styles from './Monogram.module.css'

interface MonogramProps {
  /** Decides the colour, so that it stays when the name changes. */
  readonly id: string
  readonly name: string
  readonly small?: boolean
}

const hues = 8

/** A coloured tile with the initials of a business or a customer. */
export function Monogram({ id, name, small = false }: MonogramProps) {
  return (
    <span className={styles.tile} data-hue={hueOf(id)} data-small={small || undefined} aria-hidden="true">
      {initialsOf(name)}
    </span>
  )
}

function hueOf(id: string): number {
  let sum = 0
  for (const sign of id) sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) % 65_521
  return sum % hues
}

/** "Harbour Lane Studio" -> "HL", "acme" -> "A". */
function initialsOf(name: string): string {
  const words = name.split(/[\s·&,-]+/).filter((word) => /^[\p{L}\p{N}]/u.test(word))
  return words
    .slice(0, 2)
    .map((word) => [...word][0]?.toUpperCase() ?? '')
    .join('')
}
