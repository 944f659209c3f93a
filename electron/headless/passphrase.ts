import { readFileSync } from 'node:fs'
import { UsageError } from './args'

/**
 * The passphrase from its file (one trailing newline is dropped), else asked at the terminal without echo.
 * @throws UsageError naming the command to run where there is neither
 */
export async function readPassphrase(file: string | null, argv: readonly string[]): Promise<string> {
  if (file !== null) {
    try {
      return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
    } catch {
      throw new UsageError(`The passphrase file ${file} cannot be read. Check its name and permissions.`)
    }
  }
  if (process.stdin.isTTY !== true) {
    const given = argv.map((arg) => ` ${quoted(arg)}`).join('')
    throw new UsageError(
      `A passphrase is needed, and there is no terminal to ask at. Write it into a file that only you can read, then run:\n` +
        `  npm start -- --headless${given} --passphrase-file FILE`,
    )
  }
  return askAtTerminal()
}

/** An argument as a POSIX shell takes it. */
function quoted(arg: string): string {
  return /^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`
}

function askAtTerminal(): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const { stdin, stderr } = process
  let typed = ''
  const finish = () => {
    stdin.setRawMode(false)
    stdin.pause()
    stdin.off('data', onData)
    stderr.write('\n')
  }
  const onData = (chunk: Buffer) => {
    for (const character of chunk.toString('utf8')) {
      if (character === '\r' || character === '\n') {
        finish()
        resolve(typed)
        return
      }
      if (character === '\u0003' || character === '\u0004') {
        finish()
        reject(new UsageError('No passphrase was given.'))
        return
      }
      typed = character === '\u007f' ? typed.slice(0, -1) : typed + character
    }
  }
  stderr.write('Passphrase: ')
  stdin.setRawMode(true)
  stdin.resume()
  stdin.on('data', onData)
  return promise
}
