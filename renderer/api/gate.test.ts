import { describe, expect, it } from 'vitest'
import { Gate } from './gate'

function deferred() {
  let finish: () => void = () => undefined
  const promise = new Promise<void>((resolve) => {
    finish = resolve
  })
  return { promise, finish: () => finish() }
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('Gate', () => {
  it('never runs more than its width at once, and runs everything', async () => {
    const gate = new Gate(2)
    const jobs = [deferred(), deferred(), deferred(), deferred(), deferred()]
    let running = 0
    let most = 0
    const all = jobs.map((job) =>
      gate.run(async () => {
        running += 1
        most = Math.max(most, running)
        await job.promise
        running -= 1
      }),
    )
    for (const job of jobs) {
      await settle()
      job.finish()
    }
    for (const job of jobs) job.finish()
    await Promise.all(all)
    expect(most).toBe(2)
    expect(running).toBe(0)
  })

  it('starts the newest waiting task first', async () => {
    const gate = new Gate(1)
    const first = deferred()
    const order: string[] = []
    const all = [
      gate.run(() => first.promise),
      gate.run(async () => void order.push('older')),
      gate.run(async () => void order.push('newer')),
    ]
    await settle()
    first.finish()
    await Promise.all(all)
    expect(order).toEqual(['newer', 'older'])
  })

  it('does not start a task whose signal aborted while it waited, and passes its turn on', async () => {
    const gate = new Gate(1)
    const first = deferred()
    const aborter = new AbortController()
    const started: string[] = []
    const running = gate.run(() => first.promise)
    const other = gate.run(async () => void started.push('other'))
    const aborted = gate.run(async () => void started.push('aborted'), aborter.signal)
    await settle()
    aborter.abort(new Error('gone'))
    first.finish()
    await expect(aborted).rejects.toThrow('gone')
    await Promise.all([running, other])
    expect(started).toEqual(['other'])
  })

  it('goes on after a task that fails', async () => {
    const gate = new Gate(1)
    await expect(
      gate.run(async () => {
        throw new Error('failed')
      }),
    ).rejects.toThrow('failed')
    await expect(gate.run(async () => 'next')).resolves.toBe('next')
  })
})
