import { Button } from '@mantine/core'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useRows } from '../../api/pages'
import { useBusiness } from '../../app/BusinessProvider'
import { useShortcut } from '../../app/shortcuts'
import { Page } from '../../components/Page'
import { Segments } from '../../components/Segments'
import { EmptyState } from '../../components/States'
import { DataTable } from '../../components/table/DataTable'
import { BlastRadius } from './BlastRadius'
import { grantColumns } from './grantColumns'
import { NewGrant } from './NewGrant'
import { words } from './words'

const route = getRouteApi('/vault/access')

/** Who besides the owner may use or see secrets, with what they did with it. */
export function AccessPage() {
  const business = useBusiness()
  const { view = 'active', give } = route.useSearch()
  const navigate = route.useNavigate()
  const list = useRows('grants.list', { businessId: business.id, ...(view === 'active' ? { active: true } : {}) })
  const [openId, setOpenId] = useState<string | undefined>()
  const [creating, setCreating] = useState(give !== undefined)
  const columns = useMemo(() => grantColumns(business.timeZone), [business.timeZone])
  useShortcut('n', words.give, () => setCreating(true))
  const close = () => {
    setCreating(false)
    if (give !== undefined) void navigate({ search: (was) => ({ ...was, give: undefined }), replace: true })
  }
  return (
    <Page
      fill
      back={<Link to="/vault">{words.back}</Link>}
      title={words.title}
      note={words.note}
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
          {words.give}
        </Button>
      }
      toolbar={
        <Segments
          label={words.view}
          value={view}
          options={[
            { value: 'active', label: words.active },
            { value: 'all', label: words.all },
          ]}
          onChange={(next) => void navigate({ search: (was) => ({ ...was, view: next }), replace: true })}
        />
      }
    >
      <DataTable
        label={words.title}
        list={list}
        columns={columns}
        rowId={(grant) => grant.id}
        onOpen={(grant) => setOpenId(grant.id)}
        openId={openId}
        empty={
          <EmptyState
            icon={<IconKey size={22} stroke={1.6} />}
            title={view === 'active' ? words.noneActive : words.empty}
            action={
              <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
                {words.give}
              </Button>
            }
          >
            {words.emptyText}
          </EmptyState>
        }
      />
      <NewGrant opened={creating} secretId={give} onClose={close} />
      <BlastRadius grant={list.rows.find(({ id }) => id === openId) ?? null} onClose={() => setOpenId(undefined)} />
    </Page>
  )
}
