import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { useBusiness } from '../../../app/BusinessProvider'
import { currencyOptions } from '../../businesses/places'
import { CreateAccount } from '../accounts/CreateAccount'
import { words as common } from '../words'
import { EntryBalance } from './EntryBalance'
import { EntryLineRow } from './EntryLineRow'
import { balanceOut, type EntryLine, emptyLine, filled } from './entryDraft'
import styles from './post.module.css'
import { words } from './words'

interface EntryLinesProps {
  readonly lines: readonly EntryLine[]
  readonly problems: Readonly<Record<string, string>>
  /** The accounts that exist; null while they are not known. */
  readonly known: ReadonlySet<string> | null
  /** Changes the lines as they then are: choosing an account reports twice in one go. */
  readonly onChange: (update: (lines: readonly EntryLine[]) => readonly EntryLine[]) => void
}

/** The lines of an entry and what they come to. Enter goes on to the next line, and makes one after the last. */
export function EntryLines({ lines, problems, known, onChange }: EntryLinesProps) {
  const business = useBusiness()
  const currencies = useMemo(() => currencyOptions(), [])
  const [focusKey, setFocusKey] = useState<string | null>(null)
  const [creating, setCreating] = useState<{ readonly key: string; readonly path: string } | null>(null)
  const rows = useRef<HTMLFieldSetElement>(null)

  useEffect(() => {
    if (focusKey === null) return
    rows.current?.querySelector<HTMLInputElement>(`[data-line="${focusKey}"] input`)?.focus()
    setFocusKey(null)
  }, [focusKey])

  const add = () => {
    const line = emptyLine(lines.at(-1)?.currency ?? business.currency)
    onChange((was) => [...was, line])
    setFocusKey(line.key)
  }
  const set = (key: string, part: Partial<EntryLine>) =>
    onChange((was) => was.map((line) => (line.key === key ? { ...line, ...part } : line)))
  const choose = (key: string, account: string) =>
    onChange((was) => was.map((line) => (line.key === key ? filled(was, { ...line, account }) : line)))
  const remove = (key: string) =>
    onChange((was) =>
      was.length > 2
        ? was.filter((line) => line.key !== key)
        : was.map((line) => (line.key === key ? emptyLine(line.currency) : line)),
    )
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.defaultPrevented || event.ctrlKey || event.metaKey) return
    const line = event.target instanceof HTMLInputElement ? event.target.closest<HTMLElement>('[data-line]') : null
    if (!line) return
    event.preventDefault()
    const next = lines[lines.findIndex((candidate) => candidate.key === line.dataset.line) + 1]
    if (next) setFocusKey(next.key)
    else add()
  }

  return (
    <fieldset ref={rows} className={styles.lines} onKeyDown={onKeyDown}>
      <legend className="ch-visually-hidden">{words.lines}</legend>
      <div className={styles.head} aria-hidden="true">
        <span>{common.account}</span>
        <span>{common.debit}</span>
        <span>{common.credit}</span>
        <span>{words.currency}</span>
      </div>
      {lines.map((line, at) => (
        <EntryLineRow
          key={line.key}
          line={line}
          number={at + 1}
          currencies={currencies}
          problems={problems}
          isNew={known !== null && line.account.trim() !== '' && !known.has(line.account.trim())}
          onChange={(part) => set(line.key, part)}
          onChosen={(account) => choose(line.key, account)}
          onCreate={() => setCreating({ key: line.key, path: line.account.trim() })}
          onRemove={() => remove(line.key)}
        />
      ))}
      <div className={styles.foot}>
        <Button variant="subtle" size="xs" leftSection={<IconPlus size={14} />} onClick={add}>
          {words.addLine}
        </Button>
        <EntryBalance lines={lines} onFill={(currency) => onChange((was) => balanceOut(was, currency))} />
      </div>
      <CreateAccount
        path={creating?.path ?? null}
        onClose={() => setCreating(null)}
        onCreated={(account) => creating && choose(creating.key, account)}
      />
    </fieldset>
  )
}
