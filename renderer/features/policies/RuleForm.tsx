import { Button, Group, Select, Switch } from '@mantine/core'
import { type FormEvent, useMemo, useState } from 'react'
import type { Policy } from '../../../shared/contract/policies'
import { runCommand, useCommand } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { FailureNote } from '../../components/FailureNote'
import { FormActions, FormStack } from '../../components/FormStack'
import { MoneyField } from '../../components/MoneyField'
import { toast } from '../../components/toasts'
import { Backtest } from './Backtest'
import { governable } from './governable'
import styles from './policies.module.css'
import { RuleConditions } from './RuleConditions'
import { draftOf, problemsOf, type RuleDraft, ruleOf } from './ruleDraft'
import { words } from './words'

export interface Editing {
  readonly procedure: string | null
  /** Null: a new rule. */
  readonly policy: Policy | null
}

const coolings = [10, 30, 60, 240, 1440]
const timeouts = [24, 48, 72, 168]

/** Writes a rule: what it is about, when it applies, what it does, and what approving then takes. */
export function RuleForm({ editing, onClose }: { readonly editing: Editing; readonly onClose: () => void }) {
  const business = useBusiness()
  const procedures = useMemo(() => [{ value: '*', label: words.anything }, ...governable()], [])
  const { policy } = editing
  const [draft, setDraft] = useState(() => draftOf(policy, editing.procedure))
  const [checked, setChecked] = useState(false)
  const currency = policy?.over?.currency ?? policy?.when.dailySumOver?.currency ?? business.currency
  const change = (part: Partial<RuleDraft>) => setDraft((was) => ({ ...was, ...part }))
  const problems = problemsOf(draft)
  const whole = Object.keys(problems).length === 0
  const rule = ruleOf(draft, policy?.businessId ?? business.id, currency)
  const set = useCommand('policies.set', {
    onDone: (saved) => {
      onClose()
      toast.done(words.saved, saved.sentence, policy ? { label: words.undo, run: () => putBack(policy, saved) } : undefined)
    },
    onAwaitingApproval: () => {
      onClose()
      toast.waiting(words.waits, words.waitsText)
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setChecked(true)
    if (whole) set.mutate(rule)
  }
  return (
    <form onSubmit={submit} noValidate>
      <FormStack>
        <Select
          label={words.procedure}
          placeholder={words.procedurePlaceholder}
          data-autofocus={policy === null || undefined}
          openOnFocus={false}
          data={procedures}
          searchable
          allowDeselect={false}
          disabled={policy !== null}
          value={draft.procedure}
          error={checked && problems.procedure ? words.procedureMissing : null}
          onChange={(procedure) => change({ procedure })}
        />
        <Select
          label={words.decision}
          data={[...words.decisions]}
          allowDeselect={false}
          value={draft.decision}
          onChange={(next) =>
            change({ decision: words.decisions.find((option) => option.value === next)?.value ?? draft.decision })
          }
        />
        <Group align="center" gap={14} wrap="nowrap" mih={36}>
          <Switch
            label={words.limit}
            checked={draft.limited}
            onChange={(event) => change({ limited: event.currentTarget.checked })}
          />
          {draft.limited ? (
            <MoneyField
              aria-label={words.limitAmount}
              currency={currency}
              minor={draft.over}
              onMinor={(over) => change({ over })}
              error={checked && problems.over ? words.limitMissing : null}
              flex={1}
            />
          ) : null}
        </Group>
        <RuleConditions draft={draft} currency={currency} wrongHours={checked && problems.hours === true} onChange={change} />
        {draft.decision === 'ask' ? <RuleDemands draft={draft} onChange={change} /> : null}
        <Switch
          label={words.allBusinesses}
          checked={draft.everywhere}
          disabled={policy !== null}
          onChange={(event) => change({ everywhere: event.currentTarget.checked })}
        />
        {whole ? <Backtest rule={rule} /> : null}
        <FailureNote title={words.notSaved} error={set.error} />
        <FormActions>
          <Button variant="default" onClick={onClose}>
            {words.cancel}
          </Button>
          <Button type="submit" loading={set.isPending}>
            {words.save}
          </Button>
        </FormActions>
      </FormStack>
    </form>
  )
}

interface RuleDemandsProps {
  readonly draft: RuleDraft
  readonly onChange: (part: Partial<RuleDraft>) => void
}

function RuleDemands({ draft, onChange }: RuleDemandsProps) {
  const choice = (values: readonly number[], text: (value: number) => string) =>
    values.map((value) => ({ value: String(value), label: text(value) }))
  const number = (value: string | null) => (value === null ? null : Number(value))
  return (
    <fieldset className={styles.fieldset}>
      <legend>{words.demands}</legend>
      <FormStack>
        <Switch
          label={words.stepUp}
          checked={draft.stepUp}
          onChange={(event) => onChange({ stepUp: event.currentTarget.checked })}
        />
        <Switch
          label={words.second}
          description={words.secondNote}
          checked={draft.second}
          onChange={(event) => onChange({ second: event.currentTarget.checked })}
        />
        <Group grow align="flex-start">
          <Select
            label={words.cooling}
            placeholder={words.noCooling}
            clearable
            data={choice(coolings, words.coolingMinutes)}
            value={draft.coolingMinutes === null ? null : String(draft.coolingMinutes)}
            onChange={(value) => onChange({ coolingMinutes: number(value) })}
          />
          <Select
            label={words.timeout}
            placeholder={words.timeoutHours(72)}
            clearable
            data={choice(timeouts, words.timeoutHours)}
            value={draft.timeoutHours === null ? null : String(draft.timeoutHours)}
            onChange={(value) => onChange({ timeoutHours: number(value) })}
          />
        </Group>
      </FormStack>
    </fieldset>
  )
}

/** Puts a rule back as it was before the last change; where the change made it another rule, that one goes. */
function putBack(before: Policy, saved: Policy): void {
  const { procedure, decision, businessId, over, when, demands } = before
  const undo = async () => {
    const reply = await runCommand('policies.set', {
      procedure,
      decision,
      when,
      demands,
      ...(businessId === null ? {} : { businessId }),
      ...(over === null ? {} : { over }),
    })
    if (reply.status === 'done' && JSON.stringify(saved.when) !== JSON.stringify(when)) {
      await runCommand('policies.remove', { policyId: saved.id })
    }
    if (reply.status === 'done') toast.done(words.undone)
    else toast.waiting(words.waits, words.waitsText)
  }
  undo().catch((error: unknown) => toast.failed(words.notUndone, error))
}
