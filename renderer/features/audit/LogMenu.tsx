import { Button, Menu } from '@mantine/core'
import { IconBriefcase, IconChevronDown, IconDownload, IconMapPin } from '@tabler/icons-react'
import { useState } from 'react'
import type { Input } from '../../../shared/contract/index'
import { useCommand } from '../../api/queries'
import { toast } from '../../components/toasts'
import { Anchors } from './Anchors'
import styles from './audit.module.css'
import { words } from './words'

interface LogMenuProps {
  /** What the list shows now; the exports hold the same. */
  readonly filter: Omit<Input<'audit.export'>, 'format'>
}

const formats = ['csv', 'jsonl'] as const

/** What can be done with the log as a whole: exports, and the places that keep its heads. */
export function LogMenu({ filter }: LogMenuProps) {
  const [showsAnchors, setShowsAnchors] = useState(false)
  const save = useCommand('audit.save', {
    onDone: ({ saved }) => saved && toast.done(words.export.saved),
    onError: (error) => toast.failed(words.export.failed, error),
  })
  return (
    <>
      <Menu position="bottom-end" width={300}>
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={15} />} loading={save.isPending}>
            {words.export.action}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {formats.map((format) => (
            <Menu.Item key={format} leftSection={<IconDownload size={16} />} onClick={() => save.mutate({ format, ...filter })}>
              {words.export[format]}…<span className={styles.menuNote}>{words.export.notes[format]}</span>
            </Menu.Item>
          ))}
          <Menu.Item leftSection={<IconBriefcase size={16} />} onClick={() => save.mutate({ format: 'accountant' })}>
            {words.export.accountant}…<span className={styles.menuNote}>{words.export.notes.accountant}</span>
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<IconMapPin size={16} />} onClick={() => setShowsAnchors(true)}>
            {words.anchors.action}…<span className={styles.menuNote}>{words.anchors.menuNote}</span>
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Anchors opened={showsAnchors} onClose={() => setShowsAnchors(false)} />
    </>
  )
}
