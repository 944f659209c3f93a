import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import pino from 'pino'
import type { Logger } from '../../core/ports/logger'
import { redactText } from './redaction'
import { RotatingFile } from './rotatingFile'

/** Field names whose values never reach a log, at any depth that we log. */
const secretFields = [
  'passphrase',
  'current',
  'next',
  'secretKey',
  'webhookSecret',
  'token',
  'authorization',
  'email',
  'name',
  'address',
  'line1',
  'memo',
  'body',
  'input',
]

/**
 * The app's log: JSON lines on stderr and in `<dataDir>/logs`, 10 MB x 5. Fields that may hold secrets or personal data are redacted by
 * name, and texts (messages, errors) by the shape of our own and the providers' keys.
 */
export function createLogger(dataDir: string | null): Logger & { close(): void } {
  const streams: pino.StreamEntry[] = [{ stream: process.stderr }]
  let file: RotatingFile | null = null
  if (dataDir !== null) {
    mkdirSync(join(dataDir, 'logs'), { recursive: true, mode: 0o700 })
    file = new RotatingFile(join(dataDir, 'logs', 'countinghouse.log'))
    streams.push({ stream: file })
  }
  const logger = pino(
    {
      base: null,
      redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '[redacted]' },
      serializers: { err: (error: unknown) => describeError(error) },
      formatters: { level: (label) => ({ level: label }) },
      hooks: {
        streamWrite: redactText,
      },
    },
    pino.multistream(streams),
  )
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
    close: () => file?.close(),
  }
}

function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) }
  const { name, message, stack } = error
  const code = 'code' in error ? error.code : undefined
  const log = 'log' in error ? error.log : undefined
  return {
    type: name,
    message,
    code,
    stack,
    ...(log === undefined ? {} : { log }),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  }
}
