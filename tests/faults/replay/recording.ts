import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Ack, isAck } from '../ack'
import type { Random } from '../random'
import type { Workspace } from '../workspace'
import { Disk, type Loss } from './disk'
import type { DiskEvent } from './log'

/** A recorded run. */
export interface Recording {
  /** Where cuts are made. */
  readonly workspace: Workspace
  /** The data folder as the app knew it. */
  readonly dir: string
  /** What it held at the beginning; undefined: nothing. */
  readonly image: string | undefined
  readonly events: readonly DiskEvent[]
  readonly random: Random
}

/** Steps through the log and stops at the given places, each with what was acknowledged before it. */
export async function replay(
  { workspace, dir, image, events, random }: Recording,
  at: readonly number[],
  visit: (cut: (loss: Loss) => string, acks: Ack[], index: number) => Promise<void>,
): Promise<void> {
  const disk = new Disk(dir, image)
  const acks: Ack[] = []
  let next = 0
  for (const [index, event] of events.entries()) {
    for (; at[next] === index; next++) {
      const target = join(workspace.dir, 'cut')
      const cut = (loss: Loss): string => {
        rmSync(target, { recursive: true, force: true })
        mkdirSync(target, { mode: 0o700 })
        disk.cut(loss, random, target)
        return target
      }
      await visit(cut, acks, index)
    }
    disk.apply(event)
    if (event.kind === 'mark' && isAck(event.value)) acks.push(event.value)
  }
}

/** Random places in a log to cut at, rising, from `first` up to but not including `end`. */
export function places(first: number, end: number, count: number, random: Random): number[] {
  return Array.from({ length: count }, () => random.whole(first, end - 1)).sort((a, b) => a - b)
}
