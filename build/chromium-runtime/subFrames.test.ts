import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Fixture, startFixture } from './fixture/startFixture.ts'

let fixture: Fixture

beforeAll(async () => {
  fixture = await startFixture({ args: ['--stay', '--sub-frames'] })
})
afterAll(async () => {
  await fixture?.stop()
})

it('a frame that may have the api is told apart from the top document by senderFrame', async () => {
  const frame = fixture.page.frames().find((each) => each.url().endsWith('/frame.html'))
  const inFrame = await frame?.evaluate(() => window.api.invoke('sender', 0))
  const onTop = await fixture.page.evaluate(() => window.api.invoke('sender', 0))
  expect(inFrame).toMatchObject({
    url: 'app://fixture/frame.html',
    parent: 'app://fixture/',
    top: 'app://fixture/',
    isMain: false,
  })
  expect(onTop).toMatchObject({ url: 'app://fixture/', parent: null, isMain: true })
  expect((inFrame as { routingId: number }).routingId).not.toBe((onTop as { routingId: number }).routingId)
})

it('senderFrame is null when the frame was removed before main looked', async () => {
  const frame = fixture.page.frames().find((each) => each.url().endsWith('/frame.html'))
  await frame?.evaluate(() => void window.api.invoke('sender', 300))
  await fixture.page.evaluate(() => document.querySelector('iframe')?.remove())
  await expect.poll(fixture.events).toContain('sender null')
})

it('about:blank in a frame says so', async () => {
  const url = await fixture.page.evaluate(async () => {
    const frame = document.createElement('iframe')
    document.body.append(frame)
    const inner = frame.contentWindow as unknown as Window & typeof globalThis
    return (await inner.api?.invoke('sender', 0)) ?? 'no api'
  })
  expect(url).toMatchObject({ url: 'about:blank', parent: 'app://fixture/', isMain: false })
})
