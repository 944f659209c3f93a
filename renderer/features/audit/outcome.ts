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

/** A detail of a row as text: plain values as they are, anything nested as JSON. */
export function detailText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return value === null ? '—' : JSON.stringify(value)
}
