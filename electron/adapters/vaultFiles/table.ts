import { CsvError, parse } from 'csv-parse/sync'
import { type FieldType, mostImported } from '../../../shared/contract/secrets'
import type { ForeignItem, ForeignVault } from '../../core/ports/foreignVault'
import { checkCount, damaged, field, guessType, textOf } from './fields'

/** Headings of the CSV exports of browsers and password managers, by what they mean. Compared in lower case. */
const headings = {
  title: ['name', 'title', 'account', 'item'],
  username: ['username', 'user name', 'login', 'login_username', 'user', 'email', 'login name'],
  password: ['password', 'login_password', 'secret', 'pass'],
  url: ['url', 'website', 'login_uri', 'web site', 'uri', 'urls'],
  totp: ['totp', 'otpauth', 'login_totp', 'otp', 'authenticator key'],
  notes: ['note', 'notes', 'extra', 'comments', 'comment'],
  folder: ['folder', 'group', 'grouping', 'collections', 'category'],
  tags: ['tags', 'tag', 'labels'],
} as const
type Meaning = keyof typeof headings

/** Columns of other programs that mean nothing here. */
const skipped = new Set([
  'favorite',
  'fav',
  'archived',
  'reprompt',
  'type',
  'guid',
  'httprealm',
  'formactionorigin',
  'timecreated',
  'timelastused',
  'timepasswordchanged',
  'icon',
  'last modified',
  'created',
])

const types: Readonly<Partial<Record<Meaning, FieldType>>> = {
  username: 'text',
  password: 'hidden',
  url: 'url',
  totp: 'totp',
  notes: 'multiline',
}
const names: Readonly<Partial<Record<Meaning, string>>> = { url: 'website', totp: 'one-time code' }

function meaningOf(heading: string): Meaning | undefined {
  const word = heading.trim().toLowerCase()
  return (Object.keys(headings) as Meaning[]).find((meaning) => (headings[meaning] as readonly string[]).includes(word))
}

const separators = [',', ';', '\t'] as const
type Separator = (typeof separators)[number]

/** What separates the columns: whichever stands most often in the first line that holds something, outside of quotes; a comma where none does. */
function separatorOf(text: string): Separator {
  const head = /\S[^\r\n]*/.exec(text)?.[0] ?? ''
  const bare = head.replace(/"[^"]*("|$)/g, '')
  const count = (separator: Separator) => bare.split(separator).length
  return separators.reduce((best, next) => (count(next) > count(best) ? next : best))
}

/**
 * Reads a CSV export with a row of headings. Columns are separated by commas, semicolons or tabs, as the row of headings has it; a byte
 * order mark in front is passed over.
 * @throws AppError invalid_input
 */
export function readCsv(content: Buffer): ForeignVault {
  const text = textOf(content)
  let rows: string[][]
  try {
    rows = parse(text, {
      delimiter: separatorOf(text),
      relaxColumnCount: true,
      skipEmptyLines: true,
      maxRecordSize: 1024 * 1024,
      to: mostImported + 2,
    })
  } catch (error) {
    const line = error instanceof CsvError && typeof error.lines === 'number' ? ` near line ${error.lines}` : ''
    throw damaged(`the file is no CSV${line}: a quote is not closed or stands in the wrong place.`)
  }
  const [head, ...body] = rows
  checkCount(body)
  const columns = (head ?? []).map((heading) => ({ heading: heading.trim(), meaning: meaningOf(heading) }))
  if (
    !columns.some(({ meaning }) => meaning === 'title' || meaning === 'url') ||
    !columns.some(({ meaning }) => meaning === 'password')
  ) {
    throw damaged('the first line must name the columns, among them a name or url, and a password.')
  }
  const items: ForeignItem[] = []
  const left: string[] = []
  body.forEach((row, index) => {
    const value = (wanted: Meaning) => row[columns.findIndex(({ meaning }) => meaning === wanted)] ?? ''
    const fields = columns.flatMap(({ heading, meaning }, at) => {
      const cell = row[at] ?? ''
      if (meaning === undefined)
        return skipped.has(heading.toLowerCase()) ? [] : field(heading || `column ${at + 1}`, guessType(heading, cell), cell)
      const type = types[meaning]
      return type === undefined ? [] : field(names[meaning] ?? meaning, type, cell)
    })
    const title = value('title') || hostOf(value('url')) || value('username')
    if (fields.length === 0) left.push(`Line ${index + 2}: it holds nothing.`)
    else {
      const tags = [value('folder'), ...value('tags').split(/[,;]/)].map((tag) => tag.trim()).filter((tag) => tag !== '')
      items.push({ kind: 'login', title: title || 'Untitled', tags, fields, attachments: [] })
    }
  })
  return { items, left }
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : url
}

const assignment = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*=\s*(.*)$/

/** Reads a .env file: one item a variable. Quotes may span lines; `#` begins a comment outside of them. @throws AppError invalid_input */
export function readEnv(content: Buffer): ForeignVault {
  const lines = textOf(content).split(/\r?\n/)
  const items: ForeignItem[] = []
  const left: string[] = []
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (/^\s*(#.*)?$/.test(line)) continue
    const [, name, rest] = assignment.exec(line) ?? []
    if (name === undefined || rest === undefined) {
      left.push(`Line ${at + 1}: it is no NAME=value.`)
      continue
    }
    const start = at
    let text = rest
    const quote = /^["'`]/.exec(text)?.[0]
    if (quote !== undefined) {
      while (endOfQuote(text, quote) < 0 && at + 1 < lines.length) text += `\n${lines[++at]}`
      const end = endOfQuote(text, quote)
      if (end < 0) throw damaged(`the quote that opens in line ${start + 1} is never closed.`)
      text = text.slice(1, end)
      if (quote === '"')
        text = text.replace(/\\(n|r|t|"|\\)/g, (_, letter: string) => ({ n: '\n', r: '\r', t: '\t' })[letter] ?? letter)
    } else text = text.replace(/\s+#.*$/, '').trim()
    checkCount(items)
    if (text === '') left.push(`Line ${start + 1}: ${name} is empty.`)
    else items.push({ kind: 'api_key', title: name, tags: ['env'], fields: field('Key', 'hidden', text), attachments: [] })
  }
  if (items.length === 0 && left.length === 0) throw damaged('the file is empty.')
  return { items, left }
}

/** Where the quote that opens a text closes; -1 where it does not. */
function endOfQuote(text: string, quote: string): number {
  for (let i = 1; i < text.length; i++) {
    if (text[i] === '\\' && quote === '"') i++
    else if (text[i] === quote) return i
  }
  return -1
}
