// Streams a file of journal entries to the API door, as any client would.
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { request } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { answerParent, childArgs } from '../support/child'

export interface FeedArgs {
  readonly url: string
  readonly token: string
  readonly businessId: string
  readonly file: string
}
export interface FeedAnswer {
  /** From the first byte sent to the last byte of the answer. */
  readonly wallMs: number
  readonly imported: number
  readonly skipped: number
}

const { url, token, businessId, file } = childArgs<FeedArgs>()
const start = performance.now()
const outgoing = request(`${url}/api/v1/ledger/import?businessId=${businessId}`, {
  method: 'POST',
  headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${token}` },
})
const answered = once(outgoing, 'response')
const [[response]] = await Promise.all([answered, pipeline(createReadStream(file, { highWaterMark: 1 << 18 }), outgoing)])
const chunks: Buffer[] = []
for await (const chunk of response) chunks.push(chunk)
const text = Buffer.concat(chunks).toString('utf8')
if (response.statusCode !== 200) throw new Error(`The import was answered with ${response.statusCode}: ${text}`)
const { imported, skipped } = JSON.parse(text) as { imported: number; skipped: number }
answerParent({ wallMs: performance.now() - start, imported, skipped } satisfies FeedAnswer)
