#!/usr/bin/env node
// Writes the database of a vault or of a backup as a plain SQLite file, with no app code: what it says about the format is all there is.
//   npm run decrypt -- SOURCE TARGET [--passphrase-file FILE | --kit-file FILE] [--yes]
// --yes  writes without asking first
// SOURCE is a backup (countinghouse-....chb) or a data folder (vault.header beside countinghouse.db; close the app first).
// TARGET must not exist. Anybody can read it then; only the secrets of the vault stay sealed in it, value by value.
// Exit 0: written. Exit 1: it does not open or is damaged. Exit 2: usage.
import { createDecipheriv, createHash, createHmac, hkdfSync } from 'node:crypto'
import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { hashRaw } from '@node-rs/argon2'
import Database from 'better-sqlite3'

const usage = `npm run decrypt -- SOURCE TARGET [--passphrase-file FILE | --kit-file FILE] [--yes]
SOURCE is a backup (countinghouse-....chb) or a data folder (close the app first); TARGET a file that is not there yet.`

class Usage extends Error {}
class Refused extends Error {}

/** @param {string} text */
const say = (text) => process.stderr.write(`${text}\n`)
/** @param {string} text */
const base64 = (text) => Buffer.from(text, 'base64')

/** Length of each part (32 bits, big endian) before the part. @param {string[]} parts */
const framed = (parts) =>
  Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(part)
      const length = Buffer.alloc(4)
      length.writeUInt32BE(bytes.length)
      return [length, bytes]
    }),
  )

/**
 * Opens an envelope of the header: format byte 1, nonce of 12 bytes, ciphertext, tag of 16 bytes (AES-256-GCM).
 * @param {Buffer} key @param {string} sealed @param {string} vault @param {string} record @param {string} field
 */
function open(key, sealed, vault, record, field) {
  const bytes = base64(sealed)
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 13), { authTagLength: 16 })
  decipher.setAAD(framed(['countinghouse.envelope', '1', vault, record, field, '1', 'vault.header/1']))
  decipher.setAuthTag(bytes.subarray(-16))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(13, -16)), decipher.final()])
  } catch {
    throw new Refused('It does not open: the passphrase or the code is wrong, or the header was changed.')
  }
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** The 20 bytes of a recovery code: 32 symbols of 5 bits each, and two that only find typing mistakes. @param {string} text */
function kitBytes(text) {
  const typed = text.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')
  const digits = [...typed].slice(0, 32).map((symbol) => BigInt(alphabet.indexOf(symbol)))
  if (typed.length !== 34 || digits.some((digit) => digit < 0n)) throw new Refused('The recovery code is mistyped.')
  const value = digits.reduce((sum, digit) => (sum << 5n) | digit, 0n)
  return Buffer.from(value.toString(16).padStart(40, '0'), 'hex')
}

/** The key that wraps the master key. @param {any} wrap @param {{ passphrase?: string, kit?: string }} proof */
async function wrappingKey(wrap, proof) {
  const salt = base64(wrap.salt ?? wrap.kdf.salt)
  if (wrap.kind === 'kit') return Buffer.from(hkdfSync('sha256', kitBytes(proof.kit ?? ''), salt, 'countinghouse.wrap.kit/1', 32))
  const { memoryKiB: memoryCost, iterations: timeCost, parallelism } = wrap.kdf
  const password = Buffer.from((proof.passphrase ?? '').normalize('NFKC'))
  return hashRaw(password, { algorithm: 2, version: 1, memoryCost, timeCost, parallelism, outputLen: 32, salt })
}

/** The database key that a header wraps. @param {any} header @param {{ passphrase?: string, kit?: string }} proof */
async function databaseKey(header, proof) {
  const wrap = header.wraps.find((/** @type {any} */ { kind }) => kind === (proof.kit === undefined ? 'passphrase' : 'kit'))
  if (wrap === undefined) throw new Refused('The vault had no recovery kit when this was made.')
  const master = open(await wrappingKey(wrap, proof), wrap.sealed, header.vaultId, wrap.id, `master.${wrap.kind}`)
  // In the middle of a change of keys the file still has the previous one.
  const name = header.keys.previousDatabase === undefined ? 'database' : 'previousDatabase'
  return open(master, header.keys[name], header.vaultId, 'key', name)
}

/** @param {number} handle @param {number} length @param {number} at */
function read(handle, length, at) {
  const bytes = Buffer.alloc(length)
  if (readSync(handle, bytes, 0, length, at) !== length) throw new Refused('The backup is cut short.')
  return bytes
}

