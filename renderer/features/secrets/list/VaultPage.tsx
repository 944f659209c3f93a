import { ActionIcon, Button, Menu } from '@mantine/core'
import {
  IconCalendarDue,
  IconDotsVertical,
  IconFileExport,
  IconFileImport,
  IconPlus,
  IconShieldLock,
  IconTrash,
  IconUserShield,
} from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useCallback, useMemo, useRef, useState } from 'react'
import type { SecretSummary } from '../../../../shared/contract/secrets'
import { useRows } from '../../../api/pages'
import { useWorkplace } from '../../../app/BusinessProvider'
import { useShortcut } from '../../../app/shortcuts'
import { Page } from '../../../components/Page'
import { EmptyState } from '../../../components/States'
import { DataTable } from '../../../components/table/DataTable'
import { ExportCsv } from '../../../components/table/ExportCsv'
import { useNow } from '../../../components/useNow'
import { copyMain } from '../secretActions'
import { ExportDialog } from '../transfer/ExportDialog'
import { words as common } from '../words'
import { secretColumns, secretExportColumns } from './secretColumns'
import { VaultFilters } from './VaultFilters'
import { type VaultSearch, vaultFilter } from './vaultFilter'
import { words } from './words'

const route = getRouteApi('/vault')

/** What opens the business: every key, login, card, account, note and file. */
export function VaultPage() {
  const { business, businesses } = useWorkplace()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const now = useNow(60_000)
  const [exporting, setExporting] = useState(false)
  const active = useRef<SecretSummary | undefined>(undefined)
  const onActive = useCallback((row: SecretSummary | undefined) => {
    active.current = row
  }, [])
  const { everywhere = false } = search
  const filter = vaultFilter(search, business.id)
  const list = useRows('secrets.list', filter)
  const settings = useMemo(() => {
    const names = new Map(businesses.map((own) => [own.id, own.name]))
    const ownerOf = (businessId: string | null) =>
      businessId === null ? common.vaultWide : (names.get(businessId) ?? businessId)
    return { timeZone: business.timeZone, now, ownerOf }
  }, [business.timeZone, businesses, now])
  const columns = useMemo(
    () => secretColumns({ ...settings, ownerOf: everywhere ? settings.ownerOf : null }),
    [settings, everywhere],
  )
  const exported = useMemo(() => secretExportColumns(settings), [settings])

  const change = (part: VaultSearch) => void navigate({ search: (was) => ({ ...was, ...part }), replace: true })
  const add = () => void navigate({ to: '/vault/new', search: search.kind ? { kind: search.kind } : {} })
  useShortcut('n', words.add, add)
  useShortcut('c', common.copyShortcut, () => {
    if (active.current && active.current.deletedAt === null) void copyMain(active.current.id)
  })

  return (
    <Page
      fill
      title={common.title}
      actions={
        <>
          <ExportCsv
            name="secrets.list"
            filter={filter}
            columns={exported}
            fileName="vault items.csv"
            label={words.exportList}
            disabled={list.rows.length === 0}
          />
          <Button
            variant="default"
            leftSection={<IconCalendarDue size={15} />}
            onClick={() => void navigate({ to: '/vault/expiring' })}
          >
            {words.expiring}
          </Button>
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon variant="default" size={36} aria-label={words.more}>
                <IconDotsVertical size={17} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconUserShield size={15} />} onClick={() => void navigate({ to: '/vault/access' })}>
                {common.access}
              </Menu.Item>
              <Menu.Item leftSection={<IconFileImport size={15} />} onClick={() => void navigate({ to: '/vault/import' })}>
                {words.importFile}
              </Menu.Item>
              <Menu.Item leftSection={<IconFileExport size={15} />} onClick={() => setExporting(true)}>
                {words.exportFile}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
          <Button leftSection={<IconPlus size={16} />} onClick={add}>
            {words.add}
          </Button>
        </>
      }
      toolbar={<VaultFilters search={search} onChange={change} />}
    >
      <DataTable
        label={common.title}
        list={list}
        columns={columns}
        rowId={(row) => row.id}
        onOpen={(row) => void navigate({ to: '/vault/$secretId', params: { secretId: row.id } })}
        onActive={onActive}
        empty={
          <Nothing
            search={search}
            onAdd={add}
            onImport={() => void navigate({ to: '/vault/import' })}
            onClear={() => void navigate({ search: {}, replace: true })}
          />
        }
      />
      <ExportDialog opened={exporting} onClose={() => setExporting(false)} />
    </Page>
  )
}

interface NothingProps {
  readonly search: VaultSearch
  readonly onAdd: () => void
  readonly onImport: () => void
  readonly onClear: () => void
}

function Nothing({ search, onAdd, onImport, onClear }: NothingProps) {
  const { query, kind, tag, view } = search
  const icon = { size: 22, stroke: 1.6 }
  if (query || kind || tag) {
    return (
      <EmptyState
        icon={<IconShieldLock {...icon} />}
        title={words.noneFound}
        action={
          <Button variant="default" onClick={onClear}>
            {words.clearFilters}
          </Button>
        }
      >
        {words.noneFoundText}
      </EmptyState>
    )
  }
  if (view === 'bin') {
    return (
      <EmptyState icon={<IconTrash {...icon} />} title={words.emptyBin}>
        {words.emptyBinText}
      </EmptyState>
    )
  }
  if (view === 'due') {
    return (
      <EmptyState icon={<IconCalendarDue {...icon} />} title={words.emptyDue}>
        {words.emptyDueText}
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={<IconShieldLock {...icon} />}
      title={words.empty}
      action={
        <>
          <Button leftSection={<IconPlus size={16} />} onClick={onAdd}>
            {words.add}
          </Button>
          <Button variant="default" leftSection={<IconFileImport size={15} />} onClick={onImport}>
            {words.emptyImport}
          </Button>
        </>
      }
    >
      {words.emptyText}
    </EmptyState>
  )
}
