import { Menu } from '@mantine/core'
import { IconCalendar, IconCheck, IconChevronDown } from '@tabler/icons-react'
import { useState } from 'react'
import { DateField } from '../../components/DateField'
import { dateText } from '../../components/format'
import { namedDays, namedPeriods, type Period } from './periods'
import styles from './pickers.module.css'
import { words } from './words'

interface PeriodPickerProps {
  readonly today: string
  /** Null: all time, where `withAllTime` allows it. */
  readonly value: Period | null
  readonly onChange: (period: Period | null) => void
  readonly withAllTime?: boolean
}

/** Which dates a report covers: a named period, or two dates. */
export function PeriodPicker({ today, value, onChange, withAllTime = false }: PeriodPickerProps) {
  const named = namedPeriods(today)
  const known = named.find((period) => period.from === value?.from && period.to === value.to)
  const [custom, setCustom] = useState(value !== null && known === undefined)
  const label = value === null ? words.allTime : (known?.label ?? words.custom)
  return (
    <div className={styles.picker}>
      <Menu position="bottom-start" width={210}>
        <Menu.Target>
          <button type="button" className={styles.button} aria-label={`${words.period}: ${label}`}>
            <IconCalendar size={15} stroke={1.7} aria-hidden="true" />
            <span>{label}</span>
            <IconChevronDown size={14} aria-hidden="true" />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {withAllTime ? (
            <Item
              label={words.allTime}
              chosen={value === null}
              onClick={() => {
                setCustom(false)
                onChange(null)
              }}
            />
          ) : null}
          {named.map((period) => (
            <Item
              key={period.id}
              label={period.label}
              chosen={period.id === known?.id}
              onClick={() => {
                setCustom(false)
                onChange({ from: period.from, to: period.to })
              }}
            />
          ))}
          <Menu.Divider />
          <Item label={words.custom} chosen={custom} onClick={() => setCustom(true)} />
        </Menu.Dropdown>
      </Menu>
      {custom ? (
        <>
          <DateField
            aria-label={words.from}
            today={today}
            w={150}
            value={value?.from ?? null}
            onChange={(from) => from && onChange({ from, to: value && value.to >= from ? value.to : from })}
          />
          <span className={styles.dash}>–</span>
          <DateField
            aria-label={words.to}
            today={today}
            w={150}
            value={value?.to ?? null}
            onChange={(to) => to && onChange({ from: value && value.from <= to ? value.from : to, to })}
          />
        </>
      ) : value ? (
        <span className={styles.dates}>
          {dateText(value.from)} – {dateText(value.to)}
        </span>
      ) : null}
    </div>
  )
}

interface DayPickerProps {
  readonly today: string
  readonly value: string
  readonly onChange: (day: string) => void
}

/** As of which day a report stands. */
export function DayPicker({ today, value, onChange }: DayPickerProps) {
  const known = namedDays(today).find((day) => day.on === value)
  const [custom, setCustom] = useState(known === undefined)
  const label = known && !custom ? known.label : words.custom
  return (
    <div className={styles.picker}>
      <Menu position="bottom-start" width={210}>
        <Menu.Target>
          <button type="button" className={styles.button} aria-label={`${words.asOf}: ${label}`}>
            <IconCalendar size={15} stroke={1.7} aria-hidden="true" />
            <span>{label}</span>
            <IconChevronDown size={14} aria-hidden="true" />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {namedDays(today).map((day) => (
            <Item
              key={day.id}
              label={day.label}
              chosen={day.id === known?.id && !custom}
              onClick={() => {
                setCustom(false)
                onChange(day.on)
              }}
            />
          ))}
          <Menu.Divider />
          <Item label={words.custom} chosen={custom} onClick={() => setCustom(true)} />
        </Menu.Dropdown>
      </Menu>
      {custom ? (
        <DateField aria-label={words.asOf} today={today} w={150} value={value} onChange={(day) => day && onChange(day)} />
      ) : (
        <span className={styles.dates}>{words.through(dateText(value))}</span>
      )}
    </div>
  )
}

function Item({ label, chosen, onClick }: { readonly label: string; readonly chosen: boolean; readonly onClick: () => void }) {
  return (
    <Menu.Item onClick={onClick} rightSection={chosen ? <IconCheck size={14} /> : null}>
      {label}
    </Menu.Item>
  )
}
