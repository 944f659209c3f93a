import { z } from 'zod'
import { id, textLine } from '../domain/ids'
import { command, page, pageOf, query, scopes } from './procedure'

export const vaultState = z.enum(['unlocked', 'locked'])
const passphrase = z.string().min(1).max(1024)

export const vaultStatus = z.object({
  state: vaultState,
  world: z.enum(['live', 'practice']),
  version: z.string(),
})

export const vault = {
  'vault.status': query({ summary: 'Whether the vault is unlocked', input: {}, output: vaultStatus, scope: 'vault:read' }),
  'vault.lock': command({
    summary: 'Lock: doors close and the vault key is dropped; schedules go on',
    input: {},
    output: vaultStatus,
    scope: 'vault:write',
    parkable: false,
  }),
  'vault.unlock': command({
    summary: 'Unlock with the passphrase',
    input: { passphrase },
    output: vaultStatus,
    scope: 'vault:write',
    secretInput: ['passphrase'],
    parkable: false,
  }),
  'vault.changePassphrase': command({
    summary: 'Change the passphrase; only its wrap of the master key is rewritten',
    input: { current: passphrase, next: passphrase },
    output: vaultStatus,
    scope: 'vault:write',
    doors: 'window',
    secretInput: ['current', 'next'],
    parkable: false,
  }),
} as const

export const token = z.object({
  id,
  name: z.string(),
  scopes: z.array(z.enum(scopes)),
  createdAt: z.int(),
  expiresAt: z.int(),
  lastUsedAt: z.int().nullable(),
  revokedAt: z.int().nullable(),
})
export type Token = z.infer<typeof token>

export const tokens = {
  'tokens.create': command({
    summary: 'Make a scoped access token; it is shown once and stored only as a keyed hash',
    input: {
      name: textLine(100),
      scopes: z.array(z.enum(scopes)).min(1, { error: 'must name at least one scope' }),
      expiresInHours: z
        .int()
        .min(1)
        .max(90 * 24, { error: 'must be at most 2160 hours (90 days)' }),
    },
    output: token.extend({ token: z.string() }),
    scope: 'tokens:write',
    secretOutput: true,
  }),
  'tokens.list': query({
    summary: 'Access tokens, newest first',
    input: { ...page },
    output: pageOf(token),
    scope: 'tokens:read',
  }),
  'tokens.revoke': command({
    summary: 'Revoke a token at once',
    input: { tokenId: id },
    output: token,
    scope: 'tokens:write',
  }),
} as const
