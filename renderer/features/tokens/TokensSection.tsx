import { Button, Switch } from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { Token } from '../../../shared/contract/vault'
import { callShell } from '../../api/bridge'
import { useRows } from '../../api/pages'
import { runCommand } from '../../api/queries'
import { useBusiness, useWorkplace } from '../../app/BusinessProvider'
import { CopyButton, CopyIcon } from '../../components/CopyText'
import { instantText } from '../../components/format'
import { ListTable } from '../../components/ListTable'
import { Section } from '../../components/Page'
import { StatusPill } from '../../components/StatusPill'
import section from '../../components/section.module.css'
import { toast } from '../../components/toasts'
import { NewToken } from './NewToken'
import { scopesText } from './scopeGroups'
import { words } from './words'

/** The door for other programs, and the tokens they come with. */
export function TokensSection() {
  return (
    <>
      <ApiDoor />
      <TokenList />
    </>
  )
}

function ApiDoor() {
  const { shell } = useWorkplace()
  const [token, setToken] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const { on, url } = shell.apiDoor
  const turn = async (next: boolean) => {
    setBusy(true)
    try {
      const answer = await callShell('shell.setApiDoor', { on: next })
      setToken(answer.token ?? null)
    } catch (error) {
      toast.failed(words.doorFailed, error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Section title={words.door} note={words.doorNote}>
      <Switch
        label={on ? words.doorOn : words.doorOff}
        checked={on}
        disabled={busy}
        onChange={(event) => void turn(event.currentTarget.checked)}
      />
      {on && url ? (
        <p className={section.code}>
          {url} <CopyIcon text={url} label={words.copyAddress} />
        </p>
      ) : null}
      {on && token ? (
        <div className={section.card}>
          <strong>{words.doorToken}</strong>
          <p className={section.note}>{words.doorTokenText}</p>
          <div className={section.secret}>{token}</div>
          <div className={section.buttons}>
            <CopyButton text={token} label={words.copy} />
            <Button onClick={() => setToken(null)}>{words.close}</Button>
          </div>
        </div>
      ) : null}
    </Section>
  )
}

function TokenList() {
  const business = useBusiness()
  const list = useRows('tokens.list', {})
  const [creating, setCreating] = useState(false)
  return (
    <Section
      title={words.tokens}
      note={words.tokensNote}
      actions={
        <Button variant="default" leftSection={<IconPlus size={15} />} onClick={() => setCreating(true)}>
          {words.create}
        </Button>
      }
    >
      <ListTable
        what={words.tokens}
        list={list}
        none={words.none}
        heads={[words.columns.name, words.columns.expires, words.columns.used, words.columns.action]}
        actions
        rowId={(token) => token.id}
        cells={(token) => [
          <TokenName key="name" token={token} />,
          instantText(token.expiresAt, business.timeZone),
          token.lastUsedAt === null ? words.never : instantText(token.lastUsedAt, business.timeZone),
          <TokenState key="state" token={token} />,
        ]}
      />
      <NewToken opened={creating} onClose={() => setCreating(false)} />
    </Section>
  )
}

function TokenName({ token }: { readonly token: Token }) {
  return (
    <>
      {token.name}
      <span className={section.scope}>{scopesText(token.scopes)}</span>
    </>
  )
}

function TokenState({ token }: { readonly token: Token }) {
  const ended = token.expiresAt <= Date.now()
  if (token.revokedAt !== null || ended) {
    return (
      <StatusPill tone="quiet" mark="bar">
        {token.revokedAt === null ? words.expired : words.revoked}
      </StatusPill>
    )
  }
  return (
    <Button size="xs" variant="default" onClick={() => askToRevoke(token)}>
      {words.revoke}
    </Button>
  )
}

function askToRevoke(token: Token): void {
  modals.openConfirmModal({
    title: words.revokeTitle(token.name),
    children: words.revokeText,
    labels: { confirm: words.revoke, cancel: words.cancel },
    confirmProps: { color: 'wax' },
    onConfirm: () => {
      runCommand('tokens.revoke', { tokenId: token.id }).then(
        (outcome) => {
          if (outcome.status === 'done') toast.done(words.revokedToast)
          else toast.waiting(words.waits, words.waitsText)
        },
        (error: unknown) => toast.failed(words.notRevoked, error),
      )
    },
  })
}
