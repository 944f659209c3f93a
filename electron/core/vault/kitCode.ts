import { randomBytes } from 'node:crypto'
import { AppError } from '../../../shared/errors'

/** Random bytes of a recovery kit: 160 bits (promise V8). */
export const kitLength = 20

/** Crockford's base 32: no I, L, O, U, so that nothing is mistaken when it is read from paper. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const symbols = 32
const checkSymbols = 2
/**
 * The largest prime below 32 x 32. The remainder changes with every single wrong symbol (a difference of d x 32^k, d < 32) and with
 * every two swapped neighbours (31 x d x 32^k), since neither can be a multiple of it.
 */
const modulus = 1021n

function encode(value: bigint, length: number): string {
  let text = ''
  for (let i = 0, rest = value; i < length; i++, rest >>= 5n) text = alphabet.charAt(Number(rest & 31n)) + text
  return text
}

/** What stands on paper for 20 bytes: eight groups of four symbols, and two that find typing mistakes: `ABCD-...-WXYZ-05`. */
export function formatKitCode(bytes: Uint8Array): string {
  if (bytes.length !== kitLength) throw new RangeError('A recovery kit has 20 bytes')
  const value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  const groups = encode(value, symbols).replace(/.{4}/g, '$&-')
  return groups + encode(value % modulus, checkSymbols)
}

/** A fresh kit: 160 random bits. Wipe them after use. */
export const newKit = (): Buffer => randomBytes(kitLength)

/**
 * Reads a code as people type it: in small letters, without hyphens or with spaces, O for 0, I or L for 1.
 * @returns its 20 bytes; wipe them after use
 * @throws AppError 'invalid_input' when it is mistyped, which says nothing about whether it is the code of this vault
 */
export function parseKitCode(text: string): Buffer {
  const typed = text.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')
  if (typed.length !== symbols + checkSymbols) {
    throw new AppError(
      'invalid_input',
      `The recovery code is mistyped: it has ${symbols + checkSymbols} letters and digits, and ${typed.length} were given. Nothing was tried. Look at it again.`,
    )
  }
  let value = 0n
  for (const symbol of typed) {
    const digit = alphabet.indexOf(symbol)
    if (digit < 0) throw mistyped()
    value = (value << 5n) | BigInt(digit)
  }
  const check = value & 1023n
  value >>= 10n
  if (value % modulus !== check) throw mistyped()
  return Buffer.from(value.toString(16).padStart(kitLength * 2, '0'), 'hex')
}

function mistyped(): AppError {
  return new AppError(
    'invalid_input',
    'The recovery code is mistyped: its last two letters do not fit the rest. Nothing was tried. Look at it again.',
  )
}
