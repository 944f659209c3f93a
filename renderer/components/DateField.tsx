import { DateInput, type DateInputProps } from '@mantine/dates'
import { IconCalendar } from '@tabler/icons-react'
import { dateText } from './format'
import { parseTypedDate } from './typedDate'

interface DateFieldProps extends Omit<DateInputProps, 'value' | 'onChange' | 'valueFormat' | 'dateParser'> {
  readonly value: string | null
  readonly onChange: (date: string | null) => void
  /** Today in the business's time zone, for "today" and "+14". */
  readonly today: string
}

/** A calendar date, typed in the reader's own way or chosen. */
export function DateField({ value, onChange, today, ...rest }: DateFieldProps) {
  return (
    <DateInput
      value={value}
      onChange={onChange}
      valueFormat={(date) => dateText(date)}
      dateParser={(text) => parseTypedDate(text, today)}
      leftSection={<IconCalendar size={15} stroke={1.7} aria-hidden="true" />}
      highlightToday
      popoverProps={{ shadow: 'md', radius: 'md' }}
      {...rest}
    />
  )
}
