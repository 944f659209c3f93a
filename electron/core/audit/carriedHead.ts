import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import type { ReadDb } from '../db'
import { lastRow } from './audit.repository'
import { publicKeyBytes, type SignedHead, verifyHead } from './heads'
import { sameHash } from './merkle'
import { rangeAt } from './tree'

const carried = z.strictObject({
  size: z.int().min(1),
  root: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.int(),
  signature: z.string().regex(/^[A-Za-z0-9+/]{86}==$/),
  publicKey: z.string().regex(/^[0-9a-f]{64}$/),
})

/** A head as one line of JSON, as an anchor keeps it: what a file or a QR code carries away, and `verifyAudit.mjs --heads` reads. */
export function carryHead({ size, root, at, signature }: SignedHead, publicKey: KeyObject): string {
  return JSON.stringify({
    size,
    root: Buffer.from(root).toString('hex'),
    at,
    signature: Buffer.from(signature).toString('base64'),
    publicKey: Buffer.from(publicKeyBytes(publicKey)).toString('hex'),
  })
}

/** A head written by `carryHead`, not verified yet; null where the text is none. */
export function parseHead(text: string): { readonly head: SignedHead; readonly publicKey: string } | null {
  try {
    const { size, at, root, signature, publicKey } = carried.parse(JSON.parse(text.trim()))
    const head = { size, at, root: Buffer.from(root, 'hex'), signature: Buffer.from(signature, 'base64') }
    return { head, publicKey }
  } catch {
    return null
  }
}

export interface CarriedCheck {
  readonly ok: boolean
  /** What was found, in a sentence. */
  readonly message: string
  readonly size: number | null
  readonly at: number | null
}

/** Holds a carried head against the log: this vault signed it, and the log begins with exactly the rows that it covers. */
export function checkCarriedHead(r: ReadDb, text: string, publicKey: KeyObject): CarriedCheck {
  const found = parseHead(text)
  if (found === null) return { ok: false, message: 'This is no head of an audit log: the text is damaged.', size: null, at: null }
  const { head } = found
  const { size, at } = head
  const ours = Buffer.from(publicKeyBytes(publicKey)).toString('hex')
  if (found.publicKey !== ours) return { ok: false, message: 'This head belongs to another vault.', size, at }
  if (!verifyHead(head, publicKey))
    return { ok: false, message: 'This head was not signed by this vault: it is forged.', size, at }
  const rows = lastRow(r)?.seq ?? 0
  if (size > rows) {
    return {
      ok: false,
      message: `The log is shorter than this head: it has ${rows} rows, the head covers ${size}. It is an older copy, or its end was cut off.`,
      size,
      at,
    }
  }
  if (!sameHash(rangeAt(r, size).root(), head.root))
    return { ok: false, message: `The log was rewritten: its first ${size} rows are not those that this head signs.`, size, at }
  return { ok: true, message: `The log still begins with the ${size} rows that this head signs.`, size, at }
}
