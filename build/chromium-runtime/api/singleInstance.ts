import { createHash, randomUUID } from 'node:crypto'
import {
  type FSWatcher,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** What a second start tells the first. */
export interface SecondInstance {
  argv: string[]
  workingDirectory: string
  additionalData: unknown
}

/**
 * The lock of one app per userData folder. The folder of the lock holds `owner`, with the process that has it, and a file per message
 * of later starts; all of it is written synchronously, as a later start usually exits at once.
 */
export class SingleInstance {
  readonly #folder: string
  readonly #owner: string
  #watcher: FSWatcher | undefined

  constructor(userData: string) {
    mkdirSync(userData, { recursive: true })
    const key = createHash('sha256').update(realpathSync(userData)).digest('hex').slice(0, 32)
    this.#folder = path.join(tmpdir(), `chromium-runtime-${process.getuid?.() ?? 'user'}`, key)
    this.#owner = path.join(this.#folder, 'owner')
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
  }

  /** Takes the lock, or tells the process that has it about this start and returns false. */
  acquire(additionalData: unknown, onSecond: (second: SecondInstance) => void): boolean {
    if (this.isHeld()) return true
    if (!this.#claim()) {
      this.#tellOwner({ argv: process.argv, workingDirectory: process.cwd(), additionalData })
      return false
    }
    this.#watcher = watch(this.#folder, () => this.#readMessages(onSecond))
    this.#watcher.unref()
    process.once('exit', () => this.release())
    this.#readMessages(() => {})
    return true
  }

  isHeld(): boolean {
    return this.#watcher !== undefined
  }

  release(): void {
    if (!this.#watcher) return
    this.#watcher.close()
    this.#watcher = undefined
    rmSync(this.#folder, { recursive: true, force: true })
  }

  /** The folder's own lock (`lock.db`) stays the guard of the data: two starts that clear the same dead owner can both win here. */
  #claim(): boolean {
    for (;;) {
      try {
        writeFileSync(this.#owner, processMark(process.pid), { flag: 'wx' })
        return true
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
      if (isRunning(this.#readOwner())) return false
      rmSync(this.#owner, { force: true })
    }
  }

  #readOwner(): string {
    try {
      return readFileSync(this.#owner, 'utf8')
    } catch {
      return ''
    }
  }

  #tellOwner(second: SecondInstance): void {
    const draft = path.join(this.#folder, `${randomUUID()}.draft`)
    writeFileSync(draft, JSON.stringify(second))
    renameSync(draft, draft.replace(/draft$/, 'json'))
  }

  #readMessages(onSecond: (second: SecondInstance) => void): void {
    for (const name of readdirSync(this.#folder).filter((file) => file.endsWith('.json'))) {
      const file = path.join(this.#folder, name)
      const second = JSON.parse(readFileSync(file, 'utf8')) as SecondInstance
      rmSync(file)
      onSecond(second)
    }
  }
}

/** A process by its id and, where the system tells it, its start time, so that a reused id is not taken for it. */
function processMark(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const startTime = stat.slice(stat.lastIndexOf(')')).split(' ')[20]
    return `${pid} ${startTime}`
  } catch {
    return `${pid}`
  }
}

function isRunning(mark: string): boolean {
  const pid = Number.parseInt(mark, 10)
  if (Number.isNaN(pid)) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return processMark(pid) === mark
}
