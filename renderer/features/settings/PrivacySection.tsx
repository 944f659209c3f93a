import { Button } from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconFolderOpen, IconTrash } from '@tabler/icons-react'
import { callShell } from '../../api/bridge'
import { acceptShellState } from '../../api/queries'
import { useWorkplace } from '../../app/BusinessProvider'
import { Section } from '../../components/Page'
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
        {shell.hosts.length === 0 ? (
          <p className={styles.note}>{words.noHosts}</p>
        ) : (
          <ul className={styles.hosts}>
            {shell.hosts.map((host) => (
              <li key={host}>{host}</li>
            ))}
          </ul>
        )}
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
