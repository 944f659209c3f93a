import { Group, MultiSelect, TextInput } from '@mantine/core'
import { timeWords as words } from './words'

interface HoursAndDaysProps {
  /** Times of day as "09:00"; empty while none is chosen. */
  readonly from: string
  readonly to: string
  /** "1" for Monday to "7" for Sunday; none: every day. */
  readonly weekdays: readonly string[]
  /** What is wrong with the hours. */
  readonly problem: string | undefined
  readonly onChange: (part: { readonly from?: string; readonly to?: string; readonly weekdays?: readonly string[] }) => void
}

/** The hours and days within which something holds. */
export function HoursAndDays({ from, to, weekdays, problem, onChange }: HoursAndDaysProps) {
  return (
    <>
      <Group grow align="flex-start">
        <TextInput
          type="time"
          label={words.from}
          value={from}
          error={problem}
          onChange={(event) => onChange({ from: event.currentTarget.value })}
        />
        <TextInput type="time" label={words.to} value={to} onChange={(event) => onChange({ to: event.currentTarget.value })} />
      </Group>
      <MultiSelect
        label={words.weekdays}
        placeholder={weekdays.length === 0 ? words.everyDay : ''}
        data={words.weekdayNames.map((label, index) => ({ value: String(index + 1), label }))}
        value={[...weekdays]}
        onChange={(days) => onChange({ weekdays: days })}
      />
    </>
  )
}
