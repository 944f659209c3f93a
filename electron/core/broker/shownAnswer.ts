import { isUtf8 } from 'node:buffer'
import type { Output } from '../../../shared/contract/index'
import type { OutboundAnswer } from '../ports/outboundHttp'
import type { Redactor } from './redaction'

/** Belongs to the connection, describes bytes that are not these any more, or would start a session that outlives the grant. */
const withheld: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'content-encoding',
  'upgrade',
  'set-cookie',
  'set-cookie2',
])

/** At most three bytes of a character can be missing at the end of a text that was cut off. */
function withoutCutCharacter(bytes: Buffer): Buffer {
  for (let missing = 0; missing <= 3; missing++) {
    const whole = bytes.subarray(0, bytes.length - missing)
    if (isUtf8(whole)) return whole
  }
  return bytes
}

/**
 * An answer as its caller gets it: without known secrets and without cookies. The body of the answer is wiped.
 * @param most bytes of the body that are shown; it was read `readBeyond` further
 */
export async function shownAnswer(answer: OutboundAnswer, redactor: Redactor, most: number): Promise<Output<'broker.call'>> {
  let redactions = 0
  const headers: Record<string, string> = {}
  const clean = async (text: string) => {
    const found = await redactor.redactText(text)
    redactions += found.count
    return found.text
  }
  for (const [name, value] of answer.headers) {
    const lower = (await clean(name)).toLowerCase()
    if (withheld.has(lower)) continue
    const text = await clean(value)
    const before = Object.hasOwn(headers, lower) ? headers[lower] : undefined
    headers[lower] = before === undefined ? text : `${before}, ${text}`
  }
  const truncated = answer.truncated || answer.body.length > most
  const { bytes, count } = await redactor.redact(answer.body, Math.min(most, answer.body.length))
  answer.body.fill(0)
  const shown = truncated ? withoutCutCharacter(bytes) : bytes
  const isText = isUtf8(shown)
  return {
    status: answer.status,
    headers,
    body: shown.toString(isText ? 'utf8' : 'base64'),
    encoding: isText ? 'text' : 'base64',
    redactions: redactions + count,
    truncated,
  }
}
