// Shared by the start, demo and test scripts. Plain Node 20 and no dependencies: it runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const setupFolder = join(root, '.setup')

/** Node 24 of the project: the system's may be older, and the database driver needs Node-API 10. */
export const node24 = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

/** @param {string} text tells people what is going on; stdout stays free for the ready line */
export function say(text) {
  process.stderr.write(`${text}\n`)
}

/**
 * Runs a command with its output on stderr.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, quiet?: boolean }} [options]
 */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: options.quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 2, 2],
    env: options.env ?? process.env,
    shell: process.platform === 'win32',
  })
  if (result.status !== 0) {
    const output = options.quiet ? `\n${result.stdout}${result.stderr}` : ''
    throw new Error(`${command} ${args.join(' ')} failed${result.error ? `: ${result.error.message}` : ''}.${output}`)
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}

/**
 * Runs `work` while holding a lock of this checkout, so that two starts do not race each other's installation or build.
 * A lock left by a dead process is taken over, once the installation that it began has ended too.
 * @param {() => void | Promise<void>} work
 */
export async function withSetupLock(work) {
  mkdirSync(setupFolder, { recursive: true })
  const lock = join(setupFolder, 'lock')
  for (let waited = 0; ; waited++) {
    try {
      mkdirSync(lock)
      writeFileSync(join(lock, 'pid'), String(process.pid))
      break
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error
      const owners = ['pid', 'child'].map((name) => join(lock, name)).filter((file) => existsSync(file))
      const pids = owners.map((file) => Number(readFileSync(file, 'utf8'))).filter((pid) => pid > 0)
      const orphaned =
        pids.length > 0 ? !pids.some(isAlive) : Date.now() - statSync(lock, { throwIfNoEntry: false })?.mtimeMs > 10_000
      if (orphaned) {
        rmSync(lock, { recursive: true, force: true })
        continue
      }
      if (waited === 5) say('Waiting for another start of this checkout to finish its set-up ...')
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
  try {
    await work()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

/** @param {string} name */
function stampOf(name) {
  const file = join(setupFolder, name)
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

/**
 * @param {string} name
 * @param {string} value
 */
function stamp(name, value) {
  mkdirSync(setupFolder, { recursive: true })
  writeFileSync(join(setupFolder, name), value)
}

/** Installs the dependencies of the lockfile when they are not there or the lockfile has changed. */
export function ensureDependencies() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const present = existsSync(node24) && existsSync(join(root, 'node_modules', 'vite', 'package.json'))
  if (present && stampOf('dependencies') === wanted) return
  if (present && stampOf('dependencies') === '' && isInstalled()) return stamp('dependencies', wanted)
  say('Installing dependencies (npm ci) ...')
  const install = ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--include=dev']
  // It outlives a start that is ended, so the lock names it as well.
  if (process.platform === 'win32') run('npm.cmd', install)
  else run('sh', ['-c', 'echo $$ > "$0"; exec npm "$@"', join(setupFolder, 'lock', 'child'), ...install])
  if (!existsSync(node24)) run(process.execPath, [join(root, 'node_modules', 'node', 'installArchSpecificPackage.js')])
  stamp('dependencies', wanted)
}

/** Whether node_modules was installed from this very lockfile (npm keeps a hidden copy of what it installed). */
function isInstalled() {
  const hidden = join(root, 'node_modules', '.package-lock.json')
  return existsSync(hidden) && statSync(hidden).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs
}

/**
 * Fingerprint of the sources a build reads: names, sizes and times of change.
 * @param {string[]} folders
 */
function fingerprint(folders) {
  const hash = createHash('sha256')
  /** @param {string} path */
  const visit = (path) => {
    const info = statSync(path)
    if (info.isDirectory()) {
      for (const name of readdirSync(path).sort()) visit(join(path, name))
    } else if (!/\.test\.tsx?$/.test(path)) hash.update(`${path}\0${info.size}\0${info.mtimeMs}\n`)
  }
  for (const folder of folders) visit(join(root, folder))
  return hash.digest('hex')
}

const builds = {
  core: { sources: ['shared', 'electron', 'vite.config.ts', 'package-lock.json'], product: 'dist/main/headless.js' },
  window: {
    sources: ['shared', 'renderer', 'electron/preload', 'vite.config.ts', 'package-lock.json'],
    product: 'dist/renderer/index.html',
  },
}

/**
 * Builds what has changed since the last build.
 * @param {('core' | 'window')[]} parts `core`: main, headless; `window`: renderer, preload
 */
export function ensureBuild(parts) {
  for (const part of parts) {
    const { sources, product } = builds[part]
    const now = fingerprint(sources)
    if (stampOf(`build-${part}`) === now && existsSync(join(root, product))) continue
    say(`Building (${part}) ...`)
    run(node24, [join(root, 'build', 'build.mjs'), part], { quiet: true })
    stamp(`build-${part}`, now)
  }
}

/**
 * Runs the program in the foreground and ends with its exit code. Signals reach it; repeats are its business.
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
export function become(command, args, env = process.env) {
  const child = spawn(command, args, { cwd: process.cwd(), stdio: 'inherit', env })
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal))
  }
  child.on('error', (error) => {
    say(`It could not be started: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGKILL' ? 137 : 1)))
}
