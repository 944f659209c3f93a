import type { Business } from '../../../shared/contract/businesses'
import { words } from './words'

/** What a typed text is, as far as its beginning tells. */
type TypedKey =
  | { readonly kind: 'empty' }
  | { readonly kind: 'key'; readonly mode: 'test' | 'live'; readonly restricted: boolean; readonly complete: boolean }
  | { readonly kind: 'publishable' | 'webhook' | 'unknown' }

/** Tells test from live, and keys from what is pasted instead of them. */
export function readKey(typed: string): TypedKey {
  const text = typed.trim()
  if (text === '') return { kind: 'empty' }
  const key = /^(sk|rk)_(test|live)_([A-Za-z0-9_]*)$/.exec(text)
  if (key) {
    return {
      kind: 'key',
      mode: key[2] === 'live' ? 'live' : 'test',
      restricted: key[1] === 'rk',
      complete: (key[3]?.length ?? 0) >= 8,
    }
  }
  if (text.startsWith('pk_')) return { kind: 'publishable' }
  if (text.startsWith('whsec_')) return { kind: 'webhook' }
  return { kind: 'unknown' }
}

/** Why a key cannot be used for a business; null when it can be tried. */
export function keyProblem(typed: string, mode: Business['mode']): string | null {
  const key = readKey(typed)
  switch (key.kind) {
    case 'empty':
    case 'unknown':
      return words.detected.unknown
    case 'publishable':
      return words.detected.publishable
    case 'webhook':
      return words.detected.webhook
    case 'key':
      if ((mode === 'test' || mode === 'live') && mode !== key.mode) return words.detected.wrongMode(mode)
      return key.complete ? null : words.detected.unknown
  }
}
