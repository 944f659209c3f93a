import { type ImportLine, importLine } from '../../../../shared/contract/ledger'
import { isCurrency } from '../../../../shared/domain/currency'
import { isoDate } from '../../../../shared/domain/dates'
import { accountName } from '../../../../shared/domain/ids'
import { wordsOf } from '../../dispatch/inputError'
import { imbalance } from '../balanced'

/** Why a line is no journal entry, as the end of a sentence that begins with its number. */
export class BadLine extends Error {
  readonly code: 'invalid_input' | 'too_large' | 'period_closed'

  constructor(reason: string, code: BadLine['code'] = 'invalid_input') {
    super(reason)
    this.code = code
  }
}

const plainText = /^[\x20-\x7e]*$/
const anyLine = /^[^\p{Cc}\p{Cs}\u2028\u2029]*$/u
const blank = /^[ \t\r]*$/

/** Checked texts that are remembered; beyond that they are checked again, so that a hostile file cannot fill memory. */
const remembered = 50_000

/**
 * Reads lines of an import. The rules are those of the contract's `importLine` (a property test holds both against each other), written out
 * by hand because a million lines pass here: names and dates that were seen before are not parsed again. One rule is stricter: an
 * externalId must be well-formed Unicode without control characters, because the database could not tell two malformed ones apart.
 */
export class ImportLineReader {
  readonly #accounts = new Set<string>()
  readonly #dates = new Set<string>()

  /**
   * @returns the entry, balanced, or null for a blank line
   * @throws BadLine
   */
  read(text: string): ImportLine | null {
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      if (blank.test(text)) return null
      throw new BadLine('is not JSON: each line must be one JSON object')
    }
    const line = this.check(value)
    if (line === null) throw new BadLine(reasonOf(value))
    const { postings } = line
    if (!balances(postings)) {
      const reason = imbalance(postings)
      if (reason !== null) throw new BadLine(`is not balanced: ${reason}`)
    }
    return line
  }

  /** @returns the value as an entry with its description trimmed, or null when it is none */
  check(value: unknown): ImportLine | null {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    const line = value as Record<keyof ImportLine, unknown>
    const { externalId, occurredOn, description, postings } = line
    if (typeof externalId !== 'string' || typeof occurredOn !== 'string' || typeof description !== 'string') return null
    if (countKeys(line) !== 4 || !Array.isArray(postings) || postings.length < 2 || postings.length > 200) return null
    if (externalId.length < 1 || externalId.length > 200 || !isLine(externalId)) return null
    const trimmed = description.trim()
    if (trimmed.length < 1 || trimmed.length > 500 || !isLine(trimmed)) return null
    if (trimmed !== description) line.description = trimmed
    if (!isKnown(this.#dates, occurredOn, isDate)) return null
    for (const posting of postings) {
      if (typeof posting !== 'object' || posting === null || countKeys(posting) !== 3) return null
      const { account, minor, currency } = posting
      if (!Number.isSafeInteger(minor)) return null
      if (typeof currency !== 'string' || !isCurrency(currency)) return null
      if (typeof account !== 'string' || !isKnown(this.#accounts, account, isAccount)) return null
    }
    return line as ImportLine
  }
}

function countKeys(value: object): number {
  let count = 0
  for (const _ in value) count += 1
  return count
}

function isLine(text: string): boolean {
  return plainText.test(text) || anyLine.test(text)
}

function isKnown(known: Set<string>, text: string, isValid: (text: string) => boolean): boolean {
  if (known.has(text)) return true
  if (!isValid(text)) return false
  if (known.size >= remembered) known.clear()
  known.add(text)
  return true
}

function isDate(text: string): boolean {
  return isoDate.safeParse(text).success
}

function isAccount(text: string): boolean {
  return accountName.safeParse(text).success
}

/** True for the common entry of one currency whose sum is zero and exact; the others are summed exactly. */
function balances(postings: ImportLine['postings']): boolean {
  const currency = postings[0]?.currency
  let sum = 0
  for (const posting of postings) {
    sum += posting.minor
    if (posting.currency !== currency || !Number.isSafeInteger(sum)) return false
  }
  return sum === 0
}

function reasonOf(value: unknown): string {
  const parsed = importLine.safeParse(value, { error: wordsOf })
  const issue = parsed.error?.issues[0]
  if (!issue) return 'has an externalId with control characters or malformed Unicode'
  const path = issue.path.join('.')
  return path === '' ? `is no entry: ${issue.message}` : `is no entry: ${path}: ${issue.message}`
}
