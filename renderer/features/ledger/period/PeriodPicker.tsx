import { useState } from 'react'
import { monthsBetween } from '../../../../shared/domain/dates'
import { DateField } from '../../../components/DateField'
import { dateText } from '../../../components/format'
import { PickerShell } from './PickerShell'
import { closedPeriod, type OpenPeriod, type Period, periodOf, periodPresets, periodText, presetOf, shiftPeriod } from './period'
import { words } from './words'

interface PeriodPickerProps {
  readonly value: OpenPeriod
  readonly onChange: (period: OpenPeriod) => void
  /** Today in the business's time zone. */
  readonly today: string
}

interface OpenPeriodPickerProps extends PeriodPickerProps {
  /** Whether a side may stay open: "All days", "Since Nov 1". */
  readonly open?: boolean
}

const all = 'all'
const mostMonths = 1200

/** From which day to which day. */
export function PeriodPicker({ value, onChange, today, open = false }: OpenPeriodPickerProps) {
  const period = closedPeriod(value)
  const preset = period ? presetOf(period, today) : null
  const isAll = value.from === undefined && value.to === undefined
  const step = (direction: -1 | 1) => period && { run: () => onChange(shiftPeriod(period, direction)) }
  const earlier = step(-1)
  const later = step(1)
  const options = periodPresets.map((name) => ({
    value: name,
    label: words.periods[name],
    note: periodText(periodOf(name, today)),
  }))
  return (
    <PickerShell
      label={words.period}
      text={openPeriodText(value)}
      note={preset ? words.periods[preset] : undefined}
      earlier={earlier && { ...earlier, label: words.earlier }}
      later={later && { ...later, label: words.later }}
      options={open ? [{ value: all, label: words.allTime, note: '' }, ...options] : options}
      chosen={isAll ? all : preset}
      onChoose={(name) => onChange(name === all ? {} : periodOf(name, today))}
    >
      <CustomPeriod key={`${value.from ?? ''} ${value.to ?? ''}`} value={value} onChange={onChange} today={today} open={open} />
    </PickerShell>
  )
}

function CustomPeriod({ value, onChange, today, open }: PeriodPickerProps & { readonly open: boolean }) {
  const [from, setFrom] = useState<string | null>(value.from ?? null)
  const [to, setTo] = useState<string | null>(value.to ?? null)
  const problem = problemOf(from, to)
  const change = (nextFrom: string | null, nextTo: string | null) => {
    setFrom(nextFrom)
    setTo(nextTo)
    if (problemOf(nextFrom, nextTo) !== null || (!open && (nextFrom === null || nextTo === null))) return
    onChange({ ...(nextFrom === null ? {} : { from: nextFrom }), ...(nextTo === null ? {} : { to: nextTo }) })
  }
  const within = { popoverProps: { withinPortal: false }, clearable: open, w: 160 }
  return (
    <>
      <DateField label={words.from} today={today} value={from} onChange={(date) => change(date, to)} {...within} />
      <DateField label={words.to} today={today} value={to} onChange={(date) => change(from, date)} error={problem} {...within} />
    </>
  )
}

function problemOf(from: string | null, to: string | null): string | null {
  if (from === null || to === null) return null
  if (to < from) return words.endsBeforeItBegins
  return monthsBetween(from, to).length > mostMonths ? words.longestPeriod : null
}

function openPeriodText({ from, to }: OpenPeriod): string {
  const period: Period | null = closedPeriod({ from, to })
  if (period) return periodText(period)
  if (from !== undefined) return words.since(dateText(from))
  return to === undefined ? words.allTime : words.through(dateText(to))
}
