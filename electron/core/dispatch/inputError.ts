import type { z } from 'zod'
import { AppError } from '../../../shared/errors'

function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '')
}

const nouns: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
}

/** Most choices that a sentence lists. */
const mostChoices = 12

/**
 * What is wrong with a value, as the end of a sentence that begins with the field's name; for `safeParse`, where the schema has no words of
 * its own. Values are never repeated: they may be secrets.
 */
export function wordsOf(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is missing'
      return `must be ${nouns[issue.expected] ?? 'of another kind'}`
    case 'invalid_value': {
      const choices = issue.values.map(String)
      return choices.length > mostChoices ? 'is not one of the values it may have' : `must be one of: ${choices.join(', ')}`
    }
    case 'too_big':
      return `must ${bound(issue.origin, issue.exact === true ? 'exactly' : 'at most', issue.maximum)}`
    case 'too_small':
      return `must ${bound(issue.origin, issue.exact === true ? 'exactly' : 'at least', issue.minimum)}`
    case 'invalid_format':
      return 'is not written in the form it must have'
    case 'unrecognized_keys':
      return `does not have the field ${issue.keys.slice(0, 3).join(', ').slice(0, 100)}`
    default:
      return 'is not valid'
  }
}

function bound(origin: string, how: string, limit: number | bigint): string {
  if (origin === 'string') return `have ${how} ${limit} characters`
  if (origin === 'array') return `have ${how} ${limit} items`
  return `be ${how} ${limit}`
}

/**
 * The first issues of a failed parse as an `invalid_input` error whose message names the field and says what to do.
 * @param error of a parse with `wordsOf`
 */
export function inputError(error: z.core.$ZodError, subject = 'the request'): AppError {
  const issues = error.issues.slice(0, 10).map((issue) => ({
    path: pathOf(issue.path) || '(whole input)',
    message: issue.message,
  }))
  const first = issues[0]
  const place = first === undefined || first.path === '(whole input)' ? subject : `"${first.path}"`
  return new AppError('invalid_input', `Nothing was done: ${place} ${first?.message ?? 'is not valid'}.`, { issues })
}
