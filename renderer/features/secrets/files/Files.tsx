import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconDownload, IconEye, IconFile, IconFileText, IconPaperclip, IconPhoto, IconTrash } from '@tabler/icons-react'
import { type DragEvent, useCallback, useState } from 'react'
import type { Attachment, Secret } from '../../../../shared/contract/secrets'
import { bytesText } from '../../../components/format'
import { Section } from '../../../components/Page'
import { FilePreview } from './FilePreview'
import { attachDropped, attachFromDialog, detach, saveAttachment } from './fileActions'
import { isImage, isText, previewProblem } from './fileKinds'
import styles from './files.module.css'
import { words } from './words'

/** The files of an item: attached by button or by dropping them here, previewed, saved, removed. */
export function Files({ secret }: { readonly secret: Secret }) {
  const [over, setOver] = useState(false)
  const [busy, setBusy] = useState(false)
  const [preview, setPreview] = useState<Attachment | null>(null)
  const closePreview = useCallback(() => setPreview(null), [])
  const inBin = secret.deletedAt !== null
  const run = async (work: () => Promise<void>) => {
    setBusy(true)
    await work()
    setBusy(false)
  }
  const onDragOver = (event: DragEvent) => {
    if (inBin || !event.dataTransfer.types.includes('Files')) return
    event.preventDefault()
    setOver(true)
  }
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void run(() => attachDropped(secret.id, [...event.dataTransfer.files]))
  }
  if (inBin && secret.attachments.length === 0) return null
  return (
    <Section
      title={words.title}
      actions={
        inBin ? null : (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconPaperclip size={14} />}
            loading={busy}
            onClick={() => void run(() => attachFromDialog(secret.id))}
          >
            {words.attach}
          </Button>
        )
      }
    >
      <section
        className={styles.drop}
        data-over={over || undefined}
        aria-label={words.title}
        onDragOver={onDragOver}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        {over ? (
          <p className={styles.quiet}>{words.drop}</p>
        ) : secret.attachments.length === 0 ? (
          <p className={styles.quiet}>{words.none}</p>
        ) : (
          <ul className={styles.files}>
            {secret.attachments.map((file) => (
              <FileRow key={file.id} file={file} locked={inBin} onPreview={() => setPreview(file)} />
            ))}
          </ul>
        )}
      </section>
      <FilePreview file={preview} onClose={closePreview} />
    </Section>
  )
}

interface FileRowProps {
  readonly file: Attachment
  readonly locked: boolean
  readonly onPreview: () => void
}

function FileRow({ file, locked, onPreview }: FileRowProps) {
  const Icon = isImage(file) ? IconPhoto : isText(file) ? IconFileText : IconFile
  const problem = previewProblem(file)
  const askRemove = () =>
    modals.openConfirmModal({
      title: words.removeTitle,
      children: words.removeText(file.name),
      labels: { confirm: words.removeButton, cancel: words.keep },
      confirmProps: { color: 'wax' },
      onConfirm: () => void detach(file.id),
    })
  return (
    <li className={styles.file}>
      <Icon size={18} stroke={1.6} className={styles.icon} aria-hidden="true" />
      <span className={styles.name} title={file.name}>
        {file.name}
      </span>
      <span className={styles.size}>{bytesText(file.bytes)}</span>
      <span className={styles.tools}>
        <Tooltip label={problem ?? words.preview}>
          <ActionIcon
            aria-label={words.previewOf(file.name)}
            aria-disabled={problem !== null}
            data-disabled={problem !== null}
            onClick={() => problem === null && onPreview()}
          >
            <IconEye size={16} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={words.save}>
          <ActionIcon aria-label={words.saveNamed(file.name)} onClick={() => void saveAttachment(file.id)}>
            <IconDownload size={16} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
        {locked ? null : (
          <Tooltip label={words.remove(file.name)}>
            <ActionIcon aria-label={words.remove(file.name)} onClick={askRemove}>
              <IconTrash size={16} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        )}
      </span>
    </li>
  )
}
