import { ActionIcon, Menu } from '@mantine/core'
import { IconDotsVertical, IconFileExport, IconFileImport, IconLock } from '@tabler/icons-react'
import { runCommand } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { toast } from '../../components/toasts'
import { useClosePeriod } from './ClosePeriod'
import { useImport } from './ImportEntries'
import { words } from './words'

const formats = ['csv', 'hledger', 'beancount'] as const

/** Rarer work on the whole ledger: import, export, closing a period. */
export function LedgerMenu() {
  const business = useBusiness()
  const close = useClosePeriod()
  const importing = useImport()
  return (
    <>
      <Menu position="bottom-end" width={230}>
        <Menu.Target>
          <ActionIcon size={36} variant="default" aria-label={words.more}>
            <IconDotsVertical size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconFileImport size={15} />} onClick={importing.start}>
            {words.importFile}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>{words.export}</Menu.Label>
          {formats.map((format) => (
            <Menu.Item key={format} leftSection={<IconFileExport size={15} />} onClick={() => exportJournal(business.id, format)}>
              {words.exportFormats[format]}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconLock size={15} />} onClick={close.ask}>
            {words.close}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {close.dialog}
      {importing.dialog}
    </>
  )
}

function exportJournal(businessId: string, format: (typeof formats)[number]): void {
  runCommand('ledger.saveExport', { businessId, format }).then(
    (outcome) => {
      if (outcome.status === 'done' && outcome.value.saved) toast.done(words.exported)
    },
    (error: unknown) => toast.failed(words.notExported, error),
  )
}
