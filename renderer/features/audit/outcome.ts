import { z } from 'zod'
import { money } from '../../../shared/domain/money'
import { instantText, moneyText } from '../../components/format'
import type { Tone } from '../../components/StatusPill'
import { words } from './words'

/** How a step ended, for a pill: `failed:conflict` is a failure with its code. */
export function outcomeOf(outcome: string): { readonly text: string; readonly tone: Tone } {
  const [kind = '', code] = outcome.split(':')
  const text = words.outcomes[kind] ?? outcome
  if (kind === 'done') return { text, tone: 'green' }
  if (kind === 'awaiting_approval') return { text, tone: 'brass' }
  // Nothing went wrong: whoever asked was to show first that it is them.
  if (code === 'step_up_required') return { text: words.askedProof, tone: 'quiet' }
  if (kind === 'failed' || kind.startsWith('refused'))
    return { text: code ? `${text}: ${words.codes[code] ?? code.replaceAll('_', ' ')}` : text, tone: 'wax' }
  return { text, tone: 'quiet' }
}

/** The name of a detail as a person writes it: "inputDigest" is "Input digest". */
export function detailName(name: string): string {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, (_, before: string, next: string) => `${before} ${next.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const instant = z.int().min(1e12)
const list = z.array(z.union([z.string(), z.number()]))

/**
 * A detail of a row as text: an instant (UTC epoch milliseconds under a name that ends in "At") in the business's time zone, amounts and lists
 * as people write them, anything else that is nested as JSON.
 */
export function detailText(name: string, value: unknown, timeZone: string): string {
  if (name.endsWith('At') && instant.safeParse(value).success) return instantText(instant.parse(value), timeZone)
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if (typeof value === 'boolean') return words.yesNo[value ? 'yes' : 'no']
  if (value === null) return '—'
  const amount = money.safeParse(value)
  if (amount.success) return moneyText(amount.data)
  const items = list.safeParse(value)
  return items.success ? items.data.join('\n') || '—' : JSON.stringify(value)
}
