/** Every error code a caller can meet, with its HTTP status. The list is closed: doors map codes, never texts. */
export const errorStatus = {
  invalid_input: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  idempotency_conflict: 409,
  not_connected: 409,
  period_closed: 409,
  refused_by_policy: 403,
  step_up_required: 403,
  paused: 409,
  declined: 409,
  wrong_world: 409,
  too_large: 413,
  unsupported_media_type: 415,
  misdirected: 421,
  locked: 423,
  rate_limited: 429,
  internal: 503,
  unavailable: 503,
} as const

export type ErrorCode = keyof typeof errorStatus

/** What a caller is told: what failed, what was and was not done, and the next step. Never a stack, a path or a secret. */
export interface ErrorBody {
  readonly code: ErrorCode
  readonly message: string
  readonly details?: Readonly<Record<string, unknown>>
}

/** An expected failure. Its message is shown to people as it is. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly details: Readonly<Record<string, unknown>> | undefined

  constructor(code: ErrorCode, message: string, details?: Readonly<Record<string, unknown>>) {
    super(message)
    this.name = 'AppError'
    this.code = code
    this.details = details
  }

  toBody(): ErrorBody {
    return { code: this.code, message: this.message, ...(this.details ? { details: this.details } : {}) }
  }
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorBody }

/** Makes a forgotten case of a tagged union a compile error. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`)
}
