import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { show } from './figure'
import { spreadOf } from './stats'

/** What runs here. */
export function machine(): string {
  const [processor] = cpus()
  return `Node ${process.versions.node}, ${process.platform}, ${cpus().length} x ${processor?.model.trim()}, ${show(totalmem() / 2 ** 30, 'GiB')}`
}

const block = Buffer.alloc(4096, 1)
const milliseconds = 1000

/** How busy the machine is, and how long its disk takes to keep 4 KiB: figures taken on a busy machine are worth their ratios only. */
export function conditions(): string {
  const file = join(tmpdir(), `countinghouse-flush-${process.pid}`)
  const handle = openSync(file, 'w')
  const flushes: number[] = []
  try {
    for (const end = performance.now() + milliseconds; performance.now() < end; ) {
      const start = performance.now()
      writeSync(handle, block, 0, block.length, (flushes.length % 1000) * block.length)
      fdatasyncSync(handle)
      flushes.push(performance.now() - start)
    }
  } finally {
    closeSync(handle)
    rmSync(file)
  }
  const { p50, p99 } = spreadOf(flushes)
  return `load average ${show(loadavg()[0] ?? Number.NaN)}; a flush of 4 KiB takes ${show(p50, 'ms')} (p99 ${show(p99)})`
}
