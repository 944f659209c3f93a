import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core'
import { IconBookUpload, IconDotsVertical, IconDownload, IconLockSquare, IconPlus } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useCommand } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { useShortcut } from '../../app/shortcuts'
import { toast } from '../../components/toasts'
import styles from './ledger.module.css'
import { ClosePeriod } from './period/ClosePeriod'
import { words as periodWords } from './period/words'
import { startImport, useImportJob } from './transfer/importJob'
import { words as transferWords } from './transfer/words'
import { words } from './words'

const formats = ['csv', 'hledger', 'beancount'] as const

/** What can be done with the books as a whole. */
export function LedgerActions() {
  const business = useBusiness()
  const navigate = useNavigate()
  const [closing, setClosing] = useState(false)
  const importing = useImportJob(business.id)?.state === 'running'
  const write = () => void navigate({ to: '/ledger/post' })
  useShortcut('n', words.newEntry, write)
  const save = useCommand('ledger.saveExport', {
    onDone: ({ saved }) => saved && toast.done(transferWords.export.saved),
    onAwaitingApproval: () => toast.waiting(words.waits),
    onError: (error) => toast.failed(transferWords.export.failed, error),
  })
  return (
    <>
      <Menu position="bottom-end" width={270}>
        <Menu.Target>
          <Tooltip label={words.more}>
            <ActionIcon variant="default" size={36} aria-label={words.more} loading={save.isPending}>
              <IconDotsVertical size={16} />
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconBookUpload size={16} />}
            disabled={importing}
            onClick={() => void startImport(business.id)}
          >
            {transferWords.import.action}…<span className={styles.menuNote}>{transferWords.import.help}</span>
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>{transferWords.export.action}</Menu.Label>
          {formats.map((format) => (
            <Menu.Item
              key={format}
              leftSection={<IconDownload size={16} />}
              onClick={() => save.mutate({ businessId: business.id, format })}
            >
              {transferWords.export[format]}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconLockSquare size={16} />} onClick={() => setClosing(true)}>
            {periodWords.close.action}…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Button leftSection={<IconPlus size={16} />} onClick={write}>
        {words.newEntry}
      </Button>
      <ClosePeriod opened={closing} onClose={() => setClosing(false)} />
    </>
  )
}
