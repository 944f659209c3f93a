import { ActionIcon, Menu, TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconCheck, IconDots, IconPencil, IconTrash } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { type FieldType, fieldTypes, type SecretKind } from '../../../../shared/contract/secrets'
import { FieldValue } from './FieldValue'
import styles from './form.module.css'
import type { FieldDraft } from './secretDraft'
import { words } from './words'

interface FieldEditorProps {
  readonly kind: SecretKind
  readonly field: FieldDraft
  readonly problem: string | undefined
  readonly first: boolean
  readonly last: boolean
  /** It was just added: its name is asked for at once. */
  readonly naming: boolean
  readonly onChange: (change: Partial<FieldDraft>) => void
  readonly onMove: (steps: -1 | 1) => void
  readonly onRemove: () => void
}

/** One field of the form with the menu that renames, types, moves and removes it. */
export function FieldEditor(props: FieldEditorProps) {
  const { kind, field, problem, first, last, naming, onChange, onMove, onRemove } = props
  const [renaming, setRenaming] = useState(naming)
  const row = useRef<HTMLDivElement>(null)
  const name = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (renaming) name.current?.select()
  }, [renaming])
  const stopRenaming = (toValue: boolean) => {
    setRenaming(false)
    // Once the name is typed, the value comes next.
    if (toValue) requestAnimationFrame(() => row.current?.querySelector<HTMLElement>('input, textarea')?.focus())
  }
  const moveBy = (steps: -1 | 1) => {
    onMove(steps)
    requestAnimationFrame(() => row.current?.querySelector<HTMLElement>('button[aria-haspopup="menu"]')?.focus())
  }
  return (
    <div ref={row} className={styles.field} data-wide={field.type === 'multiline' || undefined}>
      <div className={styles.fieldMain}>
        {renaming ? (
          <TextInput
            ref={name}
            label={words.fieldName}
            value={field.name}
            maxLength={60}
            mb={8}
            autoComplete="off"
            error={problem}
            onChange={(event) => onChange({ name: event.currentTarget.value })}
            onBlur={() => stopRenaming(false)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' && event.key !== 'Escape') return
              event.preventDefault()
              event.stopPropagation()
              stopRenaming(true)
            }}
          />
        ) : null}
        <FieldValue kind={kind} field={field} label={field.name} problem={renaming ? undefined : problem} onChange={onChange} />
      </div>
      <Menu position="bottom-end" width={210} closeOnItemClick>
        <Menu.Target>
          <ActionIcon className={styles.fieldMenu ?? ''} aria-label={words.fieldMenu(field.name)}>
            <IconDots size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={15} />} disabled={field.kept} onClick={() => setRenaming(true)}>
            {words.rename}
          </Menu.Item>
          <Menu.Item leftSection={<IconArrowUp size={15} />} disabled={first} onClick={() => moveBy(-1)}>
            {words.moveUp}
          </Menu.Item>
          <Menu.Item leftSection={<IconArrowDown size={15} />} disabled={last} onClick={() => moveBy(1)}>
            {words.moveDown}
          </Menu.Item>
          <Menu.Item leftSection={<IconTrash size={15} />} color="wax" onClick={onRemove}>
            {words.removeField}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>{field.kept ? words.keptRename : words.type}</Menu.Label>
          {field.kept
            ? null
            : fieldTypes.map((type: FieldType) => (
                <Menu.Item
                  key={type}
                  rightSection={type === field.type ? <IconCheck size={15} /> : null}
                  onClick={() => onChange({ type })}
                >
                  {words.fieldTypes[type]}
                </Menu.Item>
              ))}
        </Menu.Dropdown>
      </Menu>
    </div>
  )
}
