import { DateField } from '../../../components/DateField'
import { dateText } from '../../../components/format'
import { PickerShell } from './PickerShell'
import { dayOf, dayPresets, shiftToMonthEnd } from './period'
import { words } from './words'

interface DayPickerProps {
  readonly value: string
  readonly onChange: (day: string) => void
  /** Today in the business's time zone. */
  readonly today: string
}

/** The last day that counts. */
export function DayPicker({ value, onChange, today }: DayPickerProps) {
  return (
    <PickerShell
      label={words.day}
      text={words.asOf(dateText(value))}
      earlier={{ label: words.monthEndBefore, run: () => onChange(shiftToMonthEnd(value, -1)) }}
      later={{ label: words.monthEndAfter, run: () => onChange(shiftToMonthEnd(value, 1)) }}
      options={dayPresets.map((preset) => ({
        value: preset,
        label: words.days[preset],
        note: dateText(dayOf(preset, today)),
      }))}
      chosen={dayPresets.find((preset) => dayOf(preset, today) === value) ?? null}
      onChoose={(preset) => onChange(dayOf(preset, today))}
    >
      <DateField
        label={words.day}
        today={today}
        value={value}
        onChange={(day) => day !== null && onChange(day)}
        popoverProps={{ withinPortal: false }}
        w={160}
      />
    </PickerShell>
  )
}
