import { readdirSync, readFileSync } from 'node:fs'

/** One process of an app. */
export interface AppProcess {
  readonly pid: number
  /** With the id it tells a process from a later one that was given the same id. */
  readonly startedAt: string
  /** `main`, or what Chromium calls it: `browser`, `renderer`, `gpu-process`, `utility`, `zygote`, `crashpad`. */
  readonly role: string
  /** The words it was started with. Chromium's children write over theirs. */
  readonly command: string
}

/** Name of the environment variable by which the processes of one app are known; its value is made up anew for each. */
export const markName = 'COUNTINGHOUSE_FAULTS_MARK'

interface Entry extends AppProcess {
  readonly parent: number
  readonly isMarked: boolean
}

/**
 * Every process of an app that was started with `markName` in its environment: those that still show it, and all that descend from one of
 * them. Chromium's children write over their environment, and its crash handlers leave their family.
 */
export function appProcesses(mark: string): AppProcess[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => entryOf(Number(pid), mark))
  const ours = new Set(all.filter(({ isMarked }) => isMarked).map(({ pid }) => pid))
  for (let before = -1; before !== ours.size; ) {
    before = ours.size
    for (const { pid, parent } of all) if (ours.has(parent)) ours.add(pid)
  }
  return all.filter(({ pid }) => ours.has(pid))
}

/** Whether it is still there, and has not merely left its place to another. */
export function isAlive({ pid, startedAt }: AppProcess): boolean {
  return readStat(pid)?.startedAt === startedAt
}

function entryOf(pid: number, mark: string): Entry[] {
  const stat = readStat(pid)
  if (stat === null) return []
  const isMarked = readText(`/proc/${pid}/environ`).split('\0').includes(`${markName}=${mark}`)
  const command = readText(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')
  return [{ pid, isMarked, command, role: roleOf(command), ...stat }]
}

/** Empty for what is not there any more, and for what is not ours to read. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function roleOf(command: string): string {
  const type = /--type=([\w-]+)/.exec(command)?.[1]
  if (type === undefined && /^\S*crashpad/.test(command)) return 'crashpad'
  return type ?? (command.includes('--user-data-dir=') ? 'browser' : 'main')
}

/** What Linux says of a process (proc_pid_stat(5)); null where it is not there, or has ended and only waits for its parent. */
function readStat(pid: number): { parent: number; startedAt: string } | null {
  const stat = readText(`/proc/${pid}/stat`)
  if (stat === '') return null
  const [state, parent, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return state === 'Z' || state === 'X' ? null : { parent: Number(parent), startedAt: fields[17] ?? '' }
}
