import { Button } from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconFolderOpen, IconTrash } from '@tabler/icons-react'
import { callShell } from '../../api/bridge'
import { acceptShellState, useRead } from '../../api/queries'
import { useWorkplace } from '../../app/BusinessProvider'
import { Section } from '../../components/Page'
import section from '../../components/section.module.css'
import { toast } from '../../components/toasts'
import { DataLocation } from './DataLocation'
import styles from './settings.module.css'
import { words } from './words'

/** What the app talks to, where the data lies, and how the practice world is removed. */
export function PrivacySection() {
  const { shell } = useWorkplace()
  return (
    <>
      <Section title={words.hosts} note={words.hostsNote}>
        <Hosts />
      </Section>
      <Section
        title={words.data}
        note={words.dataNote}
        actions={
          <Button variant="default" leftSection={<IconFolderOpen size={15} />} onClick={showFolder}>
            {words.showFolder}
          </Button>
        }
      >
        <DataLocation />
      </Section>
      {shell.world === 'practice' ? (
        <Section title={words.practiceTitle} note={words.practiceNote}>
          <Button color="wax" leftSection={<IconTrash size={15} />} onClick={askToDelete}>
            {words.deletePractice}
          </Button>
        </Section>
      ) : null}
    </>
  )
}

function Hosts() {
  const { shell } = useWorkplace()
  const grants = useRead('grants.list', { active: true, limit: 200 })
  const granted = [...new Set((grants.data?.items ?? []).flatMap(({ hosts }) => hosts))].sort()
  if (shell.hosts.length + granted.length === 0) return <p className={section.note}>{words.noHosts}</p>
  return (
    <ul className={styles.hosts}>
      {shell.hosts.map((text) => {
        // "host (when it is contacted)"
        const [, host = text, when = ''] = /^(.*?) \((.*)\)$/.exec(text) ?? []
        return <Host key={text} host={host} when={when} />
      })}
      {granted.map((host) => (
        <Host key={host} host={host} when={words.granted} />
      ))}
    </ul>
  )
}

function Host({ host, when }: { readonly host: string; readonly when: string }) {
  return (
    <li>
      <span className={styles.host}>{host}</span>
      <span className={section.note}>{when}</span>
    </li>
  )
}

function showFolder(): void {
  callShell('shell.showDataFolder', {}).catch((error: unknown) => toast.failed(words.notShown, error))
}

function askToDelete(): void {
  modals.openConfirmModal({
    title: words.deleteTitle,
    children: words.deleteText,
    labels: { confirm: words.deletePractice, cancel: words.cancel },
    confirmProps: { color: 'wax' },
    onConfirm: () => {
      callShell('shell.deletePractice', {}).then(acceptShellState, (error: unknown) => toast.failed(words.notDeleted, error))
    },
  })
}
