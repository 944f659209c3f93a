import { ActionIcon, Tooltip } from '@mantine/core'
import { IconCopy, IconEye, IconEyeOff, IconPin } from '@tabler/icons-react'
import type { KeyboardEvent, PointerEvent } from 'react'
import type { SecretField } from '../../../../shared/contract/secrets'
import { copiedName, copyField } from '../secretActions'
import { OneTimeCode } from './OneTimeCode'
import styles from './secret.module.css'
import type { Revealed } from './useRevealed'
import { words } from './words'

/** The same for every value: how long a secret is tells something about it. */
const dots = '•'.repeat(12)

interface HiddenFieldProps {
  readonly secretId: string
  readonly field: SecretField
  readonly revealed: Revealed
  /** Values of earlier versions are looked at, not copied. */
  readonly copyable?: boolean
}

/** A hidden value: dots until it is held, or shown for 30 seconds. */
export function HiddenField({ secretId, field, revealed, copyable = true }: HiddenFieldProps) {
  const { name } = field
  const value = revealed.shown.get(name)?.value
  const isCode = field.type === 'totp'
  const copied = copiedName(field)
  return (
    <div className={styles.hidden}>
      <div className={styles.value} data-shown={value !== undefined || undefined}>
        {value === undefined ? (
          <>
            <span className={styles.dots} aria-hidden="true">
              {dots}
            </span>
            <span className="ch-visually-hidden">{words.hidden(name)}</span>
          </>
        ) : isCode ? (
          <OneTimeCode name={name} otpauth={value} />
        ) : (
          <output className={styles.secret} aria-label={words.shown(name)}>
            {value}
          </output>
        )}
      </div>
      <div className={styles.tools}>
        <HoldButton name={name} shown={value !== undefined} revealed={revealed} />
        <Tooltip label={value === undefined ? words.show(name) : words.hide(name)}>
          <ActionIcon
            aria-label={value === undefined ? words.show(name) : words.hide(name)}
            aria-pressed={value !== undefined}
            onClick={() => revealed.toggle(name)}
          >
            <IconPin size={16} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
        {copyable ? (
          <Tooltip label={words.copy(copied)}>
            <ActionIcon aria-label={words.copy(copied)} onClick={() => void copyField(secretId, field)}>
              <IconCopy size={16} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        ) : (
          <span className={styles.noTool} />
        )}
      </div>
    </div>
  )
}

interface HoldButtonProps {
  readonly name: string
  readonly shown: boolean
  readonly revealed: Revealed
}

/** Shows a value while it is held down, by mouse, touch, Space or Enter. */
function HoldButton({ name, shown, revealed }: HoldButtonProps) {
  const release = () => revealed.release(name)
  const onPointerDown = (event: PointerEvent<HTMLButtonElement>) => {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    revealed.hold(name)
  }
  const isKey = (event: KeyboardEvent) => event.key === ' ' || event.key === 'Enter'
  return (
    <button
      type="button"
      className={styles.hold}
      aria-label={words.hold(name)}
      data-shown={shown || undefined}
      onPointerDown={onPointerDown}
      onPointerUp={release}
      onPointerCancel={release}
      onLostPointerCapture={release}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (!isKey(event)) return
        event.preventDefault()
        if (!event.repeat) revealed.hold(name)
      }}
      onKeyUp={(event) => {
        if (isKey(event)) release()
      }}
      onBlur={release}
    >
      {shown ? <IconEye size={15} stroke={1.8} aria-hidden="true" /> : <IconEyeOff size={15} stroke={1.8} aria-hidden="true" />}
      <span>{words.holdShort}</span>
    </button>
  )
}
