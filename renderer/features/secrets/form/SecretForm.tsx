import { Button, Select, Switch, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useWorkplace } from '../../../app/BusinessProvider'
import { Section } from '../../../components/Page'
import { Segments } from '../../../components/Segments'
import { kindIcons, kindOrder } from '../kinds'
import { words as common } from '../words'
import { FieldEditor } from './FieldEditor'
import styles from './form.module.css'
import { asKind, type DraftProblems, type FieldDraft, moved, newFieldDraft, type SecretDraft } from './secretDraft'
import { TagsField } from './TagsField'
import { words } from './words'

interface SecretFormProps {
  readonly draft: SecretDraft
  /** A new item may still become another kind or another's. */
  readonly isNew: boolean
  readonly problems: DraftProblems
  readonly onChange: (draft: SecretDraft) => void
}

/** The form of an item: what it is, its fields, and how carefully it is kept. */
export function SecretForm({ draft, isNew, problems, onChange }: SecretFormProps) {
  const { business } = useWorkplace()
  const [added, setAdded] = useState<string | null>(null)
  const change = (part: Partial<SecretDraft>) => onChange({ ...draft, ...part })
  const changeField = (key: string, part: Partial<FieldDraft>) =>
    change({ fields: draft.fields.map((field) => (field.key === key ? { ...field, ...part } : field)) })
  const addField = () => {
    const field = newFieldDraft(words.newFieldName, 'text')
    setAdded(field.key)
    change({ fields: [...draft.fields, field] })
  }
  return (
    <div className={styles.form}>
      {isNew ? <KindChoice draft={draft} onChange={onChange} /> : null}
      <div className={styles.head}>
        <TextInput
          label={words.title}
          placeholder={words.titlePlaceholder}
          autoFocus
          maxLength={200}
          value={draft.title}
          error={problems.title}
          onChange={(event) => change({ title: event.currentTarget.value })}
        />
        <TagsField value={draft.tags} onChange={(tags) => change({ tags })} />
      </div>
      {isNew ? (
        <div className={styles.owner}>
          <span>{words.owner}</span>
          <Segments
            label={words.owner}
            value={draft.businessId === null ? 'vault' : 'business'}
            options={[
              { value: 'business', label: business.name },
              { value: 'vault', label: words.vaultWide },
            ]}
            onChange={(value) => change({ businessId: value === 'vault' ? null : business.id })}
          />
        </div>
      ) : null}

      <Section title={words.fields}>
        <div className={styles.fields}>
          {draft.fields.map((field, index) => (
            <FieldEditor
              key={field.key}
              kind={draft.kind}
              field={field}
              problem={problems.fields[field.key]}
              first={index === 0}
              last={index === draft.fields.length - 1}
              naming={field.key === added}
              onChange={(part) => changeField(field.key, part)}
              onMove={(steps) => change({ fields: moved(draft.fields, index, index + steps) })}
              onRemove={() => change({ fields: draft.fields.filter((other) => other.key !== field.key) })}
            />
          ))}
        </div>
        <Button variant="subtle" size="xs" px={6} leftSection={<IconPlus size={14} />} onClick={addField}>
          {words.addField}
        </Button>
        {isNew && draft.kind === 'file' ? <p className={styles.note}>{words.filesLater}</p> : null}
      </Section>

      <div className={styles.settings}>
        <Switch
          label={words.sensitive}
          description={words.sensitiveText}
          checked={draft.sensitive}
          onChange={(event) => change({ sensitive: event.currentTarget.checked })}
        />
        <RotationSelect days={draft.rotateEveryDays} onChange={(rotateEveryDays) => change({ rotateEveryDays })} />
      </div>
    </div>
  )
}

function KindChoice({ draft, onChange }: Pick<SecretFormProps, 'draft' | 'onChange'>) {
  return (
    <fieldset className={styles.kinds}>
      <legend>{words.kind}</legend>
      {kindOrder.map((kind) => {
        const Icon = kindIcons[kind]
        return (
          <button
            key={kind}
            type="button"
            className={styles.kind}
            aria-pressed={draft.kind === kind}
            onClick={() => onChange(asKind(draft, kind))}
          >
            <Icon size={18} stroke={1.7} aria-hidden="true" />
            {common.kinds[kind]}
          </button>
        )
      })}
    </fieldset>
  )
}

interface RotationSelectProps {
  readonly days: number | null
  readonly onChange: (days: number | null) => void
  readonly label?: string
  /** The label is read out only: the place says it already. */
  readonly inline?: boolean
}

/** After how many days an item is due. */
export function RotationSelect({ days, onChange, label = words.rotate, inline = false }: RotationSelectProps) {
  const value = days === null ? 'never' : String(days)
  const usual = words.rotations.map((option) => ({ ...option }))
  const own = usual.some((option) => option.value === value) ? [] : [{ value, label: words.everyOther(days ?? 0) }]
  return (
    <Select
      {...(inline ? { 'aria-label': label } : { label })}
      data={[...own, ...usual]}
      value={value}
      allowDeselect={false}
      w={220}
      onChange={(next) => onChange(next === null || next === 'never' ? null : Number(next))}
    />
  )
}
