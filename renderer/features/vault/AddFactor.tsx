import { Button, Modal, PinInput } from '@mantine/core'
import { useState } from 'react'
import { messageOf } from '../../api/failure'
import { runCommand } from '../../api/queries'
import { CopyIcon } from '../../components/CopyText'
import { FailureNote } from '../../components/FailureNote'
import { FormActions, FormStack } from '../../components/FormStack'
import { QrCode } from '../../components/QrCode'
import { toast } from '../../components/toasts'
import { AskPassphrase } from './AskPassphrase'
import { createPasskey } from './passkey'
import styles from './security.module.css'
import { words } from './securityWords'

export type AddableKind = 'totp' | 'passkey' | 'keychain'

interface AddFactorProps {
  /** Null: closed. */
  readonly kind: AddableKind | null
  readonly onClose: () => void
}

interface Unconfirmed {
  readonly factorId: string
  readonly uri: string
}

/** Adds a way to open the vault, or a code generator, whose first code is asked for. */
export function AddFactor({ kind, onClose }: AddFactorProps) {
  const [unconfirmed, setUnconfirmed] = useState<Unconfirmed | null>(null)
  const add = async (passphrase: string) => {
    if (kind === null) return
    const label = words.kinds[kind]
    const passkey = kind === 'passkey' ? { passkey: await createPasskey(label) } : {}
    const reply = await runCommand('vault.addFactor', { kind, passphrase, label, ...passkey })
    onClose()
    if (reply.status !== 'done') toast.waiting(words.waits)
    else if (reply.value.otpauthUri === null) toast.done(words.addedToast)
    else setUnconfirmed({ factorId: reply.value.factor.id, uri: reply.value.otpauthUri })
  }
  return (
    <>
      <AskPassphrase
        opened={kind !== null}
        title={kind === null ? '' : words.addTitle[kind]}
        text={kind === null ? '' : words.addText[kind]}
        button={words.go}
        failed={words.notAdded}
        onSubmit={add}
        onClose={onClose}
      />
      <Modal
        opened={unconfirmed !== null}
        onClose={() => setUnconfirmed(null)}
        title={words.addTitle.totp}
        size={460}
        lockScroll={false}
        closeOnClickOutside={false}
      >
        {unconfirmed === null ? null : <FirstCode {...unconfirmed} onDone={() => setUnconfirmed(null)} />}
      </Modal>
    </>
  )
}

function FirstCode({ factorId, uri, onDone }: Unconfirmed & { readonly onDone: () => void }) {
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [tries, setTries] = useState(0)
  const confirm = async (full: string) => {
    try {
      await runCommand('vault.confirmFactor', { factorId, code: full })
      toast.done(words.confirmedToast)
      onDone()
    } catch (error) {
      setProblem(messageOf(error))
      setCode('')
      // A new field begins at its first digit again.
      setTries((was) => was + 1)
    }
  }
  return (
    <FormStack>
      <p className={styles.text}>{words.scan}</p>
      <div className={styles.qr}>
        <QrCode text={uri} label={words.scan} />
      </div>
      <div>
        <p className={styles.text}>{words.orType}</p>
        <div className={styles.setupKey}>
          <code>{setupKey(uri)}</code>
          <CopyIcon text={uri} label={words.copySetup} brief />
        </div>
      </div>
      <PinInput
        key={tries}
        length={6}
        autoFocus
        type="number"
        oneTimeCode
        value={code}
        onChange={(next) => {
          setProblem(null)
          setCode(next)
        }}
        onComplete={(full) => void confirm(full)}
        getInputProps={(index) => ({ 'aria-label': `${words.firstCode} ${index + 1}` })}
        error={problem !== null}
      />
      <FailureNote title={words.notAdded} error={problem} />
      <FormActions>
        <Button disabled={code.length !== 6} onClick={() => void confirm(code)}>
          {words.confirm}
        </Button>
      </FormActions>
    </FormStack>
  )
}

/** The key that is typed where no code can be scanned, in groups of four. */
function setupKey(uri: string): string {
  const secret = new URL(uri).searchParams.get('secret') ?? ''
  return secret.replace(/(.{4})(?=.)/g, '$1 ')
}
