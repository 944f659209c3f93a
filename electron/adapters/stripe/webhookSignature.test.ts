import { createHmac, randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import Stripe from 'stripe'
import { expect, test } from 'vitest'
import { stripeWebhookReader } from './webhookReader'
import { checkSignature } from './webhookSignature'

const secret = 'whsec_test_secret'
const body = Buffer.from(JSON.stringify({ id: 'evt_test_webhook', object: 'event' }, null, 2))
const seconds = 1_700_000_000
const now = seconds * 1000

function sign(text: Uint8Array | string, key = secret, at: number | string = seconds): string {
  return createHmac('sha256', key).update(`${at}.`).update(text).digest('hex')
}

interface Case {
  header: string | undefined
  rawBody?: Uint8Array
  secrets?: string[]
  at?: number
}

const check = ({ header, rawBody = body, secrets = [secret], at = now }: Case) =>
  checkSignature({ rawBody, header, secrets, now: at })
const good = sign(body)
const fine = `t=${seconds},v1=${good}`

const accepted: Record<string, Case> = {
  'one v1': { header: fine },
  'v1 before t': { header: `v1=${good},t=${seconds}` },
  'spaces after commas': { header: `t=${seconds}, v1=${good}` },
  'unknown schemes beside it': { header: `t=${seconds},v0=abc,v2=${good},v1=${good},x` },
  'a wrong v1 before the right one': { header: `t=${seconds},v1=${'0'.repeat(64)},v1=${good}` },
  'a wrong v1 after the right one': { header: `t=${seconds},v1=${good},v1=${'0'.repeat(64)}` },
  'a malformed v1 before the right one': { header: `t=${seconds},v1=zz,v1=${good}` },
  'the older of two secrets': { header: fine, secrets: ['whsec_new', secret] },
  'the newer of two secrets': { header: fine, secrets: [secret, 'whsec_old'] },
  'two secrets signed, as Stripe does while one rolls': {
    header: `t=${seconds},v1=${sign(body, 'whsec_other')},v1=${good}`,
    secrets: ['whsec_third', secret],
  },
  'exactly 300 seconds old': { header: fine, at: now + 300_000 },
  'exactly 60 seconds ahead': { header: fine, at: now - 60_000 },
  'an empty body': { header: `t=${seconds},v1=${sign('')}`, rawBody: Buffer.alloc(0) },
  'a body that is no UTF-8': {
    header: `t=${seconds},v1=${sign(Buffer.from([0xff, 0, 0xc3]))}`,
    rawBody: Buffer.from([0xff, 0, 0xc3]),
  },
  'sixteen candidates': { header: `t=${seconds}${`,v1=${'0'.repeat(64)}`.repeat(15)},v1=${good}` },
}

test.each(Object.entries(accepted))('W1: accepted: %s', (_name, each) => {
  expect(check(each)).toEqual({ ok: true })
})

const refused: Record<string, [Case, string]> = {
  'no header': [{ header: undefined }, 'no signature'],
  'an empty header': [{ header: '' }, 'no signature'],
  'no timestamp': [{ header: `v1=${good}` }, 'malformed signature'],
  'an empty timestamp': [{ header: `t=,v1=${good}` }, 'malformed signature'],
  'a timestamp in words': [{ header: `t=now,v1=${good}` }, 'malformed signature'],
  'a negative timestamp': [{ header: `t=-1,v1=${sign(body, secret, -1)}` }, 'malformed signature'],
  'a timestamp with a fraction': [{ header: `t=${seconds}.5,v1=${sign(body, secret, `${seconds}.5`)}` }, 'malformed signature'],
  'a timestamp with an exponent': [{ header: `t=17e8,v1=${sign(body, secret, '17e8')}` }, 'malformed signature'],
  'a timestamp in hexadecimal': [{ header: `t=0x6553F100,v1=${sign(body, secret, '0x6553F100')}` }, 'malformed signature'],
  'a timestamp with a leading zero': [{ header: `t=0${seconds},v1=${sign(body, secret, `0${seconds}`)}` }, 'malformed signature'],
  'a timestamp with a space': [{ header: `t= ${seconds},v1=${sign(body, secret, ` ${seconds}`)}` }, 'malformed signature'],
  'a timestamp beyond any date': [{ header: `t=${'9'.repeat(13)},v1=${good}` }, 'malformed signature'],
  'two timestamps': [{ header: `t=${seconds},t=${seconds},v1=${good}` }, 'malformed signature'],
  'two different timestamps': [{ header: `t=1,t=${seconds},v1=${good}` }, 'malformed signature'],
  'more candidates than a provider sends': [
    { header: `t=${seconds}${`,v1=${'0'.repeat(64)}`.repeat(16)},v1=${good}` },
    'malformed signature',
  ],
  'no v1': [{ header: `t=${seconds}` }, 'wrong signature'],
  'an empty v1': [{ header: `t=${seconds},v1=` }, 'wrong signature'],
  'v0 alone': [{ header: `t=${seconds},v0=${good}` }, 'wrong signature'],
  'the scheme in capitals': [{ header: `t=${seconds},V1=${good}` }, 'wrong signature'],
  'the digits in capitals': [{ header: `t=${seconds},v1=${good.toUpperCase()}` }, 'wrong signature'],
  'a digit too few': [{ header: `t=${seconds},v1=${good.slice(1)}` }, 'wrong signature'],
  'a digit too many': [{ header: `t=${seconds},v1=${good}0` }, 'wrong signature'],
  'the mac in base64': [{ header: `t=${seconds},v1=${Buffer.from(good, 'hex').toString('base64')}` }, 'wrong signature'],
  'a mac of the body without the timestamp': [
    { header: `t=${seconds},v1=${createHmac('sha256', secret).update(body).digest('hex')}` },
    'wrong signature',
  ],
  'a mac with SHA-512, cut': [
    { header: `t=${seconds},v1=${createHmac('sha512', secret).update(`${seconds}.`).update(body).digest('hex').slice(0, 64)}` },
    'wrong signature',
  ],
  'another secret': [{ header: fine, secrets: ['whsec_other'] }, 'wrong signature'],
  'the secret without its prefix': [{ header: fine, secrets: [secret.slice(6)] }, 'wrong signature'],
  'no secret': [{ header: fine, secrets: [] }, 'wrong signature'],
  'an empty secret': [{ header: `t=${seconds},v1=${sign(body, '')}`, secrets: [''] }, 'wrong signature'],
  'another timestamp than was signed': [{ header: `t=${seconds + 1},v1=${good}` }, 'wrong signature'],
  'a body that was parsed and written again': [
    { header: fine, rawBody: Buffer.from(JSON.stringify(JSON.parse(body.toString()))) },
    'wrong signature',
  ],
  'a body with a line more': [{ header: fine, rawBody: Buffer.concat([body, Buffer.from('\n')]) }, 'wrong signature'],
  'a body with a byte order mark': [
    { header: fine, rawBody: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body]) },
    'wrong signature',
  ],
  'an empty body in place of it': [{ header: fine, rawBody: Buffer.alloc(0) }, 'wrong signature'],
  'a timestamp moved into the body': [
    { header: `t=17,v1=${good}`, rawBody: Buffer.concat([Buffer.from('00000000.'), body]), at: 17_000 },
    'wrong signature',
  ],
  'older than 300 seconds': [{ header: fine, at: now + 300_001 }, 'too old'],
  'a year old': [{ header: fine, at: now + 31_536_000_000 }, 'too old'],
  'more than 60 seconds ahead': [{ header: fine, at: now - 60_001 }, 'from the future'],
  'a year ahead': [{ header: fine, at: now - 31_536_000_000 }, 'from the future'],
  'semicolons for commas': [{ header: fine.replace(',', ';') }, 'malformed signature'],
  'a header of commas': [{ header: ','.repeat(1000) }, 'malformed signature'],
}

