import { Button } from '@mantine/core'
import { IconListDetails } from '@tabler/icons-react'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useRows } from '../../../api/pages'
import { useBusiness } from '../../../app/BusinessProvider'
import { EmptyState } from '../../../components/States'
import { DataTable } from '../../../components/table/DataTable'
import { ExportCsv } from '../../../components/table/ExportCsv'
import { useToday } from '../../../components/useToday'
import { AccountFilter } from '../accounts/AccountFilter'
import { PeriodPicker } from '../period/PeriodPicker'
import { useFollow } from '../view/trail'
import { Blank, View } from '../view/View'
import { RegisterSummary } from './RegisterSummary'
import { registerColumns, registerExportColumns, registerRowId } from './registerColumns'
import { useRegisterFigures } from './useRegisterFigures'
import { words } from './words'

const route = getRouteApi('/ledger/register')

/** Every posting of one account with the balance after it; asks for the account while none is chosen. */
export function Register() {
  const { account } = route.useSearch()
  const navigate = useNavigate()
  if (account !== undefined) return <RegisterOf account={account} />
  return (
    <View title={words.title} toolbar={<RegisterFilter account={undefined} />}>
      <Blank>
        <EmptyState
          icon={<IconListDetails size={22} stroke={1.6} />}
          title={words.choose}
          action={
            <Button variant="default" onClick={() => void navigate({ to: '/ledger/accounts' })}>
              {words.toChart}
            </Button>
          }
        >
          {words.chooseText}
        </EmptyState>
      </Blank>
    </View>
  )
}

function RegisterFilter({ account }: { readonly account: string | undefined }) {
  const navigate = route.useNavigate()
  return (
    <AccountFilter
      value={account}
      placeholder={words.choose}
      autoFocus={account === undefined}
      onChange={(next) => void navigate({ search: ({ from, to }) => ({ account: next, from, to }) })}
    />
  )
}

function RegisterOf({ account }: { readonly account: string }) {
  const business = useBusiness()
  const today = useToday(business.timeZone)
  const { currency, from, to } = route.useSearch()
  const navigate = route.useNavigate()
  const go = useNavigate()
  const follow = useFollow(account)
  const figures = useRegisterFigures({ account, currency, from, to })
  const filter = {
    businessId: business.id,
    account,
    ...(currency === undefined ? {} : { currency }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  }
  const list = useRows('ledger.register', filter)
  const whole = from === undefined && to === undefined && currency === undefined
  return (
    <View
      title={words.title}
      crumb={account}
      toolbar={
        <>
          <RegisterFilter account={account} />
          <PeriodPicker
            value={{ from, to }}
            today={today}
            open
            onChange={(period) =>
              void navigate({ search: (was) => ({ account: was.account, currency: was.currency, ...period }), replace: true })
            }
          />
        </>
      }
      actions={
        <ExportCsv
          name="ledger.register"
          filter={filter}
          columns={registerExportColumns}
          fileName={`register ${account
            .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
            .slice(0, 60)
            .trim()}.csv`}
        />
      }
    >
      <RegisterSummary
        account={account}
        currency={currency}
        figures={figures}
        onCurrency={(next) => void navigate({ search: (was) => ({ ...was, currency: next }), replace: true })}
      />
      <DataTable
        label={`${words.title}, ${account}`}
        list={list}
        columns={registerColumns}
        rowId={registerRowId}
        onOpen={(row) => void go({ to: '/ledger/entries/$entryId', params: { entryId: row.entryId }, state: follow })}
        empty={
          <EmptyState
            icon={<IconListDetails size={22} stroke={1.6} />}
            title={words.empty}
            action={
              whole ? undefined : (
                <Button variant="default" onClick={() => void navigate({ search: { account }, replace: true })}>
                  {words.wholeRegister}
                </Button>
              )
            }
          >
            {whole ? words.emptyWhole : words.emptyText}
          </EmptyState>
        }
      />
    </View>
  )
}
