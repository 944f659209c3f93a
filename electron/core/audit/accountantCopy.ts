import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { syncFolder } from '../db/durableFile'

const readMe = `What is here
- audit.jsonl        every action that was recorded, in order, with the signed heads of the log
- verifyAudit.mjs    checks it; needs Node.js 20 or later and nothing else: no app, no password, no network

How to check
    node verifyAudit.mjs audit.jsonl
To know that it was signed by the right vault, name its public key (it stands on the recovery kit and in every anchor):
    node verifyAudit.mjs audit.jsonl --key PUBLIC_KEY_IN_HEX
To see that nothing was cut off or written anew since, name heads that were kept elsewhere:
    node verifyAudit.mjs audit.jsonl --heads audit-heads.jsonl
`

/**
 * Writes the log with all that is needed to check it into a new folder, which appears only when it is whole.
 * @param chunks of JSON lines from `exportLog`; gives way to others between them
 * @param verifier text of the stand-alone verifier
 * @throws file system errors; nothing is left then
 */
export async function writeAccountantCopy(
  parent: string,
  folderName: string,
  chunks: Iterable<string>,
  verifier: string,
): Promise<void> {
  const folder = join(parent, folderName)
  const part = `${folder}.part`
  mkdirSync(part, { mode: 0o700 })
  try {
    const log = openSync(join(part, 'audit.jsonl'), 'wx', 0o600)
    try {
      for (const chunk of chunks) {
        const bytes = Buffer.from(chunk)
        for (let at = 0; at < bytes.length; ) at += writeSync(log, bytes, at)
        await new Promise<void>((resolve) => setImmediate(resolve))
      }
      fsyncSync(log)
    } finally {
      closeSync(log)
    }
    writeFileSync(join(part, 'verifyAudit.mjs'), verifier, { mode: 0o600, flush: true })
    writeFileSync(join(part, 'README.txt'), readMe, { mode: 0o600, flush: true })
    renameSync(part, folder)
    syncFolder(parent)
  } catch (error) {
    rmSync(part, { recursive: true, force: true })
    throw error
  }
}