test.each(Object.entries(refused))('W1: refused: %s', (_name, [each, reason]) => {
  expect(check(each)).toEqual({ ok: false, reason })
})

test('W1: 10,000 mutations of a genuine webhook: none accepted', () => {
  let accepted = 0
  fc.assert(
    fc.property(
      fc.constantFrom('body', 'mac', 'timestamp', 'secret'),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (part, place, flip) => {
        const flipped = (bytes: Buffer) => {
          const copy = Buffer.from(bytes)
          const at = place % copy.length
          copy[at] = (copy[at] ?? 0) ^ flip
          return copy
        }
        const mac = part === 'mac' ? flipped(Buffer.from(good, 'hex')).toString('hex') : good
        const stamp = part === 'timestamp' ? flipped(Buffer.from(String(seconds))).toString('latin1') : String(seconds)
        const verdict = check({
          header: `t=${stamp},v1=${mac}`,
          rawBody: part === 'body' ? flipped(body) : body,
          secrets: [part === 'secret' ? flipped(Buffer.from(secret)).toString('latin1') : secret],
        })
        if (verdict.ok) accepted++
      },
    ),
    { numRuns: 10_000 },
  )
  expect(accepted).toBe(0)
})

test('W1: agrees with the signatures that the Stripe library makes, for any body and secret', () => {
  const stripe = new Stripe('sk_test_unused')
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.string({ minLength: 1, maxLength: 40 }), (payload, key) => {
      const header = stripe.webhooks.generateTestHeaderString({ payload, secret: key, timestamp: seconds })
      expect(check({ header, rawBody: Buffer.from(payload), secrets: ['whsec_other', key] })).toEqual({ ok: true })
    }),
    { numRuns: 500 },
  )
})

