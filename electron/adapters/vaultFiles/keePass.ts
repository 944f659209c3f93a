import { hashRaw } from '@node-rs/argon2'
import {
  BinaryStream,
  Consts,
  Credentials,
  CryptoEngine,
  Int64,
  Kdbx,
  KdbxContext,
  type KdbxEntry,
  KdbxError,
  type KdbxGroup,
  KdbxHeader,
  ProtectedValue,
} from 'kdbxweb'
import { AppError } from '../../../shared/errors'
import type { ForeignItem, ForeignVault } from '../../core/ports/foreignVault'
import { checkCount, damaged, field, guessType, Unpacked } from './fields'

/** Most memory that a file may ask for its key, in KiB: a forged one must not exhaust the machine. */
const mostMemory = 1024 * 1024
/** Most memory times passes over it, in KiB: some ten seconds of work. */
const mostMemoryPasses = 8 * 1024 * 1024
/** Most rounds of AES for a key, some seconds of work; KeePass makes 60,000 unless told otherwise. */
const mostRounds = 200_000_000

function tooCostly() {
  return damaged('the file asks for more memory or time than is reasonable for its key.')
}

let prepared = false

/** kdbxweb leaves Argon2 (RFC 9106) to its host. */
function prepareArgon2(): void {
  if (prepared) return
  prepared = true
  CryptoEngine.setArgon2Impl(async (password, salt, memory, iterations, length, parallelism, type, version) => {
    if (memory > mostMemory || memory * iterations > mostMemoryPasses || parallelism > 64) throw tooCostly()
    const key = await hashRaw(new Uint8Array(password), {
      salt: new Uint8Array(salt),
      memoryCost: memory,
      timeCost: iterations,
      outputLen: length,
      parallelism,
      algorithm: type,
      version: version === 0x10 ? 0 : 1,
    })
    return new Uint8Array(key).buffer
  })
}

const standard = ['Title', 'UserName', 'Password', 'URL', 'Notes', 'otp', 'TimeOtp-Secret-Base32']

function textOf(value: string | ProtectedValue | undefined): string {
  return value instanceof ProtectedValue ? value.getText() : (value ?? '')
}

/** What an entry comes to once its own copy of every field and file is made. In bytes, or letters of what is text already. */
function sizeOf({ fields, binaries, tags }: KdbxEntry): number {
  let size = tags.reduce((sum, tag) => sum + tag.length, 0)
  for (const [name, value] of fields) size += name.length + (value instanceof ProtectedValue ? value.byteLength : value.length)
  for (const binary of binaries.values()) size += ('value' in binary ? binary.value : binary).byteLength
  return size
}

function itemOf(entry: KdbxEntry, group: KdbxGroup): ForeignItem {
  const get = (name: string) => textOf(entry.fields.get(name))
  const password = get('Password')
  const otp = get('otp') || get('TimeOtp-Secret-Base32')
  const custom = [...entry.fields].flatMap(([name, value]) =>
    standard.includes(name)
      ? []
      : field(name, value instanceof ProtectedValue ? 'hidden' : guessType(name, textOf(value)), textOf(value)),
  )
  return {
    kind: get('UserName') === '' && password === '' && otp === '' ? 'note' : 'login',
    title: get('Title') || 'Untitled',
    tags: [...(group.name ? [group.name] : []), ...entry.tags],
    fields: [
      ...field('username', 'text', get('UserName')),
      ...field('password', 'hidden', password),
      ...field('one-time code', 'totp', otp),
      ...field('website', 'url', get('URL')),
      ...custom,
      ...field('notes', 'multiline', get('Notes')),
    ],
    attachments: [...entry.binaries].map(([name, binary]) => {
      const value = 'value' in binary ? binary.value : binary
      const content = Buffer.from(value instanceof ProtectedValue ? value.getBinary() : new Uint8Array(value))
      return { name, mediaType: 'application/octet-stream', content }
    }),
  }
}

/**
 * What the unencrypted head of a file asks for its key by AES; kdbxweb would queue every round of it at once. (What it asks of Argon2 is
 * seen where that is computed.)
 * @throws KdbxError for what is no head
 */
function roundsAskedBy(bytes: ArrayBuffer): number {
  const header = KdbxHeader.read(new BinaryStream(bytes), new KdbxContext({ kdbx: new Kdbx() }))
  const rounds = header.kdfParameters?.get('R') ?? header.keyEncryptionRounds ?? 0
  return typeof rounds === 'number' ? rounds : rounds instanceof Int64 ? rounds.value : 0
}

function noDatabase() {
  return damaged('the file is no KeePass database (KDBX), or it is damaged.')
}

/**
 * Reads a KeePass database of KDBX 3.1 or 4. At most `mostImported` items and `mostUnpacked` bytes are taken over, counted before they
 * are copied: many entries can name one file. While kdbxweb opens it the memory and time of the worker bound it, since it inflates the
 * whole at once.
 * @throws AppError invalid_input; forbidden when the password is wrong
 */
export async function readKeePass(content: Buffer, password: string | undefined): Promise<ForeignVault> {
  prepareArgon2()
  if (content.length < 4 || content.readUInt32LE(0) !== Consts.Signatures.FileMagic) throw noDatabase()
  if (password === undefined) throw damaged('this KeePass database has a password. Give it and try again.')
  const bytes = new Uint8Array(content).buffer
  let database: Kdbx
  try {
    if (!(roundsAskedBy(bytes) <= mostRounds)) throw tooCostly()
    database = await Kdbx.load(bytes, new Credentials(ProtectedValue.fromString(password)))
  } catch (error) {
    if (error instanceof AppError) throw error
    if (error instanceof KdbxError && error.code === 'InvalidKey') {
      throw new AppError(
        'forbidden',
        'Nothing was imported: the password of the KeePass database is wrong, or it also needs a key file, which is not supported here.',
      )
    }
    throw noDatabase()
  }
  const bin = database.meta.recycleBinUuid
  const items: ForeignItem[] = []
  let binned = 0
  const unpacked = new Unpacked()
  const walk = (group: KdbxGroup, inBin: boolean): void => {
    for (const entry of group.entries) {
      if (inBin) binned++
      else {
        unpacked.add(sizeOf(entry))
        items.push(itemOf(entry, group))
        checkCount(items)
      }
    }
    for (const child of group.groups) walk(child, inBin || (bin !== undefined && child.uuid.equals(bin)))
  }
  for (const group of database.groups) walk(group, false)
  return { items, left: binned === 0 ? [] : [`What lies in KeePass’s recycle bin (${binned}).`] }
}
