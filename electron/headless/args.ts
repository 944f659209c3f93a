import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

export interface HeadlessArgs {
  readonly dataDir: string
  readonly port: number
  readonly webhookPort: number
  readonly passphraseFile: string | null
  readonly practice: boolean
  /** Path of a backup that becomes the vault of a folder without one; null: the vault that is there, or a new one. */
  readonly restore: string | null
}

/** A wrong command line; the program prints its message and exits 2. */
export class UsageError extends Error {}

export const usage =
  'Usage: npm start -- --headless --data DIR [--port N] [--webhook-port N] [--passphrase-file FILE] [--practice] [--restore BACKUP]'

/** Where the desktop app keeps its data on this system, as Electron's userData. */
export function defaultDataDir(
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
  home = homedir(),
): string {
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Countinghouse')
  if (platform === 'win32') return join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'Countinghouse')
  return join(env.XDG_CONFIG_HOME ?? join(home, '.config'), 'Countinghouse')
}

/**
 * Reads the command line of the headless app.
 * @throws UsageError that says which argument is wrong
 */
export function parseHeadlessArgs(argv: readonly string[]): HeadlessArgs {
  let values: ReturnType<typeof readOptions>
  try {
    values = readOptions(argv)
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
  }
  const practice = values.practice ?? false
  const home = defaultDataDir()
  if (values.data === '') throw new UsageError(`--data needs a folder.\n${usage}`)
  if (values.restore === '') throw new UsageError(`--restore needs the file of a backup.\n${usage}`)
  return {
    dataDir: values.data ?? join(home, practice ? 'practice' : 'live'),
    port: portOf('--port', values.port),
    webhookPort: portOf('--webhook-port', values['webhook-port']),
    passphraseFile: values['passphrase-file'] ?? null,
    practice,
    restore: values.restore ?? null,
  }
}

function readOptions(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    strict: true,
    allowPositionals: false,
    options: {
      headless: { type: 'boolean' },
      data: { type: 'string' },
      port: { type: 'string' },
      'webhook-port': { type: 'string' },
      'passphrase-file': { type: 'string' },
      practice: { type: 'boolean' },
      restore: { type: 'string' },
    },
  }).values
}

function portOf(flag: string, text: string | undefined): number {
  if (text === undefined) return 0
  const port = Number(text)
  if (!/^[0-9]{1,5}$/.test(text) || port > 65_535)
    throw new UsageError(`${flag} must be a port number from 0 to 65535.\n${usage}`)
  return port
}
