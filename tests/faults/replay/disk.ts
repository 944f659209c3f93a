import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { Random } from '../random'
import type { DiskEvent } from './log'

type DataChange = { readonly offset: number; readonly data: Buffer } | { readonly size: number }

/** How a cut treats what was written and not yet flushed. */
export type Loss =
  /** All of it is lost. */
  | 'dropped'
  /** All of it is there, as after the death of the process alone. */
  | 'kept'
  /** The oldest part of it is there, the last write of that part torn within. */
  | 'prefix'
  /** Any sectors of 512 bytes of it are there, whatever the order in which they were written. */
  | 'torn'
  /** Any blocks of 4096 bytes of it are there, whatever the order. */
  | 'reordered'

export const losses: readonly Loss[] = ['dropped', 'kept', 'prefix', 'torn', 'reordered']

/** A growing file. */
class Bytes {
  #buffer: Buffer
  #size: number

  constructor(content: Buffer = Buffer.alloc(0)) {
    this.#buffer = content
    this.#size = content.length
  }

  apply(change: DataChange): void {
    if ('size' in change) {
      this.#resize(change.size)
      return
    }
    const end = change.offset + change.data.length
    if (end > this.#size) this.#resize(end)
    change.data.copy(this.#buffer, change.offset)
  }

  #resize(size: number): void {
    if (size > this.#buffer.length) {
      const grown = Buffer.alloc(Math.max(size, this.#buffer.length * 2))
      this.#buffer.copy(grown, 0, 0, this.#size)
      this.#buffer = grown
    } else if (size > this.#size) this.#buffer.fill(0, this.#size, size)
    this.#size = size
  }

  copy(): Bytes {
    return new Bytes(Buffer.from(this.content()))
  }

  content(): Buffer {
    return this.#buffer.subarray(0, this.#size)
  }
}

class FileNode {
  readonly durable: Bytes
  readonly pending: DataChange[] = []

  constructor(content?: Buffer) {
    this.durable = new Bytes(content)
  }

  flush(): void {
    for (const change of this.pending) this.durable.apply(change)
    this.pending.length = 0
  }

  /** The content after a cut; undefined loss: as the running process sees it. */
  after(loss: Loss, random: Random): Buffer {
    if (this.pending.length === 0 || loss === 'dropped') return this.durable.content()
    const bytes = this.durable.copy()
    for (const change of surviving(this.pending, loss, random)) bytes.apply(change)
    return bytes.content()
  }
}

function* sectors(change: DataChange, size: number): Generator<DataChange> {
  if ('size' in change) {
    yield change
    return
  }
  let at = 0
  while (at < change.data.length) {
    const end = Math.min(change.data.length, at + size - ((change.offset + at) % size))
    yield { offset: change.offset + at, data: change.data.subarray(at, end) }
    at = end
  }
}

function* surviving(changes: readonly DataChange[], loss: Loss, random: Random): Generator<DataChange> {
  if (loss === 'kept') {
    yield* changes
    return
  }
  if (loss === 'prefix') {
    const whole = random.whole(0, changes.length)
    yield* changes.slice(0, whole)
    const torn = changes[whole]
    if (torn && 'data' in torn) yield { offset: torn.offset, data: torn.data.subarray(0, random.whole(0, torn.data.length)) }
    return
  }
  const probability = random.pick([0.1, 0.5, 0.9])
  for (const change of changes) {
    for (const sector of sectors(change, loss === 'torn' ? 512 : 4096)) if (random.chance(probability)) yield sector
  }
}

/** A change of which name stands for what, in one folder. */
interface NameChange {
  readonly dir: string
  apply(names: Map<string, FileNode | 'folder'>): void
}

/**
 * A model of one folder on a disk, fed with what a process did. It knows what is certain to be there after a power cut and what is not:
 * - content is certain once its file was flushed;
 * - a new, renamed or removed name is certain once its folder was flushed (POSIX), or with any later flush in a file system that
 *   keeps its metadata in one ordered journal (ext4): each cut takes one of the two views. Names keep their order.
 */
export class Disk {
  readonly #root: string
  readonly #names = new Map<string, FileNode | 'folder'>()
  readonly #durableNames: Map<string, FileNode | 'folder'>
  /** Not yet flushed by their folder. */
  #pendingNames: NameChange[] = []
  /** How many of `#pendingNames`, from the first, an ordered journal has already written. */
  #journalled = 0
  readonly #open = new Map<bigint, FileNode | { readonly folder: string }>()

  /** @param root the folder as the process knew it; `image` a folder with what it held at the beginning, all of it certain */
  constructor(root: string, image?: string) {
    this.#root = root
    this.#names.set(root, 'folder')
    if (image) this.#load(image)
    this.#durableNames = new Map(this.#names)
  }

  #load(image: string): void {
    for (const entry of readdirSync(image, { withFileTypes: true, recursive: true })) {
      const path = join(entry.parentPath, entry.name)
      const name = join(this.#root, relative(image, path))
      if (entry.isDirectory()) this.#names.set(name, 'folder')
      else if (entry.isFile() && !name.endsWith('-shm')) this.#names.set(name, new FileNode(readFileSync(path)))
    }
  }

  #rename(change: NameChange): void {
    change.apply(this.#names)
    this.#pendingNames.push(change)
  }

  #set(path: string, node: FileNode | 'folder'): void {
    this.#rename({ dir: dirname(path), apply: (names) => void names.set(path, node) })
  }

  #remove(path: string): void {
    this.#rename({ dir: dirname(path), apply: (names) => void names.delete(path) })
  }

  apply(event: DiskEvent): void {
    switch (event.kind) {
      case 'open':
        this.#opened(event.id, event.path, event.truncates)
        break
      case 'write':
        this.#changed(event.id, { offset: event.offset, data: event.data })
        break
      case 'truncate':
        this.#changed(event.id, { size: event.size })
        break
      case 'sync':
        this.#synced(event.id)
        break
      case 'rename':
        this.#renamed(event.path, event.to)
        break
      case 'unlink':
      case 'rmdir':
        this.#remove(event.path)
        break
      case 'mkdir':
        this.#set(event.path, 'folder')
        break
      case 'mark':
        break
    }
  }

  #renamed(from: string, to: string): void {
    const node = this.#names.get(from)
    if (!node) throw new Error(`A name that was never seen was changed: ${from}`)
    this.#rename({
      dir: dirname(to),
      apply: (names) => {
        names.delete(from)
        names.set(to, node)
      },
    })
  }

  #opened(id: bigint, path: string, truncates: boolean): void {
    let node = this.#names.get(path)
    if (node === 'folder') {
      this.#open.set(id, { folder: path })
      return
    }
    if (!node) {
      node = new FileNode()
      this.#set(path, node)
    } else if (truncates) node.pending.push({ size: 0 })
    this.#open.set(id, node)
  }

  #changed(id: bigint, change: DataChange): void {
    const node = this.#open.get(id)
    if (!(node instanceof FileNode)) throw new Error('A file that was never opened was changed')
    node.pending.push(change)
  }

  #synced(id: bigint): void {
    const node = this.#open.get(id)
    if (!node) throw new Error('A file that was never opened was flushed')
    this.#journalled = this.#pendingNames.length
    if (node instanceof FileNode) {
      node.flush()
      return
    }
    const mine = this.#pendingNames.filter((change) => change.dir === node.folder)
    for (const change of mine) change.apply(this.#durableNames)
    this.#pendingNames = this.#pendingNames.filter((change) => change.dir !== node.folder)
    this.#journalled = this.#pendingNames.length
  }

  /** Whether anything at all is uncertain now. */
  get uncertain(): boolean {
    if (this.#pendingNames.length > 0) return true
    for (const node of this.#names.values()) if (node instanceof FileNode && node.pending.length > 0) return true
    return false
  }

  /** Writes into a new folder what a power cut at this moment may leave. */
  cut(loss: Loss, random: Random, target: string): void {
    const names = new Map(this.#durableNames)
    const least = random.chance(0.5) ? this.#journalled : 0
    const kept =
      loss === 'kept' ? this.#pendingNames.length : loss === 'dropped' ? least : random.whole(least, this.#pendingNames.length)
    for (const change of this.#pendingNames.slice(0, kept)) change.apply(names)
    for (const [path, node] of [...names].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const at = join(target, relative(this.#root, path))
      if (node === 'folder') mkdirSync(at, { recursive: true, mode: 0o700 })
      else if (names.get(dirname(path)) === 'folder') writeFileSync(at, node.after(loss, random), { mode: 0o600 })
    }
  }
}
