import type { KeyObject } from 'node:crypto'
import type { KeyStore } from '../ports/keyStore'
import { type Anchor, AnchorDamaged, AnchorRefused } from './anchors'
import { carryHead, parseHead } from './carriedHead'
import { publicKeyBytes, type SignedHead } from './heads'
import { verifyConsistency } from './merkle'

/** For people. */
const name = 'keychain'

/** Name of the entry that holds the newest head of a vault, or of a profile of it. */
export const keychainHead = (place: string): string => `audit.${place}`

/**
 * An anchor in the operating system's keychain, which holds the newest head alone: an older copy of every file of this machine is noticed
 * against it (promise V4). The keychain answers later than an anchor may, so what it holds is read once, here, and followed from then on;
 * a write that fails is made up for by the next.
 * @returns null where this machine has no keychain that can be trusted
 */
export async function openKeychainAnchor(keyStore: KeyStore, place: string, publicKey: KeyObject): Promise<Anchor | null> {
  if (!(await keyStore.available()).ok) return null
  const entry = keychainHead(place)
  const kept = await keyStore.get(entry)
  const damaged = () => new AnchorDamaged(name, 'what it holds is no head of this vault')
  let isDamaged = false
  let held: SignedHead | null = null
  if (kept !== null) {
    const found = parseHead(kept.toString('utf8'))
    if (found === null || found.publicKey !== Buffer.from(publicKeyBytes(publicKey)).toString('hex')) isDamaged = true
    else held = found.head
  }
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = (work: () => Promise<void>): void => {
    last = last.then(work).catch(() => undefined)
  }
  const read = (): SignedHead | null => {
    if (isDamaged) throw damaged()
    return held
  }
  return {
    name,
    read,
    history: () => {
      const head = read()
      return head === null ? [] : [head]
    },
    write(head, proof) {
      const before = read()
      if (before && !verifyConsistency(before, head, proof)) throw new AnchorRefused(name, before.size, head.size)
      if (before?.size === head.size) return
      held = head
      inTurn(() => keyStore.set(entry, Buffer.from(carryHead(head, publicKey), 'utf8')))
    },
    startAnew() {
      const before = read()
      if (before === null) return
      held = null
      inTurn(() => keyStore.set(`${entry}.until-${before.size}`, Buffer.from(carryHead(before, publicKey), 'utf8')))
      inTurn(() => keyStore.delete(entry))
    },
  }
}
