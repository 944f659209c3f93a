import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { contract } from '../../shared/contract/index'
import { type LiveApp, openLiveApp, ownerToken, practiceKey, practiceWebhookSecret } from '../../tests/support/liveApp'
import { rawRequest, sendRaw } from '../../tests/support/rawHttp'
import { countRows } from '../../tests/support/tables'

let live: LiveApp
let address: string

beforeAll(async () => {
  live = await openLiveApp('practice')
  const { id } = await live.run('businesses.create', {
    name: 'Mill Street Studio',
    currency: 'USD',
    country: 'US',
    timeZone: 'America/New_York',
  })
  const connected = await live.run('integrations.connect', {
    businessId: id,
    provider: 'stripe',
    secretKey: practiceKey,
    webhookSecret: practiceWebhookSecret,
  })
  address = connected.webhookUrl ?? ''
})
afterAll(() => live.close())

let number = 0

function eventText(more: object = {}): string {
  number += 1
  return JSON.stringify({
    id: `evt_${number}`,
    object: 'event',
    type: 'invoice.paid',
    created: Math.floor(Date.now() / 1000),
    livemode: false,
    data: { object: { object: 'invoice', id: `in_unknown_${number}` } },
    ...more,
  })
}

/** A header as Stripe signs: HMAC-SHA256 of "<t>.<body>". https://docs.stripe.com/webhooks#verify-manually */
function sign(body: string, secret = practiceWebhookSecret, secondsAhead = 0): string {
  const t = Math.floor(Date.now() / 1000) + secondsAhead
  return `t=${t},v1=${createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')}`
}

async function deliver(body: string, signature?: string, to = address) {
  const headers = { 'content-type': 'application/json', ...(signature === undefined ? {} : { 'stripe-signature': signature }) }
  const answer = await fetch(to, { method: 'POST', headers, body })
  return { status: answer.status, text: await answer.text() }
}

test('W3: a genuine event is kept before it is acknowledged, and sent again it changes nothing', async () => {
  const body = eventText()
  const before = countRows(live.db, 'provider_event')
  expect(await deliver(body, sign(body))).toEqual({ status: 200, text: '{"received":true}' })
  expect(countRows(live.db, 'provider_event')).toBe(before + 1)
  expect((await deliver(body, sign(body))).status).toBe(200)
  expect(countRows(live.db, 'provider_event')).toBe(before + 1)
})

test('W1: what is forged, changed, unsigned, stale or from the future is refused and leaves nothing', async () => {
  const body = eventText()
  const good = sign(body)
  const before = countRows(live.db, 'provider_event')
  const refused: [string, string, string | undefined][] = [
    ['no signature', body, undefined],
    ['an empty signature', body, ''],
    ['another secret', body, sign(body, 'whsec_somebody_else')],
    ['no secret', body, sign(body, '')],
    ['another body', body.replace('invoice.paid', 'invoice.void'), good],
    ['one byte more', `${body} `, good],
    ['one byte of the signature changed', body, good.replace(/.$/, (last) => (last === '0' ? '1' : '0'))],
    ['another version', body, good.replace('v1=', 'v0=')],
    ['no time', body, good.replace(/^t=\d+,/, '')],
    ['another time', body, good.replace(/^t=\d+/, `t=${Math.floor(Date.now() / 1000) - 7}`)],
    ['older than 300 s', body, sign(body, practiceWebhookSecret, -302)],
    ['more than 60 s ahead', body, sign(body, practiceWebhookSecret, 65)],
  ]
  for (const [name, text, signature] of refused) {
    const answer = await deliver(text, signature)
    expect([name, answer.status]).toEqual([name, 400])
    expect(answer.text).not.toContain('whsec')
  }
  for (const [name, text] of [
    ['no JSON', 'nope'],
    ['an array', '[]'],
    ['null', 'null'],
    ['no event', '{"id":"evt_x"}'],
    ['of a live account', eventText({ livemode: 'yes' })],
  ] as const) {
    expect([name, (await deliver(text, sign(text))).status]).toEqual([name, 400])
  }
  expect((await deliver('', sign(''))).status).toBe(400)
  expect(countRows(live.db, 'provider_event')).toBe(before)
  expect((await deliver(body, good)).status).toBe(200)
})

test('W5: an event of 2 MB is refused, by its length and by counting', async () => {
  const body = eventText({ padding: 'x'.repeat(2 * 1024 * 1024) })
  const before = countRows(live.db, 'provider_event')
  const { port, pathname: path } = new URL(address)
  const headers = [
    ['Host', 'tunnel.example'],
    ['Stripe-Signature', sign(body)],
    ['Content-Type', 'application/json'],
  ] as const
  const length = ['Content-Length', String(body.length)] as const
  expect((await sendRaw(Number(port), rawRequest({ path, headers: [...headers, length] }), body)).status).toBe(413)
  const chunked = ['Transfer-Encoding', 'chunked'] as const
  const chunk = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
  expect((await sendRaw(Number(port), rawRequest({ path, headers: [...headers, chunked] }), chunk)).status).toBe(413)
  expect(countRows(live.db, 'provider_event')).toBe(before)
})

test('W8: whoever finds the port of the webhooks finds nothing else there, token or not', async () => {
  const port = Number(new URL(live.webhooks).port)
  const before = countRows(live.db, 'provider_event')
  const bearer = ['Authorization', `Bearer ${ownerToken}`] as const
  const json = ['Content-Type', 'application/json'] as const
  const paths = [
    ...Object.keys(contract).map((name) => `/api/v1/${name.replace('.', '/')}`),
    '/api/v1/openapi.json',
    '/health',
    '/webhooks/stripe/AAAAAAAAAAAAAAAAAAAAAA',
    '/webhooks/paypal/abc',
    new URL(address).pathname.replace('stripe', 'STRIPE'),
    `${new URL(address).pathname}x`,
  ]
  for (const path of paths) {
    for (const method of ['GET', 'POST']) {
      const request = rawRequest({ method, path, headers: [['Host', 'tunnel.example'], bearer, json], body: '{}' })
      const answer = await sendRaw(port, request)
      expect([method, path, answer.status]).toEqual([method, path, 404])
      expect(answer.head).not.toMatch(/access-control/i)
    }
  }
  expect(countRows(live.db, 'provider_event')).toBe(before)
  expect(new URL(address).pathname.split('/').at(-1)).toMatch(/^[A-Za-z0-9_-]{22}$/)
})

test('while locked, events are still taken in', async () => {
  live.app.lock()
  const body = eventText()
  expect((await deliver(body, sign(body))).status).toBe(200)
})
