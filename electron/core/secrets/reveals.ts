import { AppError } from '../../../shared/errors'
import { auditEnd } from '../audit/index'
import type { ReadDb, WriteDb } from '../db'
import type { Actor } from '../dispatch/actor'
import type { TaskContext } from '../dispatch/handler'
import type { StepUp } from '../ports/stepUp'
import { itemNote } from './facts'
import type { Head } from './heads.repository'
import { type Items, versionOf } from './items'
import { openField } from './sealedFields'
import type { NewUse } from './secretItems'

export interface RevealDeps {
  readonly items: Items
  readonly stepUp: StepUp
  /** Whether somebody whose scopes let them reveal may see this item: the owner and tokens all of them, a helper those of its grant. */
  readonly mayReveal: (r: ReadDb, actor: Actor, secretId: string) => boolean
  /** Counts a use of a helper's grant, in the transaction that shows the value. @throws AppError forbidden when there is none left */
  readonly countUse: (w: WriteDb, actor: Actor, now: number) => void
}

/**
 * Everything that stands between a caller and a hidden value, save the scope.
 * @throws AppError not_found, conflict (in the bin), forbidden, step_up_required
 */
export function assertMayReveal(r: ReadDb, deps: RevealDeps, actor: Actor, secretId: string): Head {
  const head = deps.items.liveHead(r, secretId)
  if (!deps.mayReveal(r, actor, secretId)) {
    throw new AppError('forbidden', 'Nothing was shown: this caller may not see this secret. Its owner can give access to it.')
  }
  if (head.sensitive) deps.stepUp.require(actor.name)
  return head
}

/**
 * Settles a command that lets a value out: audit row and use are written in one transaction, and only when it is committed does the
 * output reach anybody (promise V11).
 * @param prepare makes the output inside the transaction, with what the use shall say
 */
export function settleReveal<T>(
  context: TaskContext,
  deps: Pick<RevealDeps, 'items'>,
  prepare: (w: WriteDb) => { readonly output: T; readonly use: Pick<NewUse, 'secretId' | 'action' | 'procedure' | 'field'> },
): T {
  return context.database.write((w) => {
    const { output, use } = prepare(w)
    context.settle(w, output)
    const { actor, door, now } = context
    deps.items.recordUse(w, { ...use, actor: actor.name, door, now, auditSeq: auditEnd(w).rows })
    return output
  })
}

/** Shows one value of an item. @param procedure the command that does it */
export function revealField<T>(
  context: TaskContext,
  deps: RevealDeps,
  place: { readonly secretId: string; readonly field: string; readonly version?: number | undefined },
  procedure: string,
  toOutput: (value: string) => T,
): T {
  return settleReveal(context, deps, (w) => {
    const { secretId } = place
    const head = deps.items.head(w, secretId)
    context.note(itemNote(head))
    assertMayReveal(w, deps, context.actor, secretId)
    deps.countUse(w, context.actor, context.now)
    const version = versionOf(head, place.version)
    const { name, value } = openField(w, deps.items.cipher, { secretId, version }, place.field)
    try {
      context.note({ field: name, version })
      return { output: toOutput(value.toString('utf8')), use: { secretId, action: 'revealed', procedure, field: name } }
    } finally {
      value.fill(0)
    }
  })
}
