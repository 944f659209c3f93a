// Compiles the preload library of the power-cut and disk-fault tests; installs gcc on Debian as root where it is missing.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const source = join(dirname(fileURLToPath(import.meta.url)), 'powercut.c')
const folder = join(dirname(dirname(dirname(source))), '.setup')

/**
 * @param {string} command
 * @param {string[]} args
 */
function tryRun(command, args) {
  return spawnSync(command, args, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' })
}

/** @returns {string | null} why there is no compiler and none could be installed; null when there is one */
function missingCompiler() {
  if (tryRun('gcc', ['--version']).status === 0) return null
  if (!existsSync('/etc/debian_version')) return 'gcc is missing, and this is not Debian, where it could be installed'
  if (process.getuid?.() !== 0) return 'gcc is missing, and only root can install it (apt-get install gcc libc6-dev)'
  const install = ['install', '-y', '--no-install-recommends', 'gcc', 'libc6-dev']
  if (tryRun('apt-get', install).status !== 0 && tryRun('apt-get', ['update']).status === 0) tryRun('apt-get', install)
  return tryRun('gcc', ['--version']).status === 0 ? null : 'gcc is missing and could not be installed with apt-get'
}

/**
 * @returns {{ library: string } | { skipped: string }} the compiled library, or why it cannot be had on this machine
 */
export function powercutLibrary() {
  if (process.platform !== 'linux') return { skipped: 'the preload library of the power-cut tests works on Linux only' }
  const name = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16)
  const library = join(folder, `powercut-${process.arch}-${name}.so`)
  if (existsSync(library)) return { library }
  const missing = missingCompiler()
  if (missing) return { skipped: missing }
  mkdirSync(folder, { recursive: true })
  const partial = `${library}.${process.pid}`
  const result = tryRun('gcc', [
    '-O2',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-shared',
    '-fPIC',
    '-o',
    partial,
    source,
    '-ldl',
    '-lpthread',
  ])
  if (result.status !== 0) return { skipped: `gcc cannot compile the preload library: ${result.stderr.trim()}` }
  renameSync(partial, library)
  return { library }
}
