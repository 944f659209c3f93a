import { Button, Tooltip } from '@mantine/core'
import { IconEdit, IconRestore, IconShieldLock, IconTrash } from '@tabler/icons-react'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import type { Secret } from '../../../../shared/contract/secrets'
import { useRead } from '../../../api/queries'
import { useWorkplace } from '../../../app/BusinessProvider'
import { useShortcut } from '../../../app/shortcuts'
import { Facts } from '../../../components/Facts'
import { FailedPage } from '../../../components/FailedPage'
import { capital, distanceText, instantText } from '../../../components/format'
import { Page, Section } from '../../../components/Page'
import { LoadingRows } from '../../../components/States'
import { useNow } from '../../../components/useNow'
import { Files } from '../files/Files'
import { KindIcon } from '../KindIcon'
import { mainField } from '../kinds'
import { RotationPanel } from '../rotation/RotationPanel'
import { bringBack, copyField, deleteSecret } from '../secretActions'
import { words as common } from '../words'
import { Access } from './Access'
import { Dependants } from './Dependants'
import { History } from './History'
import { SecretFields } from './SecretFields'
import styles from './secret.module.css'
import { Usage } from './Usage'
import { useRevealed } from './useRevealed'
import { words } from './words'

const route = getRouteApi('/vault/$secretId')
const binDays = 30

/** One item of the vault: its values, its files, its rotation, its past, and who can reach it. */
export function SecretPage() {
  const { secretId } = route.useParams()
  const secret = useRead('secrets.get', { secretId })
  if (secret.isPending) return <LoadingRows />
  if (secret.isError) return <FailedPage what={common.one} query={secret} back={<Link to="/vault">{common.title}</Link>} />
  // A new version is another value: nothing that was shown of the old one stays.
  return <SecretView key={`${secretId} ${secret.data.version}`} secret={secret.data} />
}

function SecretView({ secret }: { readonly secret: Secret }) {
  const navigate = useNavigate()
  const revealed = useRevealed(secret.id)
  const inBin = secret.deletedAt !== null
  const main = mainField(secret.fields)
  // Between the two values of a rotation nothing may slip in.
  const canEdit = !inBin && secret.rotationPhase !== 'added' && secret.rotationPhase !== 'tested'
  const hiddenMain = main && main.value === null ? main : undefined
  const edit = () => void navigate({ to: '/vault/$secretId/edit', params: { secretId: secret.id } })
  const remove = async () => {
    if (await deleteSecret(secret)) void navigate({ to: '/vault' })
  }
  useShortcut('e', words.editShortcut, edit, { enabled: canEdit })
  useShortcut('c', common.copyShortcut, () => main && void copyField(secret.id, main), {
    enabled: !inBin && main !== undefined,
  })
  useShortcut('r', words.revealShortcut, () => hiddenMain && revealed.toggle(hiddenMain.name), {
    enabled: !inBin && hiddenMain !== undefined,
  })
  return (
    <Page
      fill
      back={<Link to="/vault">{common.title}</Link>}
      title={
        <>
          <KindIcon kind={secret.kind} large />
          <span className={styles.title}>{secret.title}</span>
          {secret.sensitive ? (
            <Tooltip label={common.sensitive}>
              <IconShieldLock size={18} stroke={1.7} className={styles.shield} role="img" aria-label={common.sensitive} />
            </Tooltip>
          ) : null}
        </>
      }
      actions={
        inBin ? (
          <Button leftSection={<IconRestore size={15} />} onClick={() => void bringBack(secret.id)}>
            {words.bringBack}
          </Button>
        ) : (
          <>
            <Button variant="default" leftSection={<IconTrash size={15} />} onClick={() => void remove()}>
              {words.remove}
            </Button>
            <Tooltip label={words.noEditNow} disabled={canEdit}>
              <Button
                leftSection={<IconEdit size={15} />}
                aria-disabled={!canEdit}
                data-disabled={!canEdit}
                onClick={() => canEdit && edit()}
              >
                {words.edit}
              </Button>
            </Tooltip>
          </>
        )
      }
    >
      <div className={styles.view}>
        <div className={styles.main}>
          {inBin ? <BinNote deletedAt={secret.deletedAt ?? 0} /> : null}
          <Section title={words.fields}>
            <SecretFields secret={secret} revealed={revealed} />
          </Section>
          <Files secret={secret} />
          <Usage secretId={secret.id} />
          <History secret={secret} />
        </div>
        <aside className={styles.side} aria-label={words.about}>
          {inBin ? null : <RotationPanel secret={secret} />}
          <About secret={secret} />
          <Dependants secret={secret} />
          {inBin ? null : <Access secretId={secret.id} />}
        </aside>
      </div>
    </Page>
  )
}

function BinNote({ deletedAt }: { readonly deletedAt: number }) {
  const now = useNow(60_000)
  return (
    <div className={styles.bin} role="status">
      <IconTrash size={16} stroke={1.8} aria-hidden="true" />
      {words.inBin(distanceText(deletedAt + binDays * 86_400_000, now))}
    </div>
  )
}

function About({ secret }: { readonly secret: Secret }) {
  const { business, businesses } = useWorkplace()
  const now = useNow(60_000)
  const owner =
    secret.businessId === null
      ? common.vaultWide
      : (businesses.find((own) => own.id === secret.businessId)?.name ?? secret.businessId)
  const when = (at: number) => <span title={instantText(at, business.timeZone)}>{capital(distanceText(at, now))}</span>
  return (
    <section>
      <h2>{words.about}</h2>
      <Facts
        items={[
          [words.kind, common.kinds[secret.kind]],
          [words.owner, owner],
          secret.tags.length === 0
            ? null
            : [
                words.tags,
                <span key="tags" className={styles.tags}>
                  {secret.tags.map((tag) => (
                    <Link key={tag} to="/vault" search={{ tag }} className={styles.tagLink}>
                      {tag}
                    </Link>
                  ))}
                </span>,
              ],
          [words.used, secret.lastUsedAt === null ? common.never : when(secret.lastUsedAt)],
          [words.changed, when(secret.updatedAt)],
          [words.created, when(secret.createdAt)],
        ]}
      />
    </section>
  )
}
