import { Button, Modal, TextInput } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import type { Output } from '../../../shared/contract/index'
import { runCommand, useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { FailureNote } from '../../components/FailureNote'
import { FormActions, FormStack } from '../../components/FormStack'
import { instantText } from '../../components/format'
import { Notice } from '../../components/Notice'
import { Section } from '../../components/Page'
import { QrCode } from '../../components/QrCode'
import section from '../../components/section.module.css'
import { toast } from '../../components/toasts'
import { AskPassphrase } from './AskPassphrase'
import styles from './security.module.css'
import { words } from './securityWords'
import { confirmStep } from './UnlockWays'

type Kit = Output<'vault.createRecoveryKit'>

/** The printed code that opens the vault when the passphrase is lost. */
export function RecoveryKit() {
  const business = useBusiness()
  const security = useRead('vault.security', {})
  const [making, setMaking] = useState(false)
  const [trying, setTrying] = useState(false)
  const [made, setMade] = useState<Kit | null>(null)
  const kit = security.data?.factors.find(({ kind }) => kind === 'kit')
  const when = (at: number) => instantText(at, business.timeZone)
  const make = async (passphrase: string) => {
    // Not through the query cache: the code must not stay there.
    const reply = await runCommand('vault.createRecoveryKit', { passphrase })
    setMaking(false)
    if (reply.status === 'done') setMade(reply.value)
  }
  const revoke = () =>
    confirmStep(words.revokeKitTitle, words.revokeKitText, words.revokeKit, () => {
      runCommand('vault.revokeRecoveryKit', {}).then(
        (reply) => (reply.status === 'done' ? toast.done(words.revoked) : toast.waiting(words.waits)),
        (error: unknown) => toast.failed(words.notRevoked, error),
      )
    })
  return (
    <Section title={words.kit} note={words.kitNote}>
      {security.data === undefined ? null : kit === undefined ? (
        <Notice icon={false} className={section.problem}>
          {words.kitNone}
        </Notice>
      ) : (
        <p className={styles.text}>
          {words.kitMade(when(kit.createdAt))}{' '}
          {kit.confirmedAt === null ? words.kitUntried : words.kitTried(when(kit.confirmedAt))}
        </p>
      )}
      <div className={section.buttons}>
        <Button variant={kit === undefined ? 'filled' : 'default'} onClick={() => setMaking(true)}>
          {kit === undefined ? words.makeKit : words.makeNewKit}
        </Button>
        {kit === undefined ? null : (
          <>
            <Button variant="default" onClick={() => setTrying(true)}>
              {words.tryKit}
            </Button>
            <Button variant="default" color="wax" onClick={revoke}>
              {words.revokeKit}
            </Button>
          </>
        )}
      </div>
      <AskPassphrase
        opened={making}
        title={words.makeKitTitle}
        text={words.makeKitText}
        button={words.makeKit}
        failed={words.kitNotMade}
        onSubmit={make}
        onClose={() => setMaking(false)}
      />
      <Modal
        opened={made !== null}
        onClose={() => setMade(null)}
        title={words.kitReady}
        size={560}
        lockScroll={false}
        closeOnClickOutside={false}
        closeOnEscape={false}
      >
        {made === null ? null : <Paper kit={made} onKept={() => setMade(null)} />}
      </Modal>
      <Modal opened={trying} onClose={() => setTrying(false)} title={words.tryKitTitle} size={440} lockScroll={false}>
        <TryKit onDone={() => setTrying(false)} />
      </Modal>
    </Section>
  )
}

function Paper({ kit, onKept }: { readonly kit: Kit; readonly onKept: () => void }) {
  return (
    <FormStack>
      <p className={styles.text}>{words.kitReadyText}</p>
      <div className={styles.paper} data-print>
        <h3>Countinghouse · {words.kit}</h3>
        <QrCode text={kit.code} label={words.kitCode} size={132} />
        <dl>
          <dt>{words.kitCode}</dt>
          <dd className={styles.kitCode}>{kit.code}</dd>
          <dt>{words.kitVault}</dt>
          <dd>{kit.vaultId}</dd>
          <dt>{words.kitKey}</dt>
          <dd>{kit.publicKey}</dd>
        </dl>
      </div>
      <FormActions>
        <Button variant="default" leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>
          {words.print}
        </Button>
        <Button onClick={onKept} data-autofocus>
          {words.kitKept}
        </Button>
      </FormActions>
    </FormStack>
  )
}

function TryKit({ onDone }: { readonly onDone: () => void }) {
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      const reply = await runCommand('vault.testRecoveryKit', { code: code.trim() })
      if (reply.status === 'done' && reply.value.ok) {
        toast.done(words.kitWorks)
        onDone()
      } else setProblem(words.kitWrong)
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <FormStack>
        <p className={styles.text}>{words.tryKitText}</p>
        <TextInput
          label={words.kitCode}
          value={code}
          maxLength={100}
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <FailureNote title={words.kitNotTried} error={problem} />
        <FormActions>
          <Button type="submit" loading={busy} disabled={code.trim() === ''}>
            {words.tryKit}
          </Button>
        </FormActions>
      </FormStack>
    </form>
  )
}
