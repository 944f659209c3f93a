import type { IpcMain, IpcMainInvokeEvent, WebFrameMain } from 'electron'
import { expect, test } from 'vitest'
import { AppError, type ErrorBody } from '../../../shared/errors'
import { IpcRouter, inFlightLimit, messageLimit } from './router'
import { isOurSender } from './sender'

type Listener = (event: IpcMainInvokeEvent, input: unknown) => Promise<unknown>

const window = { id: 7 }
const frame = (url: string, parent: unknown = null) => ({ url, parent }) as unknown as WebFrameMain
const event = (senderFrame: WebFrameMain | null, id = window.id) =>
  ({ sender: { id }, senderFrame }) as unknown as IpcMainInvokeEvent
const ours = event(frame('app://countinghouse/index.html'))

function setUp() {
  const listeners = new Map<string, Listener>()
  const ipcMain = { handle: (channel: string, listener: Listener) => void listeners.set(channel, listener) } as unknown as IpcMain
  const toBody = (error: unknown): ErrorBody =>
    error instanceof AppError ? error.toBody() : { code: 'internal', message: 'It failed.' }
  const router = new IpcRouter(ipcMain, { isOurSender: (from) => isOurSender(from, window), toBody })
  const call = (channel: string, from: IpcMainInvokeEvent, input: unknown) => (listeners.get(channel) as Listener)(from, input)
  return { router, call }
}

test('E2: none of eight wrong senders reaches a handler, and each is told so', async () => {
  const { router, call } = setUp()
  let runs = 0
  router.handle('x', async () => ++runs)
  const page = frame('app://countinghouse/index.html')
  const wrong = [
    event(frame('app://countinghouse/frame.html', page)),
    event(frame('about:blank')),
    event(frame('data:text/html,hi')),
    event(frame('app://evil/index.html')),
    event(frame('https://example.com/')),
    event(null),
    event(page, 8),
    event(frame('devtools://devtools/bundled/inspector.html')),
  ]
  for (const sender of wrong) expect(await call('x', sender, {})).toMatchObject({ ok: false, error: { code: 'forbidden' } })
  expect(runs).toBe(0)
  expect(await call('x', ours, {})).toEqual({ ok: true, value: 1 })
  expect(isOurSender(ours, null)).toBe(false)
})

test('a message over 1 MiB, one that is no plain data, and more than 64 at once are refused', async () => {
  const { router, call } = setUp()
  const gate = Promise.withResolvers<void>()
  router.handle('slow', () => gate.promise)
  router.handle('x', async () => 'done')
  expect(await call('x', ours, { text: 'x'.repeat(messageLimit) })).toMatchObject({ ok: false, error: { code: 'too_large' } })
  const circular: { self?: unknown } = {}
  circular.self = circular
  expect(await call('x', ours, circular)).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
  const waiting = Array.from({ length: inFlightLimit }, () => call('slow', ours, {}))
  expect(await call('x', ours, {})).toMatchObject({ ok: false, error: { code: 'rate_limited' } })
  gate.resolve()
  await Promise.all(waiting)
  expect(await call('x', ours, {})).toEqual({ ok: true, value: 'done' })
})

test('a failure reaches the page as a code and a sentence, never as a stack or a path', async () => {
  const { router, call } = setUp()
  router.handle('expected', async () => {
    throw new AppError('conflict', 'Nothing was done.')
  })
  router.handle('defect', async () => {
    throw new Error('at /home/someone/secret.ts:1')
  })
  expect(await call('expected', ours, {})).toEqual({ ok: false, error: { code: 'conflict', message: 'Nothing was done.' } })
  expect(JSON.stringify(await call('defect', ours, {}))).not.toContain('secret')
  expect([...router.channels]).toEqual(['expected', 'defect'])
})
