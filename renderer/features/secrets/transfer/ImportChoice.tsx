import { Button, Checkbox } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useState } from 'react'
import type { ImportPreview } from '../../../../shared/contract/secrets'
import { runCommand } from '../../../api/queries'
import { FailureNote } from '../../../components/FailureNote'
import { StatusPill, type Tone } from '../../../components/StatusPill'
import { toast } from '../../../components/toasts'
import { KindIcon } from '../KindIcon'
import { words as common } from '../words'
import styles from './transfer.module.css'
import { importWords as words } from './words'

type PreviewItem = ImportPreview['items'][number]

interface ImportChoiceProps {
  readonly preview: ImportPreview
  readonly onRestart: () => void
  readonly onDone: (imported: number, skipped: number) => void
}

const rowHeight = 44
const tones: Readonly<Record<PreviewItem['state'], Tone>> = { new: 'green', same: 'quiet', changed: 'brass' }

/** The second step: what is in the file, what is here already, and what to take. */
export function ImportChoice({ preview, onRestart, onDone }: ImportChoiceProps) {
  const [chosen, setChosen] = useState<ReadonlySet<number>>(
    () => new Set(preview.items.filter((item) => item.state !== 'same').map((item) => item.index)),
  )
  const allHere = chosen.size === 0 && preview.items.length > 0 && preview.items.every(({ state }) => state === 'same')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const toggle = (index: number, on: boolean) => {
    const next = new Set(chosen)
    if (on) next.add(index)
    else next.delete(index)
    setChosen(next)
  }
  const run = async () => {
    setBusy(true)
    setError(null)
    try {
      const outcome = await runCommand('secrets.import', { importId: preview.importId, indexes: [...chosen] })
      if (outcome.status === 'done') onDone(outcome.value.imported, outcome.value.skipped)
      else toast.waiting(words.waits, common.waitsText)
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className={styles.preview}>
      <div className={styles.previewHead}>
        {preview.items.length === 0 ? null : (
          <Checkbox
            size="xs"
            aria-label={words.all}
            checked={chosen.size > 0 && chosen.size === preview.items.length}
            indeterminate={chosen.size > 0 && chosen.size < preview.items.length}
            onChange={(event) => setChosen(new Set(event.currentTarget.checked ? preview.items.map((item) => item.index) : []))}
          />
        )}
        <strong>{words.found(preview.items.length)}</strong>
        <span className={styles.quiet} aria-live="polite">
          {allHere ? words.allHere : words.chosen(chosen.size)}
        </span>
      </div>
      {preview.items.length === 0 ? (
        <p className={styles.nothing}>{words.nothing}</p>
      ) : (
        <Items items={preview.items} chosen={chosen} onToggle={toggle} />
      )}
      <div className={styles.previewFoot}>
        <Left left={preview.left} />
        <FailureNote title={words.notImported} error={error} />
        <div className={styles.buttons}>
          <Button variant="default" onClick={onRestart}>
            {words.other}
          </Button>
          <Button loading={busy} disabled={chosen.size === 0} onClick={() => void run()}>
            {words.doImport(chosen.size)}
          </Button>
        </div>
      </div>
    </div>
  )
}

interface ItemsProps {
  readonly items: readonly PreviewItem[]
  readonly chosen: ReadonlySet<number>
  readonly onToggle: (index: number, on: boolean) => void
}

/** The items in view only: a vault may hold thousands. */
function Items({ items, chosen, onToggle }: ItemsProps) {
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null)
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller,
    estimateSize: () => rowHeight,
    overscan: 8,
  })
  return (
    <div ref={setScroller} className={styles.items}>
      <ul style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((row) => {
          const item = items[row.index]
          if (!item) return null
          return (
            <li
              key={item.index}
              className={styles.item}
              style={{ transform: `translateY(${row.start}px)` }}
              aria-setsize={items.length}
              aria-posinset={row.index + 1}
            >
              <Checkbox
                size="xs"
                aria-label={words.choice(item.title)}
                checked={chosen.has(item.index)}
                onChange={(event) => onToggle(item.index, event.currentTarget.checked)}
              />
              <KindIcon kind={item.kind} />
              <span className={styles.itemTitle}>{item.title}</span>
              <span className={styles.quiet}>{item.hint}</span>
              <span className={styles.quiet}>
                {[...item.fieldNames, ...(item.attachmentCount > 0 ? [words.files(item.attachmentCount)] : [])].join(', ')}
              </span>
              <span>
                <StatusPill tone={tones[item.state]}>{words.states[item.state]}</StatusPill>
              </span>
            </li>
          )
        })}
      </ul>
    </div>
  )
}

function Left({ left }: { readonly left: readonly string[] }) {
  if (left.length === 0) return null
  return (
    <details className={styles.left}>
      <summary>{words.left(left.length)}</summary>
      <ul>
        {left.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </details>
  )
}
