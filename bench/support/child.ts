import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** Folder of the checkout; the bench runs from its bundle in `dist/bench`. */
export const root = join(import.meta.dirname.replace(/\/chunks$/, ''), '..', '..')
export const node24 = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Sees to it that a process does not outlive the bench. */
export function tied(child: ChildProcess): ChildProcess {
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

/** Runs one of the bench's children, an entry of `bench/bundle.mjs`. See `runScript`. */
export function runChild<T>(name: string, args: unknown): Promise<T> {
  return runScript(join(root, 'dist', 'bench', `${name}.js`), args)
}

/**
 * Runs a script in a process of its own with arguments as JSON.
 * @returns the JSON it printed on its last line
 * @throws Error with its stderr when it fails
 */
export async function runScript<T>(script: string, args: unknown): Promise<T> {
  const child = spawn(node24, [script, JSON.stringify(args)], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  tied(child)
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${errors}`)
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as T
}

/** Arguments of this child. */
export function childArgs<T>(): T {
  return JSON.parse(process.argv[2] ?? '{}') as T
}

/** Answers the parent; the child's last word. */
export function answerParent(result: unknown): void {
  process.stdout.write(`\n${JSON.stringify(result)}\n`)
}
