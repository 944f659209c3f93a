import { ActionIcon, Button, Modal, Textarea, Tooltip } from '@mantine/core'
import { IconFolderPlus, IconQrcode, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { AuditAnchor } from '../../../shared/contract/audit'
import { useCommand, useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { CopyButton } from '../../components/CopyText'
import { FailureNote } from '../../components/FailureNote'
import { FormStack } from '../../components/FormStack'
import { capital, instantText } from '../../components/format'
import { QrCode } from '../../components/QrCode'
import { ErrorState, LoadingRows } from '../../components/States'
import { StatusPill } from '../../components/StatusPill'
import { saveFile } from '../../components/saveFile'
import { toast } from '../../components/toasts'
import styles from './audit.module.css'
import { words as all } from './words'

const words = all.anchors

interface AnchorsProps {
  readonly opened: boolean
  readonly onClose: () => void
}

/** The places outside the database that keep signed heads, and the head to carry away by hand. */
export function Anchors({ opened, onClose }: AnchorsProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={words.title} size={620} lockScroll={false}>
      <FormStack>
        <p className={styles.faint}>{words.note}</p>
        <Places />
        <CarriedHead />
      </FormStack>
    </Modal>
  )
}

function Places() {
  const list = useRead('audit.anchors', {})
  const add = useCommand('audit.addAnchor', {
    onDone: ({ added }) => added && toast.done(words.added),
    onAwaitingApproval: () => toast.waiting(words.waits),
    onError: (error) => toast.failed(words.notAdded, error),
  })
  if (list.error) return <ErrorState what={words.title} error={list.error} onRetry={() => void list.refetch()} compact />
  if (list.data === undefined) return <LoadingRows rows={2} />
  return (
    <>
      <ul className={styles.places}>
        {list.data.items.map((anchor) => (
          <Place key={anchor.id} anchor={anchor} />
        ))}
      </ul>
      <div>
        <Button
          variant="default"
          leftSection={<IconFolderPlus size={16} />}
          loading={add.isPending}
          onClick={() => add.mutate({ name: nextName(list.data.items) })}
        >
          {words.add}…
        </Button>
      </div>
    </>
  )
}

/** Names are told apart by a number; the folder itself is never shown to the page. */
function nextName(items: readonly AuditAnchor[]): string {
  let number = 1
  while (items.some(({ name }) => name === words.folderName(number))) number += 1
  return words.folderName(number)
}

function Place({ anchor }: { readonly anchor: AuditAnchor }) {
  const business = useBusiness()
  const remove = useCommand('audit.removeAnchor', {
    onDone: () => toast.done(words.removed),
    onAwaitingApproval: () => toast.waiting(words.waits),
    onError: (error) => toast.failed(words.notRemoved, error),
  })
  const { state, size, at } = anchor
  const good = state === 'ok'
  return (
    <li className={styles.place}>
      <div>
        <strong>{capital(anchor.name)}</strong>
        <p className={styles.faint}>
          {anchor.problem ??
            (size === null || at === null ? words.nothingYet : words.holds(size, instantText(at, business.timeZone)))}
        </p>
      </div>
      <StatusPill tone={good ? 'green' : state === 'missing' ? 'brass' : 'wax'} mark={good ? 'full' : 'bar'}>
        {words.states[state]}
      </StatusPill>
      {anchor.kind === 'folder' ? (
        <Tooltip label={words.remove}>
          <ActionIcon
            aria-label={`${words.remove}: ${anchor.name}`}
            loading={remove.isPending}
            onClick={() => remove.mutate({ anchorId: anchor.id })}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Tooltip>
      ) : null}
    </li>
  )
}

function CarriedHead() {
  const [shown, setShown] = useState(false)
  const [text, setText] = useState('')
  const head = useRead('audit.carryHead', {}, { enabled: shown })
  const check = useRead('audit.checkHead', { text }, { enabled: text.trim() !== '' })
  return (
    <section>
      <h3 className={styles.part}>{words.carry}</h3>
      <p className={styles.faint}>{words.carryNote}</p>
      {shown ? (
        <div className={styles.carried}>
          {head.data ? (
            <>
              <QrCode text={head.data.text} label={words.qr(head.data.size)} size={220} />
              <div>
                <p>{words.headOf(head.data.size)}</p>
                <CopyButton text={head.data.text} label={words.copy} />
                <Button variant="default" onClick={() => void saveHead(head.data.text)}>
                  {words.save}…
                </Button>
              </div>
            </>
          ) : (
            <FailureNote title={words.noHead} error={head.error} />
          )}
        </div>
      ) : (
        <Button
          className={styles.show ?? ''}
          variant="default"
          leftSection={<IconQrcode size={16} />}
          onClick={() => setShown(true)}
        >
          {words.show}
        </Button>
      )}
      <Textarea
        className={styles.check ?? ''}
        label={words.check}
        description={words.checkNote}
        value={text}
        onChange={(event) => setText(event.currentTarget.value.slice(0, 1000))}
        autosize
        minRows={2}
        maxRows={4}
        spellCheck={false}
      />
      {text.trim() !== '' && check.data ? (
        <div className={styles.verdict} data-ok={check.data.ok || undefined} role={check.data.ok ? 'status' : 'alert'}>
          {check.data.message}
        </div>
      ) : null}
    </section>
  )
}

async function saveHead(text: string): Promise<void> {
  try {
    const saved = await saveFile({ suggestedName: 'audit-head.txt', mediaType: 'text/plain' }, async (append) => {
      await append(`${text}\n`)
      return true
    })
    if (saved) toast.done(words.saved)
  } catch (error) {
    toast.failed(words.notSaved, error)
  }
}
