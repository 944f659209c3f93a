// @ts-check
/**
 * Which browser the Chromium runtime can use, and how to get one.
 *
 * Plain JavaScript without dependencies: the start script loads this file with whatever Node the system has (20 or later),
 * before anything is installed.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'

/** Names looked for on the PATH, most wanted first. */
const COMMANDS = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
]

const MAC_APPS = ['Google Chrome', 'Chromium', 'Microsoft Edge']

const WINDOWS_PROGRAMS = [
  'Google/Chrome/Application/chrome.exe',
  'Chromium/Application/chrome.exe',
  'Microsoft/Edge/Application/msedge.exe',
]

/**
 * @typedef {object} Machine What the search looks at; the default is this machine.
 * @property {NodeJS.Platform} platform
 * @property {Record<string, string | undefined>} env
 * @property {(file: string) => boolean} exists
 */

/**
 * The absolute paths at which a browser may be installed, in order of preference.
 *
 * @param {Pick<Machine, 'platform' | 'env'>} machine
 * @returns {string[]}
 */
export function browserCandidates({ platform, env }) {
  if (platform === 'win32') {
    const roots = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA]
    return roots.flatMap((root) => (root ? WINDOWS_PROGRAMS.map((program) => path.win32.join(root, program)) : []))
  }
  if (platform === 'darwin') {
    const roots = ['/Applications', ...(env.HOME ? [`${env.HOME}/Applications`] : [])]
    return MAC_APPS.flatMap((app) => roots.map((root) => `${root}/${app}.app/Contents/MacOS/${app}`))
  }
  const folders = [...(env.PATH ?? '').split(':').filter(Boolean), '/usr/bin', '/snap/bin', '/opt/google/chrome']
  return COMMANDS.flatMap((command) => folders.map((folder) => `${folder}/${command}`))
}

/**
 * Finds an installed Chromium, Chrome or Edge. `COUNTINGHOUSE_BROWSER` names one that is used before all others.
 *
 * @param {Partial<Machine>} [machine]
 * @returns {string | null} the path of its executable, or null when there is none
 */
export function findBrowser({ platform = process.platform, env = process.env, exists = existsSync } = {}) {
  const wanted = env.COUNTINGHOUSE_BROWSER
  if (wanted) return exists(wanted) ? wanted : null
  return browserCandidates({ platform, env }).find((file) => exists(file)) ?? null
}

/**
 * The name and version of a browser, as it says itself, e.g. `Chromium 156.0.8078.79`.
 *
 * @param {string} executable
 * @returns {string} on Windows, where `--version` opens a window instead of answering, the version folder beside the executable
 */
export function browserVersion(executable) {
  if (process.platform === 'win32') {
    const versions = readdirSync(path.dirname(executable)).filter((name) => /^\d+(\.\d+){3}$/.test(name))
    return `${path.basename(executable, '.exe')} ${versions.at(-1) ?? 'of unknown version'}`
  }
  const { stdout } = spawnSync(executable, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return /^.*?\d+(\.\d+)+/.exec(stdout ?? '')?.[0].trim() ?? path.basename(executable)
}

/**
 * Installs Debian's Chromium with apt-get and returns the path of its executable. Only root on a machine with apt-get can do this.
 *
 * @param {{ run?: (command: string, args: string[]) => number | null, isRoot?: boolean }} [options] `run` returns the exit code
 * @returns {string}
 * @throws {Error} with the sentence to show when this machine cannot install one, or when apt-get failed
 */
export function installBrowser({ run = runLoudly, isRoot = process.getuid?.() === 0 } = {}) {
  const byHand = 'Install Chromium, Google Chrome or Microsoft Edge, or name its executable in COUNTINGHOUSE_BROWSER.'
  if (process.platform !== 'linux' || !existsSync('/usr/bin/apt-get')) throw new Error(`No browser was found. ${byHand}`)
  if (!isRoot) throw new Error(`No browser was found, and only root can run "apt-get install chromium". ${byHand}`)
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
    const code = run('apt-get', args)
    if (code !== 0) throw new Error(`"apt-get ${args.join(' ')}" failed with exit code ${code}. ${byHand}`)
  }
  const installed = findBrowser()
  if (!installed) throw new Error(`apt-get installed chromium, but its executable was not found. ${byHand}`)
  return installed
}

/**
 * Runs a command with its output on this process's stderr, so that stdout stays free for machine-readable lines.
 *
 * @param {string} command
 * @param {string[]} args
 */
function runLoudly(command, args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return spawnSync(command, args, { stdio: ['ignore', process.stderr, process.stderr], env }).status
}
