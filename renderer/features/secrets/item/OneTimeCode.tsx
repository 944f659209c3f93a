import { useEffect, useMemo, useState } from 'react'
import { readOtpauth } from '../../../../shared/domain/otpauth'
import { words as common } from '../words'
import { codeAt } from './codeAt'
import styles from './secret.module.css'
import { words } from './words'

interface OneTimeCodeProps {
  readonly name: string
  /** The generator's secret, shown for now. */
  readonly otpauth: string
}

const radius = 8
const round = 2 * Math.PI * radius

/** The code of now and how long it is good for. */
export function OneTimeCode({ name, otpauth }: OneTimeCodeProps) {
  const generator = useMemo(() => readOtpauth(otpauth), [otpauth])
  const [code, setCode] = useState<{ readonly text: string; readonly left: number } | null>(null)
  useEffect(() => {
    if (generator === null) return
    let current = true
    const tick = async () => {
      const now = Date.now()
      const text = await codeAt(generator, now)
      if (current) setCode({ text, left: generator.period - (Math.floor(now / 1000) % generator.period) })
    }
    void tick()
    const timer = setInterval(() => void tick(), 500)
    return () => {
      current = false
      clearInterval(timer)
    }
  }, [generator])
  if (generator === null) return <span className={styles.codeProblem}>{words.codeProblem}</span>
  if (code === null) return null
  const half = Math.ceil(code.text.length / 2)
  return (
    <span className={styles.code}>
      <output className={styles.digits} aria-label={common.codeFor(name)} data-code={code.text}>
        {code.text.slice(0, half)} {code.text.slice(half)}
      </output>
      <svg
        width={20}
        height={20}
        viewBox="0 0 20 20"
        className={styles.ring}
        data-last={code.left <= 5 || undefined}
        aria-hidden="true"
      >
        <circle cx={10} cy={10} r={radius} />
        <circle
          cx={10}
          cy={10}
          r={radius}
          data-left
          strokeDasharray={round}
          strokeDashoffset={round * (1 - code.left / generator.period)}
        />
      </svg>
      <span className={styles.left} aria-hidden="true">
        {words.codeLeft(code.left)}
      </span>
    </span>
  )
}
