import { Center, Loader, Modal } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { Attachment } from '../../../../shared/contract/secrets'
import { FailureNote } from '../../../components/FailureNote'
import { readAttachment } from './fileActions'
import { isImage } from './fileKinds'
import styles from './files.module.css'
import { words } from './words'

interface FilePreviewProps {
  /** Null: closed. */
  readonly file: Attachment | null
  /** A function that stays the same: the file is read anew when it changes. */
  readonly onClose: () => void
}

/** A file in the window. Its content lives here alone, and goes when the dialog closes or the window loses the focus. */
export function FilePreview({ file, onClose }: FilePreviewProps) {
  return (
    <Modal opened={file !== null} onClose={onClose} title={file?.name ?? ''} size="xl" lockScroll={false}>
      {file ? <Content key={file.id} file={file} onClose={onClose} /> : null}
    </Modal>
  )
}

function Content({ file, onClose }: { readonly file: Attachment; readonly onClose: () => void }) {
  const [base64, setBase64] = useState<string | null>(null)
  const [error, setError] = useState<unknown>(null)
  useEffect(() => {
    let current = true
    readAttachment(file.id).then(
      (content) => {
        if (!current) return
        if (content) setBase64(content.base64)
        else onClose()
      },
      (failure: unknown) => current && setError(failure),
    )
    window.addEventListener('blur', onClose)
    return () => {
      current = false
      window.removeEventListener('blur', onClose)
    }
  }, [file.id, onClose])
  if (error !== null) return <FailureNote title={words.notPreviewed} error={error} />
  if (base64 === null) {
    return (
      <Center h={160}>
        <Loader size="sm" color="slate" aria-label={words.preview} />
      </Center>
    )
  }
  if (isImage(file)) return <img src={`data:${file.mediaType};base64,${base64}`} alt={file.name} className={styles.picture} />
  return (
    // A long text scrolls; the keyboard must reach it to do so.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region
    <pre className={styles.text} tabIndex={0}>
      {new TextDecoder().decode(Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0)))}
    </pre>
  )
}
