import { type FieldType, mostImported } from '../../../shared/contract/secrets'
import { isModestJson } from '../../../shared/domain/jsonSize'
import { AppError } from '../../../shared/errors'
import type { ForeignItem } from '../../core/ports/foreignVault'

type Field = ForeignItem['fields'][number]

/** The field, or nothing where the value is empty. */
export function field(name: string, type: FieldType, value: string | null | undefined): Field[] {
  return value === null || value === undefined || value === '' ? [] : [{ name, type, value }]
}

/** Words whose values are secret whatever the file says of them. */
const secretWords = /pass|secret|token|api.?key|private|pin\b|cvv|cvc|recovery|seed/i

/** The type of a field that its source does not tell. */
export function guessType(name: string, value: string): FieldType {
  if (secretWords.test(name)) return 'hidden'
  if (/^https?:\/\/\S+$/.test(value)) return 'url'
  if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) return 'email'
  return value.includes('\n') ? 'multiline' : 'text'
}

export function damaged(what: string): AppError {
  return new AppError('invalid_input', `Nothing was imported: ${what}`)
}

/** @throws AppError invalid_input where there are more items than one import takes */
export function checkCount(items: readonly unknown[]): void {
  if (items.length <= mostImported) return
  throw damaged(`the file holds more than ${mostImported.toLocaleString('en')} items. Import it in parts.`)
}

export function parseJson(text: string, what: string): unknown {
  if (!isModestJson(text)) throw damaged(`the file holds more than any ${what} does.`)
  try {
    return JSON.parse(text)
  } catch {
    throw damaged(`the file is no ${what}: it is not whole JSON. Export it again.`)
  }
}
