import { ActionIcon, Popover, Tooltip, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconCalendar, IconChevronDown, IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import styles from './picker.module.css'

interface Step {
  readonly label: string
  readonly run: () => void
}

interface PickerShellProps<T extends string> {
  /** What is chosen here, for the accessible name. */
  readonly label: string
  /** What is chosen now. */
  readonly text: string
  readonly note?: string | undefined
  readonly earlier: Step | null
  readonly later: Step | null
  readonly options: readonly { readonly value: T; readonly label: string; readonly note: string }[]
  readonly chosen: T | null
  readonly onChoose: (value: T) => void
  /** The fields for a choice of one's own. */
  readonly children: ReactNode
}

/** A choice of time: steps to either side, common choices, and fields for any other. */
export function PickerShell<T extends string>(props: PickerShellProps<T>) {
  const { label, text, note, earlier, later, options, chosen, onChoose, children } = props
  const [opened, { toggle, close }] = useDisclosure(false)
  return (
    <div className={styles.picker}>
      <StepButton step={earlier} icon={<IconChevronLeft size={16} />} />
      <Popover opened={opened} onChange={(next) => (next ? undefined : close())} position="bottom-start" trapFocus returnFocus>
        <Popover.Target>
          <UnstyledButton className={styles.button ?? ''} onClick={toggle}>
            <IconCalendar size={15} stroke={1.7} aria-hidden="true" />
            <span className="ch-visually-hidden">{label}: </span>
            {note ? <span className={styles.note}>{note}</span> : null}
            <span className={styles.text}>{text}</span>
            <IconChevronDown size={14} stroke={1.8} aria-hidden="true" />
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown p={0}>
          <div className={styles.dropdown}>
            <ul className={styles.options}>
              {options.map((option) => (
                <li key={option.value}>
                  <button
                    type="button"
                    className={styles.option}
                    aria-pressed={option.value === chosen}
                    onClick={() => {
                      onChoose(option.value)
                      close()
                    }}
                  >
                    <span>{option.label}</span>
                    <span className={styles.optionNote}>{option.note}</span>
                  </button>
                </li>
              ))}
            </ul>
            <div className={styles.fields}>{children}</div>
          </div>
        </Popover.Dropdown>
      </Popover>
      <StepButton step={later} icon={<IconChevronRight size={16} />} />
    </div>
  )
}

function StepButton({ step, icon }: { readonly step: Step | null; readonly icon: ReactNode }) {
  if (!step) return null
  return (
    <Tooltip label={step.label}>
      <ActionIcon aria-label={step.label} onClick={step.run}>
        {icon}
      </ActionIcon>
    </Tooltip>
  )
}
