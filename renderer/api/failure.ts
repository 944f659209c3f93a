import type { ErrorBody, ErrorCode } from '../../shared/errors'

/** A call that main answered with an error; its message is made for people. */
export class CallError extends Error {
  readonly code: ErrorCode
  readonly details: Readonly<Record<string, unknown>>

  constructor(body: ErrorBody) {
    super(body.message)
    this.name = 'CallError'
    this.code = body.code
    this.details = body.details ?? {}
  }
}

/** The sentence to show for whatever was thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof CallError) return error.message
  return 'The window could not finish this step. Nothing more was changed; try again, or reload the window.'
}

/** Whether repeating the same call can help. */
export function isRetryable(error: unknown): boolean {
  return (
    !(error instanceof CallError) || error.code === 'unavailable' || error.code === 'internal' || error.code === 'rate_limited'
  )
}
