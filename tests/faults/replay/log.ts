import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'

/** What the preload library saw, in the order in which it happened; `build/powercut/powercut.c` writes it. */
export type DiskEvent =
  | { readonly kind: 'open'; readonly id: bigint; readonly path: string; readonly truncates: boolean }
  | { readonly kind: 'write'; readonly id: bigint; readonly offset: number; readonly data: Buffer }
  | { readonly kind: 'truncate'; readonly id: bigint; readonly size: number }
  | { readonly kind: 'sync'; readonly id: bigint }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string }
  | { readonly kind: 'unlink'; readonly path: string }
  | { readonly kind: 'mkdir'; readonly path: string }
  | { readonly kind: 'rmdir'; readonly path: string }
  /** Something the harness saw happen, e.g. an answer that reached the client. */
  | { readonly kind: 'mark'; readonly value: unknown }

const magic = 0x54554350
const headLength = 32
const truncateFlag = 0o1000
const types = {
  open: 1,
  write: 2,
  truncate: 3,
  sync: 4,
  rename: 5,
  unlink: 6,
  mkdir: 7,
  rmdir: 8,
  unsupported: 9,
  mark: 10,
} as const

/**
 * Reads a whole log.
 * @throws Error when a process changed a watched file in a way that cannot be replayed
 */
export function readLog(file: string): DiskEvent[] {
  const bytes = readFileSync(file)
  const events: DiskEvent[] = []
  for (let at = 0; at + headLength <= bytes.length; ) {
    if (bytes.readUInt32LE(at) !== magic) throw new Error(`The log is damaged at byte ${at}`)
    const type = bytes.readUInt32LE(at + 4)
    const id = bytes.readBigUInt64LE(at + 8)
    const offset = Number(bytes.readBigInt64LE(at + 16))
    const pathEnd = at + headLength + bytes.readUInt32LE(at + 24)
    const end = pathEnd + bytes.readUInt32LE(at + 28)
    const path = bytes.toString('utf8', at + headLength, pathEnd)
    const data = bytes.subarray(pathEnd, end)
    switch (type) {
      case types.open:
        events.push({ kind: 'open', id, path, truncates: (offset & truncateFlag) !== 0 })
        break
      case types.write:
        events.push({ kind: 'write', id, offset, data })
        break
      case types.truncate:
        events.push({ kind: 'truncate', id, size: offset })
        break
      case types.sync:
        events.push({ kind: 'sync', id })
        break
      case types.rename:
        events.push({ kind: 'rename', path, to: data.toString() })
        break
      case types.unlink:
        events.push({ kind: 'unlink', path })
        break
      case types.mkdir:
        events.push({ kind: 'mkdir', path })
        break
      case types.rmdir:
        events.push({ kind: 'rmdir', path })
        break
      case types.mark:
        events.push({ kind: 'mark', value: JSON.parse(data.toString()) })
        break
      default:
        throw new Error(`A watched file was changed in a way that cannot be replayed: ${path}`)
    }
    at = end
  }
  return events
}

/** Writes marks into a log while the watched process writes to it too: one append for each, so records never mix. */
export function openMarks(file: string): { mark(value: unknown): void; close(): void } {
  const handle = openSync(file, 'a', 0o600)
  return {
    mark(value) {
      const data = Buffer.from(JSON.stringify(value))
      const head = Buffer.alloc(headLength)
      head.writeUInt32LE(magic, 0)
      head.writeUInt32LE(types.mark, 4)
      head.writeUInt32LE(data.length, 28)
      writeSync(handle, Buffer.concat([head, data]))
    },
    close: () => closeSync(handle),
  }
}
