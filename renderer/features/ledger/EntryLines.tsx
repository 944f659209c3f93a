import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { useBusiness } from '../../app/BusinessProvider'
import { currencyOptions } from '../businesses/places'
import { CreateAccount } from './CreateAccount'
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
  readonly onChange: (lines: readonly EntryLine[]) => void
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
    onChange([...lines, line])
    setFocusKey(line.key)
  }
  const set = (changed: EntryLine) => onChange(lines.map((line) => (line.key === changed.key ? changed : line)))
  const remove = (line: EntryLine) =>
    onChange(
      lines.length > 2
        ? lines.filter((other) => other !== line)
        : lines.map((other) => (other === line ? emptyLine(line.currency) : other)),
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
      <legend className="ch-visually-hidden">{words.post.lines}</legend>
      <div className={styles.head} aria-hidden="true">
        <span>{words.account}</span>
        <span>{words.debit}</span>
        <span>{words.credit}</span>
        <span>{words.post.currency}</span>
      </div>
      {lines.map((line, at) => (
        <EntryLineRow
          key={line.key}
          line={line}
          number={at + 1}
          currencies={currencies}
          problems={problems}
          isNew={known !== null && line.account.trim() !== '' && !known.has(line.account.trim())}
          onChange={set}
          onChosen={(account) => set(filled(lines, { ...line, account }))}
          onCreate={() => setCreating({ key: line.key, path: line.account.trim() })}
          onRemove={() => remove(line)}
        />
      ))}
      <div className={styles.foot}>
        <Button variant="subtle" size="xs" leftSection={<IconPlus size={14} />} onClick={add}>
          {words.post.addLine}
        </Button>
        <EntryBalance lines={lines} onFill={(currency) => onChange(balanceOut(lines, currency))} />
      </div>
      <CreateAccount
        path={creating?.path ?? null}
        onClose={() => setCreating(null)}
        onCreated={(account) => {
          const line = lines.find((candidate) => candidate.key === creating?.key)
          if (line) set({ ...line, account })
        }}
      />
    </fieldset>
  )
}