/** A backup: prefix of 160 bytes, manifest, header, database. @param {string} file */
function readBackup(file) {
  const handle = openSync(file, 'r')
  const prefix = Buffer.alloc(160)
  readSync(handle, prefix, 0, 160, 0)
  if (prefix.toString('latin1', 0, 8) !== 'CHBACKUP' || prefix.readUInt32BE(8) !== 1) throw new Refused('This is no backup.')
  const [manifestLength, headerLength] = [prefix.readUInt32BE(12), prefix.readUInt32BE(16)]
  const header = read(handle, headerLength, 160 + manifestLength)
  if (!createHash('sha256').update(header).digest().equals(prefix.subarray(64, 96))) throw new Refused('The backup is damaged.')
  return {
    header: JSON.parse(header.toString()),
    /** @param {string} target @param {Buffer} key */
    extract: (target, key) => {
      const tagKey = Buffer.from(hkdfSync('sha256', key, '', 'countinghouse.backup/1', 32))
      const tag = createHmac('sha256', tagKey).update(prefix.subarray(0, 128)).digest()
      const hash = createHash('sha256')
      const out = openSync(target, 'wx', 0o600)
      const end = statSync(file).size
      for (let at = 160 + manifestLength + headerLength; at < end; at += 1_048_576) {
        const bytes = read(handle, Math.min(1_048_576, end - at), at)
        hash.update(bytes)
        writeSync(out, bytes)
      }
      closeSync(out)
      closeSync(handle)
      if (!tag.equals(prefix.subarray(128)) || !hash.digest().equals(prefix.subarray(96, 128)))
        throw new Refused('The backup is damaged.')
    },
  }
}

/** A data folder. @param {string} dir */
function readFolder(dir) {
  if (!existsSync(join(dir, 'vault.header'))) throw new Refused('There is no vault in this folder: it holds no vault.header.')
  const header = JSON.parse(readFileSync(join(dir, 'vault.header'), 'utf8'))
  // A change of keys that was cut off at its last step: the file under the new key has not its name yet.
  const next = join(dir, 'countinghouse.db.next')
  const isNext = header.keys.previousDatabase === undefined && existsSync(next)
  return {
    header,
    /** @param {string} target */
    extract: (target) => {
      for (const suffix of isNext ? [''] : ['', '-wal']) {
        const file = isNext ? next : join(dir, `countinghouse.db${suffix}`)
        if (existsSync(file)) copyFileSync(file, `${target}${suffix}`)
      }
    },
  }
}

/** Takes the encryption off a copy (AEGIS-256, raw key, pages of 4096 bytes). @param {string} file @param {Buffer} key */
function unlockCopy(file, key) {
  const driver = /** @type {any} */ (new Database(file))
  try {
    driver.pragma("cipher = 'aegis'")
    driver.pragma("algorithm = 'aegis-256'")
    driver.key(Buffer.concat([Buffer.from('raw:'), key]))
    driver.pragma('journal_mode = DELETE')
    driver.rekey(Buffer.alloc(0))
    if (driver.pragma('integrity_check', { simple: true }) !== 'ok') throw new Refused('The database is damaged.')
  } finally {
    driver.close()
  }
}

/** @param {string} question */
async function ask(question) {
  if (process.stdin.isTTY !== true) throw new Usage(`There is no terminal to ask at: ${question}`)
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await lines.question(question)
  } finally {
    lines.close()
  }
}

/** @param {string[]} args @param {string} name */
function fileOption(args, name) {
  const at = args.indexOf(name)
  if (at < 0) return undefined
  const [, file] = args.splice(at, 2)
  if (file === undefined || file.startsWith('--')) throw new Usage(`${name} needs a file.\n${usage}`)
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch {
    throw new Usage(`The file after ${name} cannot be read. Check its name and permissions.`)
  }
}

async function main() {
  const args = process.argv.slice(2)
  if (args.includes('--help')) {
    process.stdout.write(`${usage}\n`)
    return
  }
  const passphrase = fileOption(args, '--passphrase-file')
  const kit = fileOption(args, '--kit-file')
  const sure = args.includes('--yes')
  const [source, target, ...rest] = args.filter((arg) => arg !== '--yes')
  const unknown = args.find((arg) => arg.startsWith('--') && arg !== '--yes')
  if (unknown !== undefined) throw new Usage(`There is no option ${unknown}.\n${usage}`)
  if (source === undefined || target === undefined || rest.length > 0) throw new Usage(usage)
  if (passphrase !== undefined && kit !== undefined)
    throw new Usage(`Give the passphrase or the code of the kit, not both.\n${usage}`)
  if (!existsSync(source)) throw new Usage('The source cannot be found. Check its name.')
  if (existsSync(target)) throw new Usage('The target exists already. It was not touched.')
  if (!existsSync(dirname(target))) throw new Usage('The target cannot be written: there is no such folder.')
  const vault = statSync(source).isDirectory() ? readFolder(source) : readBackup(source)
  if (!sure && (await ask('The copy will not be encrypted: whoever gets the file can read it. Write it? (yes/no) ')) !== 'yes')
    throw new Usage('Nothing was written.')
  const proof = kit !== undefined ? { kit } : { passphrase: passphrase ?? (await ask('Passphrase (it is shown as you type): ')) }
  const key = await databaseKey(vault.header, proof)
  const partial = `${target}.partial`
  try {
    vault.extract(partial, key)
    unlockCopy(partial, key)
    renameSync(partial, target)
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${partial}${suffix}`, { force: true })
  }
  say('Written. Delete it when you are done with it.')
}

try {
  await main()
} catch (error) {
  if (!(error instanceof Usage || error instanceof Refused)) throw error
  say(error.message)
  process.exitCode = error instanceof Usage ? 2 : 1
}