test('W1: published vectors', () => {
  expect(sign(body)).toBe('4f1cd7feda9826e746b7d482c4badebb657398df1099e1046364f6196a230150')
  expect(
    check({ header: 't=1614265330,v1=af4ead0627a34a8cca29808e8de9ada8e41a92e6237c63cef6eacf51d36cca34', at: 1_614_265_330_000 }),
  ).toEqual({
    ok: true,
  })
})

const vectors = join(import.meta.dirname, '../../../../shared/data/vectors/signature-vectors.json')

test.runIf(existsSync(vectors))('W1: the vectors of others', () => {
  const { stripe_v1: vector } = JSON.parse(readFileSync(vectors, 'utf8')) as {
    stripe_v1: { secret: string; timestamp: number; payload: string; expected: string }
  }
  const each = { header: vector.expected, rawBody: Buffer.from(vector.payload), secrets: [vector.secret] }
  expect(check({ ...each, at: vector.timestamp * 1000 })).toEqual({ ok: true })
  expect(check({ ...each, rawBody: Buffer.from(`${vector.payload} `), at: vector.timestamp * 1000 })).toMatchObject({ ok: false })
})

function read(event: unknown, more: { raw?: Buffer; signature?: string } = {}) {
  const rawBody = more.raw ?? Buffer.from(JSON.stringify(event))
  const signature = more.signature ?? `t=${seconds},v1=${sign(rawBody)}`
  return stripeWebhookReader.read({ rawBody, signature, secrets: [secret], now })
}

const event = (type: string, object: Record<string, unknown>) => ({
  id: 'evt_1',
  object: 'event',
  type,
  created: seconds,
  livemode: false,
  data: { object },
})

test('a genuine webhook gives a hint of what to read again', () => {
  const hint = (type: string, object: Record<string, unknown>) => {
    const result = read(event(type, object))
    return result.ok ? [result.hint.objectKind, result.hint.objectId] : result.reason
  }
  expect(read(event('invoice.paid', { object: 'invoice', id: 'in_1', customer_email: 'a@example.com' }))).toEqual({
    ok: true,
    hint: {
      providerEventId: 'evt_1',
      type: 'invoice.paid',
      objectKind: 'invoice',
      objectId: 'in_1',
      occurredAt: now,
      livemode: false,
    },
  })
  expect(hint('refund.updated', { object: 'refund', id: 're_1' })).toEqual(['refund', 're_1'])
  expect(hint('charge.refund.updated', { object: 'refund', id: 're_1' })).toEqual(['refund', 're_1'])
  expect(hint('invoice_payment.paid', { object: 'invoice_payment', id: 'inpay_1', invoice: 'in_1' })).toEqual(['invoice', 'in_1'])
  expect(hint('invoice_payment.paid', { object: 'invoice_payment', id: 'inpay_1', invoice: { id: 'in_2' } })).toEqual([
    'invoice',
    'in_2',
  ])
  expect(hint('charge.updated', { object: 'charge', id: 'ch_1', payment_intent: 'pi_1' })).toEqual(['payment', 'pi_1'])
  expect(hint('charge.updated', { object: 'charge', id: 'ch_1', payment_intent: null })).toEqual(['charge', 'ch_1'])
  expect(hint('charge.succeeded', { object: 'charge', id: 'ch_1', payment_intent: 'pi_1' })).toEqual(['charge', 'ch_1'])
  expect(hint('balance.available', { object: 'balance' })).toEqual(['balance', null])
  expect(hint('odd', {})).toEqual(['unknown', null])
})

test('what is signed and no event of the v1 API is refused, whatever it is', () => {
  const reason = { ok: false, reason: 'not an event of the v1 API' }
  for (const raw of ['', '{', 'null', '[]', '"x"', '['.repeat(100_000)])
    expect(read(null, { raw: Buffer.from(raw) })).toEqual(reason)
  expect(read(null, { raw: Buffer.from([0x7b, 0xff, 0x7d]) })).toEqual(reason)
  expect(read({ id: 'evt_1', object: 'v2.core.event', type: 'v1.billing', created: '2026-01-01' })).toEqual(reason)
  expect(read({ ...event('x', {}), created: 1.5 })).toEqual(reason)
  expect(read({ ...event('x', {}), id: 'x'.repeat(300) })).toEqual(reason)
  expect(read({ ...event('x', {}), data: {} })).toEqual(reason)
})

test('the signature is checked before anything is parsed', () => {
  expect(read(null, { raw: randomBytes(100), signature: fine })).toEqual({ ok: false, reason: 'wrong signature' })
})
