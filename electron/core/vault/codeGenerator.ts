import { AppError } from '../../../shared/errors'
import type { Database, ReadDb, WriteDb } from '../db'
import { newId } from '../ports/ids'
import type { SealedPlace, Sealer } from '../ports/sealer'
import { matchCode, newCodeSecret, otpauthUri } from './oneTimeCode'
import type { Throttle } from './throttle'
import {
  type CodeGenerator,
  codeGenerators,
  confirmCodeGenerator,
  insertCodeGenerator,
  noteFactorUse,
  takeStep,
} from './vault.repository'

/** Where the secret of a code generator belongs; it opens only there. */
export function codeSecretPlace(id: string): SealedPlace {
  return { record: id, field: 'code_generator.secret', version: 1, schema: 'code-secret/1' }
}

/** The door of the throttle at which codes are counted, whichever door they come through: there are only a million of them. */
const throttleDoor = 'code'

export interface CodesDeps {
  readonly throttle: Throttle
  /** Null while the vault is locked. */
  readonly sealer: () => Sealer | null
}

function sealerOrThrow({ sealer }: CodesDeps): Sealer {
  const found = sealer()
  if (found === null) throw new AppError('locked', 'The vault is locked. Nothing was done. Unlock it and try again.')
  return found
}

/**
 * Makes a code generator, which counts once its first code is confirmed. One that was never confirmed is forgotten.
 * @returns its id and what its QR code holds, for showing once
 */
export function makeCodeGenerator(w: WriteDb, deps: CodesDeps, label: string, now: number): { id: string; uri: string } {
  const id = newId('fac', now)
  const secret = newCodeSecret()
  try {
    const sealed = Buffer.from(sealerOrThrow(deps).seal(secret, codeSecretPlace(id)))
    insertCodeGenerator(w, { id, label, sealed, createdAt: now })
    return { id, uri: otpauthUri(secret, label) }
  } finally {
    secret.fill(0)
  }
}

/** The generator whose codes are a step-up; undefined when none is set up. */
export function confirmedGenerator(r: ReadDb): CodeGenerator | undefined {
  return codeGenerators(r).find(({ confirmedAt }) => confirmedAt !== null)
}

/**
 * Takes a code of a generator, once: in the transaction that finds it right it is used up (ASVS 5.0, 6.5.1), also over a restart.
 * @param and further work of the same transaction
 * @throws AppError 'rate_limited'; 'forbidden' when the code is wrong, too old or used
 */
export function takeCode(
  database: Database,
  deps: CodesDeps,
  { id, code, now }: { readonly id: string; readonly code: string; readonly now: number },
  and: (w: WriteDb) => void = () => {},
): void {
  const sealer = sealerOrThrow(deps)
  deps.throttle.attempt(throttleDoor)
  const taken = database.write((w) => {
    const generator = codeGenerators(w).find((one) => one.id === id)
    const step = generator && stepOf(generator, sealer, code, now)
    if (step === undefined || step === null) return false
    takeStep(w, id, step)
    noteFactorUse(w, id, now)
    and(w)
    return true
  })
  if (!taken) {
    throw new AppError(
      'forbidden',
      'The code was not accepted: it is wrong, older than a minute, or was used before. Nothing was done. Take the code that the app shows now, and check that this computer’s clock is right.',
    )
  }
  deps.throttle.succeeded(throttleDoor)
}

function stepOf(generator: CodeGenerator, sealer: Sealer, code: string, now: number): number | null {
  const secret = sealer.open(generator.sealed, codeSecretPlace(generator.id))
  try {
    return matchCode(secret, code, generator.lastStep, now)
  } finally {
    secret.fill(0)
  }
}

/**
 * Confirms a generator with its first code; one that was in force before is replaced.
 * @throws as `takeCode`; AppError 'not_found' | 'conflict' when it is confirmed already
 */
export function confirmGenerator(
  database: Database,
  deps: CodesDeps,
  given: { readonly id: string; readonly code: string; readonly now: number },
): void {
  const generator = codeGenerators(database.read).find(({ id }) => id === given.id)
  if (generator === undefined) throw new AppError('not_found', 'There is no such code generator. Nothing was changed.')
  if (generator.confirmedAt !== null)
    throw new AppError('conflict', 'This code generator is confirmed already. Nothing was changed.')
  takeCode(database, deps, given, (w) => confirmCodeGenerator(w, given.id, given.now))
}
