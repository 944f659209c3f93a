import { ActionIcon, Button, Select, Switch, TextInput } from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconAlertTriangle, IconCircleCheck, IconPlus, IconX } from '@tabler/icons-react'
import { Link, useBlocker, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useMemo, useState } from 'react'
import { newRequestId } from '../../api/bridge'
import { useCommand } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { useShortcut } from '../../app/shortcuts'
import { DateField } from '../../components/DateField'
import { FailureNote } from '../../components/FailureNote'
import { moneyText } from '../../components/format'
import { MoneyField } from '../../components/MoneyField'
import { Page } from '../../components/Page'
import { toast } from '../../components/toasts'
import { useToday } from '../../components/useToday'
import { currencyOptions } from '../businesses/places'
import { AccountSelect } from './AccountSelect'
import { balanceWith, checkEntry, type DraftEntry, type DraftPosting, emptyPosting, imbalances } from './entryDraft'
import styles from './post.module.css'
import { words } from './words'

/** Posts a journal entry by hand; it cannot be sent while it does not balance. */
export function PostEntryPage() {
  const business = useBusiness()
  const navigate = useNavigate()
  const today = useToday(business.timeZone)
  const [requestId] = useState(newRequestId)
  const [draft, setDraft] = useState<DraftEntry>({
    occurredOn: today,
    description: '',
    postings: [emptyPosting(business.currency), emptyPosting(business.currency)],
  })
  const [touched, setTouched] = useState(false)
  const [checked, setChecked] = useState(false)
  const change = (next: Partial<DraftEntry>) => {
    setTouched(true)
    setDraft({ ...draft, ...next })
  }
  const leave = (entryId: string) =>
    void navigate({ to: '/ledger/entries/$entryId', params: { entryId }, ignoreBlocker: true, replace: true })
  const post = useCommand('ledger.post', {
    onDone: ({ entryId }) => {
      toast.done(words.posted)
      leave(entryId)
    },
    onAwaitingApproval: () => {
      toast.waiting(words.waits, words.waitsText)
      void navigate({ to: '/approvals', ignoreBlocker: true, replace: true })
    },
  })
  useBlocker({ enableBeforeUnload: false, shouldBlockFn: async () => touched && !(await confirmLeaving()) })
  const check = checkEntry(draft)
  const problems = checked && !check.ok ? check.problems : {}
  const submit = () => {
    setChecked(true)
    if (check.ok) {
      post.mutate({ businessId: business.id, requestId, ...check.input, postings: [...check.input.postings] })
    }
  }
  useShortcut('mod+enter', words.post, submit)

  return (
    <Page
      back={<Link to="/ledger/journal">{words.journal}</Link>}
      title={words.postTitle}
      note={words.postNote}
      actions={
        <Button onClick={submit} loading={post.isPending}>
          {words.post}
        </Button>
      }
    >
      <form
        className={styles.form}
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          submit()
        }}
      >
        <div className={styles.top}>
          <DateField
            label={words.date}
            today={today}
            value={draft.occurredOn}
            onChange={(occurredOn) => change({ occurredOn })}
            error={problems.date}
          />
          <TextInput
            label={words.description}
            autoFocus
            maxLength={500}
            placeholder={words.descriptionNote}
            value={draft.description}
            error={problems.description}
            onChange={(event) => change({ description: event.currentTarget.value })}
          />
        </div>
        <Postings draft={draft} problems={problems} onChange={(postings) => change({ postings })} />
        <FailureNote title={words.notPosted} error={post.error} />
        <button type="submit" hidden tabIndex={-1} aria-hidden="true" />
      </form>
    </Page>
  )
}

interface PostingsProps {
  readonly draft: DraftEntry
  readonly problems: Readonly<Record<string, string>>
  readonly onChange: (postings: readonly DraftPosting[]) => void
}

function Postings({ draft, problems, onChange }: PostingsProps) {
  const business = useBusiness()
  const [several, setSeveral] = useState(false)
  const currencies = useMemo(() => currencyOptions(), [])
  const { postings } = draft
  const open = imbalances(postings)
  const set = (changed: DraftPosting) => onChange(postings.map((posting) => (posting.key === changed.key ? changed : posting)))
  const remove = (key: string) => onChange(postings.filter((posting) => posting.key !== key))
  return (
    <fieldset className={styles.postings} data-several={several || undefined}>
      <legend className="ch-visually-hidden">{words.postings}</legend>
      <div className={styles.head} aria-hidden="true">
        <span>{words.account}</span>
        {several ? <span>{words.currency}</span> : null}
        <span>{words.debit}</span>
        <span>{words.credit}</span>
      </div>
      {postings.map((posting, index) => {
        const name = words.posting(index + 1)
        const amountProblem = problems[`${posting.key}.amount`]
        return (
          <div key={posting.key} className={styles.row}>
            <AccountSelect
              ariaLabel={`${name}: ${words.account}`}
              value={posting.account}
              error={problems[`${posting.key}.account`]}
              placeholder={words.chooseAccount}
              onChange={(account) => set({ ...posting, account })}
              onOptionSubmit={(account) => set(balanceWith(postings, { ...posting, account }))}
            />
            {several ? (
              <Select
                aria-label={`${name}: ${words.currency}`}
                data={currencies}
                searchable
                allowDeselect={false}
                value={posting.currency}
                onChange={(currency) => currency && set({ ...posting, currency, debit: null, credit: null })}
              />
            ) : null}
            <MoneyField
              aria-label={`${name}: ${words.debit}`}
              currency={posting.currency}
              minor={posting.debit}
              withSymbol={false}
              error={amountProblem}
              onMinor={(debit) => set({ ...posting, debit, credit: debit === null ? posting.credit : null })}
            />
            <MoneyField
              aria-label={`${name}: ${words.credit}`}
              currency={posting.currency}
              minor={posting.credit}
              withSymbol={false}
              error={amountProblem !== undefined}
              onMinor={(credit) => set({ ...posting, credit, debit: credit === null ? posting.debit : null })}
            />
            {postings.length > 2 ? (
              <ActionIcon aria-label={words.removePosting(index + 1)} size="sm" onClick={() => remove(posting.key)} mt={7}>
                <IconX size={14} />
              </ActionIcon>
            ) : null}
          </div>
        )
      })}
      <div className={styles.foot}>
        <Button
          variant="subtle"
          size="xs"
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange([...postings, emptyPosting(postings.at(-1)?.currency ?? business.currency)])}
        >
          {words.addPosting}
        </Button>
        <Switch
          size="xs"
          label={words.severalCurrencies}
          checked={several}
          onChange={(event) => setSeveral(event.currentTarget.checked)}
        />
        <output className={styles.balance} data-even={open.length === 0 || undefined}>
          {open.length === 0 ? <IconCircleCheck size={16} stroke={1.8} /> : <IconAlertTriangle size={16} stroke={1.8} />}
          {open.length === 0
            ? words.balancedNow
            : open.map((amount) => words.difference(moneyText({ ...amount, minor: Math.abs(amount.minor) }))).join(' · ')}
        </output>
      </div>
      {problems.postings ? (
        <p className={styles.problem} role="alert">
          {problems.postings}
        </p>
      ) : null}
    </fieldset>
  )
}

function confirmLeaving(): Promise<boolean> {
  return new Promise((resolve) => {
    modals.openConfirmModal({
      title: words.leaveTitle,
      children: words.leaveText,
      labels: { confirm: words.leave, cancel: words.stay },
      confirmProps: { color: 'wax' },
      onConfirm: () => resolve(true),
      onCancel: () => resolve(false),
      onClose: () => resolve(false),
    })
  })
}
