import type { Socket } from 'node:net'
import type { FastifyReply } from 'fastify'
import { AppError, type ErrorBody, errorStatus } from '../../shared/errors'
import type { Logger } from '../core/ports/logger'

/** Any failure as what its caller may see; what is not expected is logged here and told as `internal`. */
export function toBody(error: unknown, logger: Logger): ErrorBody {
  if (error instanceof AppError) return error.toBody()
  const code = codeOf(error)
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return { code: 'too_large', message: 'Nothing was done: the body is larger than 1 MiB.' }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return {
      code: 'unsupported_media_type',
      message: 'Nothing was done: send the body as application/json; ledger/import takes application/x-ndjson.',
    }
  if (code === 'FST_ERR_BAD_URL' || code === 'FST_ERR_MAX_PARAM_LENGTH') return nothingHere
  if (code.startsWith('FST_ERR_') || code.startsWith('HPE_') || code === 'ECONNRESET')
    return { code: 'invalid_input', message: 'Nothing was done: the request is malformed.' }
  if (code === 'SQLITE_FULL')
    return { code: 'unavailable', message: 'Nothing was done: the disk is full. Free some space and try again; nothing is lost.' }
  if (code === 'SQLITE_READONLY' || code === 'SQLITE_CANTOPEN' || code.startsWith('SQLITE_IOERR')) {
    return {
      code: 'unavailable',
      message: 'Nothing was done: the data folder cannot be written. Check the disk and its permissions.',
    }
  }
  logger.error({ err: error }, 'a call failed unexpectedly')
  return {
    code: 'internal',
    message: 'Nothing is known to be lost, but this failed for a reason that only the log names. Try again.',
  }
}

/** What every path that no door knows answers. */
export const nothingHere: ErrorBody = {
  code: 'not_found',
  message: 'There is nothing here. GET /api/v1/openapi.json lists every procedure.',
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** Answers a request with an error and the headers that go with its code. */
export function sendError(reply: FastifyReply, body: ErrorBody): FastifyReply {
  if (body.code === 'rate_limited') reply.header('retry-after', String(body.details?.retryAfterSeconds ?? 60))
  if (body.code === 'unauthenticated') reply.header('www-authenticate', 'Bearer')
  if (body.code === 'unavailable') reply.header('retry-after', '5')
  return reply.code(errorStatus[body.code]).send({ error: body })
}

/** Answers what never became a request (broken HTTP, headers too large or too slow), then closes the connection. */
export function refuseConnection(error: Error, socket: Socket): void {
  if (codeOf(error) === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const body = connectionRefusal(codeOf(error))
  const text = JSON.stringify({ error: body })
  socket.end(
    `HTTP/1.1 ${errorStatus[body.code]} Refused\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  )
}

function connectionRefusal(code: string): ErrorBody {
  if (code === 'HPE_HEADER_OVERFLOW')
    return { code: 'too_large', message: 'Nothing was done: the headers are larger than 16 KiB.' }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return { code: 'invalid_input', message: 'Nothing was done: the request took too long to arrive.' }
  return { code: 'invalid_input', message: 'Nothing was done: this is not a well-formed HTTP request.' }
}
