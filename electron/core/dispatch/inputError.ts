import type { z } from 'zod'
import { AppError } from '../../../shared/errors'

function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '')
}

/**
 * The first issues of a failed parse as an `invalid_input` error whose message names the field and says what to do.
 * Values are never repeated: they may be secrets.
 */
export function inputError(error: z.core.$ZodError, subject = 'the request'): AppError {
  const issues = error.issues.slice(0, 10).map((issue) => ({
    path: pathOf(issue.path) || '(whole input)',
    message:
      issue.code === 'unrecognized_keys'
        ? `does not have the field ${issue.keys.slice(0, 3).join(', ').slice(0, 100)}`
        : issue.message,
  }))
  const first = issues[0]
  const place = first === undefined || first.path === '(whole input)' ? subject : `"${first.path}"`
  return new AppError('invalid_input', `Nothing was done: ${place} ${lowerFirst(first?.message ?? 'is not valid')}.`, { issues })
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1)
}
