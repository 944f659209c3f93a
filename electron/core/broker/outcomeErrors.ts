import { AppError } from '../../../shared/errors'
import type { FailureReason, RefusalReason } from '../ports/outboundHttp'

/** What the caller is told where nothing was sent. */
export function refusalError(why: RefusalReason, host: string): AppError {
  const nothing = 'Nothing was sent'
  switch (why) {
    case 'inside':
      return new AppError('forbidden', `${nothing}: ${host} leads to an address that is not of the public internet.`)
    case 'unknown_host':
      return new AppError('unavailable', `${nothing}: ${host} was not found. Check the name and the connection, then try again.`)
    case 'certificate':
      return new AppError('unavailable', `${nothing}: ${host} has no valid certificate for that name.`)
    case 'unreachable':
      return new AppError('unavailable', `${nothing}: ${host} does not answer. Try again later.`)
    case 'timeout':
      return new AppError('unavailable', `${nothing}: ${host} did not answer in time. Try again later.`)
  }
}

/** What the caller is told where the request may have been received. */
export function failureError(why: FailureReason, host: string): AppError {
  const sent = `The request was sent, and ${host} may have acted on it`
  switch (why) {
    case 'timeout':
      return new AppError('unavailable', `${sent}, but no answer came in time. Look there before you repeat it.`)
    case 'connection':
      return new AppError(
        'unavailable',
        `${sent}, but the connection broke before the answer was there. Look there before you repeat it.`,
      )
    case 'no_http':
      return new AppError('unavailable', `${sent}, but its answer could not be read. Look there before you repeat it.`)
  }
}
