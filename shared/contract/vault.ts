import { z } from 'zod'
import { id, textLine } from '../domain/ids'
import { command, page, pageOf, query, scopes } from './procedure'

export const vaultState = z.enum(['unlocked', 'locked'])
const passphrase = z.string().min(1).max(1024)
/** 32 bytes that an authenticator's PRF extension gives for this vault (WebAuthn level 3, section 10.1.4). */
export const prfOutput = z.base64().length(44)
export const credentialId = z.string().regex(/^[A-Za-z0-9_-]{8,1400}$/, { error: 'must be a credential id in base64url' })
const code = z.string().regex(/^\d{6}$/, { error: 'must be the 6 digits that the app shows' })

export const vaultStatus = z.object({
  state: vaultState,
  world: z.enum(['live', 'practice']),
  version: z.string(),
})

export const factorKinds = ['passphrase', 'keychain', 'passkey', 'kit', 'totp'] as const

/** `passphrase`, `keychain`, `passkey` and `kit` open the vault, each with a wrap of its own; `totp` is a step-up and encrypts nothing. */
export const factor = z.object({
  id,
  kind: z.enum(factorKinds),
  label: z.string(),
  createdAt: z.int(),
  lastUsedAt: z.int().nullable(),
  /** A kit that was tried in a drill, a code generator whose first code was confirmed; null before. */
  confirmedAt: z.int().nullable(),
})
export type Factor = z.infer<typeof factor>

export const whileLockedModes = ['everything', 'watch_only'] as const

export const vaultSecurity = z.object({
  factors: z.array(factor),
  /** Why this machine's keychain cannot hold a wrap; null when it can. */
  keychainProblem: z.string().nullable(),
  /** Why no passkey can open the vault here; null when one can. */
  passkeyProblem: z.string().nullable(),
  /** Until when sensitive steps need no new proof; null when they do. */
  stepUpUntil: z.int().nullable(),
  /** What schedules may do while locked: everything (sends too), or watch and alert only. */
  whileLocked: z.enum(whileLockedModes),
  idleMinutes: z.int(),
  /** When the master key was last changed. */
  keysChangedAt: z.int(),
  /** True while a change of keys is begun and not through: after a cut it goes on at the next unlocking. */
  keysChanging: z.boolean(),
})
export type VaultSecurity = z.infer<typeof vaultSecurity>

export const vault = {
  'vault.security': query({
    summary: 'What opens the vault, what may run while it is locked, and how long step-up lasts',
    input: {},
    output: vaultSecurity,
    scope: 'vault:read',
  }),
  'vault.status': query({ summary: 'Whether the vault is unlocked', input: {}, output: vaultStatus, scope: 'vault:read' }),
  'vault.lock': command({
    summary: 'Lock: doors close and the vault key is dropped; schedules go on',
    input: {},
    output: vaultStatus,
    scope: 'vault:write',
    parkable: false,
  }),
  'vault.unlock': command({
    summary: 'Unlock with the passphrase, the recovery kit, a passkey or this machine’s keychain: exactly one of them',
    input: {
      passphrase: passphrase.optional(),
      kitCode: z.string().max(100).optional(),
      passkey: z.strictObject({ credentialId, prf: prfOutput }).optional(),
      keychain: z.literal(true).optional(),
    },
    output: vaultStatus,
    scope: 'vault:write',
    secretInput: ['passphrase', 'kitCode', 'passkey'],
    parkable: false,
  }),
  'vault.stepUp': command({
    summary: 'Prove again that it is you: the passphrase, or a code once a code generator is set up. Good for 5 minutes',
    input: { passphrase: passphrase.optional(), code: code.optional() },
    output: z.object({ until: z.int() }),
    scope: 'vault:write',
    secretInput: ['passphrase', 'code'],
    parkable: false,
  }),
  'vault.configure': command({
    summary: 'What schedules may do while locked, and after how many idle minutes the vault locks',
    input: { whileLocked: z.enum(whileLockedModes).optional(), idleMinutes: z.int().min(1).max(60).optional() },
    output: vaultSecurity,
    scope: 'vault:write',
  }),
  'vault.rotateKeys': command({
    summary:
      'Make new keys, after a backup: every secret is wrapped anew and the database file gets a new key; meanwhile, for seconds, commands wait. The passphrase stays, other factors are added again',
    input: { passphrase },
    /** `backupId`: the backup that was made and checked before anything was changed. */
    output: z.object({ records: z.int(), keysChangedAt: z.int(), backupId: id }),
    scope: 'vault:write',
    secretInput: ['passphrase'],
    parkable: false,
  }),
  'vault.createRecoveryKit': command({
    summary: 'Make a recovery kit of 160 random bits; its code is shown once. One made before stops working',
    input: { passphrase },
    /** `publicKey`: of the activity log, in hex, as the stand-alone verifier takes it. */
    output: z.object({ factor, code: z.string(), vaultId: z.string(), publicKey: z.string().regex(/^[0-9a-f]{64}$/) }),
    scope: 'vault:write',
    secretInput: ['passphrase'],
    secretOutput: true,
    parkable: false,
  }),
  'vault.testRecoveryKit': command({
    summary: 'Try the code of the kit without unlocking anything with it',
    input: { code: z.string().max(100) },
    output: z.object({ ok: z.boolean(), factor: factor.nullable() }),
    scope: 'vault:write',
    secretInput: ['code'],
    parkable: false,
  }),
  'vault.revokeRecoveryKit': command({
    summary: 'Make the recovery kit worthless',
    input: {},
    output: vaultSecurity,
    scope: 'vault:write',
  }),
  'vault.addFactor': command({
    summary: 'Add a code generator (step-up), a passkey or this machine’s keychain; the passphrase is asked for again',
    input: {
      kind: z.enum(['totp', 'keychain', 'passkey']),
      passphrase,
      label: textLine(60).optional(),
      passkey: z.strictObject({ credentialId, prf: prfOutput }).optional(),
    },
    /** `otpauthUri` for a code generator alone; it counts once its first code is confirmed. */
    output: z.object({ factor, otpauthUri: z.string().nullable() }),
    scope: 'vault:write',
    secretInput: ['passphrase', 'passkey'],
    secretOutput: true,
    parkable: false,
  }),
  'vault.confirmFactor': command({
    summary: 'Confirm a code generator with the first code that it shows',
    input: { factorId: id, code },
    output: vaultSecurity,
    scope: 'vault:write',
    secretInput: ['code'],
    parkable: false,
  }),
  'vault.removeFactor': command({
    summary: 'Remove a factor; the passphrase always stays',
    input: { factorId: id, passphrase },
    output: vaultSecurity,
    scope: 'vault:write',
    secretInput: ['passphrase'],
    parkable: false,
  }),
  'vault.changePassphrase': command({
    summary:
      'Change the passphrase; only its wrap of the master key is rewritten. Where it is lost, the recovery kit stands in for it',
    input: { current: passphrase.optional(), kitCode: z.string().max(100).optional(), next: passphrase },
    output: vaultStatus,
    scope: 'vault:write',
    secretInput: ['current', 'kitCode', 'next'],
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
