import { Button, Modal, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconPlus } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { type AccountType, accountName, accountTypes } from '../../../shared/domain/ids'
import { useCommand, useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { FailureNote } from '../../components/FailureNote'
import { FormActions, FormStack } from '../../components/FormStack'
import { Money } from '../../components/Money'
import { ErrorState, LoadingRows } from '../../components/States'
import { toast } from '../../components/toasts'
import { AccountPath } from './AccountPath'
import { rootOf } from './reports'
import styles from './reports.module.css'
import { words } from './words'

/** The chart of accounts with what each holds now. */
export function Accounts() {
  const business = useBusiness()
  const [adding, setAdding] = useState(false)
  const accounts = useRead('ledger.accounts', { businessId: business.id, limit: 200 })
  const balances = useRead('ledger.trialBalance', { businessId: business.id })
  const rowsOf = (account: string) => balances.data?.rows.filter((row) => row.account === account) ?? []
  return (
    <>
      <div className={styles.bar}>
        <Button variant="default" leftSection={<IconPlus size={15} />} onClick={() => setAdding(true)}>
          {words.newAccount}
        </Button>
      </div>
      <div className={styles.scroll}>
        {accounts.isError ? (
          <ErrorState what={words.accounts} error={accounts.error} onRetry={() => void accounts.refetch()} />
        ) : !accounts.data ? (
          <LoadingRows />
        ) : (
          <table className={styles.report} data-narrow={true}>
            <thead>
              <tr>
                <th scope="col">{words.account}</th>
                <th scope="col">{words.columns.balance}</th>
              </tr>
            </thead>
            {accountTypes.map((type) => (
              <tbody key={type}>
                <tr className={styles.group}>
                  <th scope="rowgroup" colSpan={2}>
                    {words.types[type]}
                  </th>
                </tr>
                {accounts.data.items
                  .filter((account) => account.type === type)
                  .map(({ account }) => (
                    <tr key={account} className={styles.row}>
                      <th scope="row">
                        <Link
                          to="/ledger/register"
                          search={{ account }}
                          className={styles.figure}
                          title={words.openRegister(account)}
                        >
                          <AccountPath account={account} />
                        </Link>
                      </th>
                      <td className={styles.several}>
                        {rowsOf(account).length === 0 ? <span className={styles.zero}>–</span> : null}
                        {rowsOf(account).map((row) => (
                          <Money key={row.currency} amount={row} />
                        ))}
                      </td>
                    </tr>
                  ))}
              </tbody>
            ))}
          </table>
        )}
      </div>
      <Modal opened={adding} onClose={() => setAdding(false)} title={words.newAccount} size={460} lockScroll={false}>
        {adding ? (
          <AccountForm known={accounts.data?.items.map((account) => account.account) ?? []} onClose={() => setAdding(false)} />
        ) : null}
      </Modal>
    </>
  )
}

function AccountForm({ known, onClose }: { readonly known: readonly string[]; readonly onClose: () => void }) {
  const business = useBusiness()
  const form = useForm({
    initialValues: { account: 'expenses:' },
    validate: {
      account: (path) =>
        !accountName.safeParse(path.trim()).success
          ? words.accountWrong
          : known.includes(path.trim())
            ? words.accountExists
            : null,
    },
  })
  const create = useCommand('ledger.createAccount', {
    onDone: ({ account }) => {
      onClose()
      toast.done(words.created(account))
    },
    onAwaitingApproval: () => {
      onClose()
      toast.waiting(words.waits, words.waitsText)
    },
  })
  const submit = form.onSubmit(({ account }) => {
    const path = account.trim()
    create.mutate({ businessId: business.id, account: path, type: typeOf(path) })
  })
  return (
    <form onSubmit={submit} noValidate>
      <FormStack>
        <TextInput
          label={words.accountPath}
          description={words.accountPathNote}
          data-autofocus
          spellCheck={false}
          maxLength={200}
          {...form.getInputProps('account')}
        />
        <FailureNote title={words.notCreated} error={create.error} />
        <FormActions>
          <Button variant="default" onClick={onClose}>
            {words.cancel}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {words.create}
          </Button>
        </FormActions>
      </FormStack>
    </form>
  )
}

function typeOf(path: string): AccountType {
  return accountTypes.find((type) => type === rootOf(path)) ?? 'expenses'
}
