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

/** Most bytes that the items of one file and their files come to once they are unpacked: a bomb must not exhaust the machine. */
export const mostUnpacked = 100 * 1024 * 1024

/** Adds up what is unpacked from one file. */
export class Unpacked {
  #bytes = 0

  /** Asked before the bytes are copied. @throws AppError invalid_input where they come to more than `mostUnpacked` */
  add(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes <= mostUnpacked) return
    throw damaged(
      'the file unpacks to more than 100 MiB. Save its largest attachments by themselves, take them out and export again.',
    )
  }
}

/**
 * The text of a file: UTF-8, or UTF-16 where a byte order mark says so; the mark is not part of it. A text of another encoding is
 * refused, since its passwords would be taken over with other letters.
 * @throws AppError invalid_input
 */
export function textOf(content: Buffer): string {
  const mark = content.subarray(0, 2).toString('hex')
  const encoding = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(content)
  } catch {
    throw damaged(
      'the text of the file is not in UTF-8. Save it anew in that encoding ("CSV UTF-8" in a spreadsheet) and try again.',
    )
  }
}

/** @throws AppError invalid_input */
export function parseJson(content: Buffer | string, what: string): unknown {
  const text = typeof content === 'string' ? content : textOf(content)
  if (!isModestJson(text)) throw damaged(`the file holds more than any ${what} does.`)
  try {
    return JSON.parse(text)
  } catch {
    throw damaged(`the file is no ${what}: it is not whole JSON. Export it again.`)
  }
}
