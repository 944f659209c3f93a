import { AppError } from '../../../shared/errors'
import type { Handlers } from '../dispatch/handler'
import type { StepUp } from '../ports/stepUp'
import type { AnchorSet } from './anchorSet'
import type { Anchor } from './anchors'
import { lastHead } from './audit.repository'
import type { AuditFileDeps } from './auditFiles.handlers'
import type { SignedHead } from './heads'
import { laterHeads } from './restoredLog'

function described({ size, at, root }: SignedHead) {
  return { size, at, root: Buffer.from(root).toString('hex') }
}

function beginsAnew(anchor: Anchor): boolean {
  try {
    anchor.startAnew()
    return true
  } catch {
    return false
  }
}

/**
 * How the owner says that the log is an older copy on purpose, which takes step-up, since it ends an alarm. A row names the last head of every place that knew more and the head from
 * which the log goes on; then these places begin anew. What they held stays beside, under another name.
 */
export function restoreHandlers(
  deps: Pick<AuditFileDeps, 'publicKey' | 'signNow'> & {
    readonly anchors: Pick<AnchorSet, 'anchors' | 'places'>
    readonly stepUp: StepUp
  },
): Handlers<'audit.acknowledgeRestore'> {
  return {
    'audit.acknowledgeRestore': {
      task: async (context) => {
        if (context.actor.name !== 'owner')
          throw new AppError('forbidden', 'Nothing was done: only the owner can say that the log was restored on purpose.')
        deps.stepUp.require(context.actor.name)
        const { database } = context
        deps.signNow()
        const later = await laterHeads({ db: database.read, publicKey: deps.publicKey, anchors: deps.anchors.anchors })
        const head = lastHead(database.read)
        const places = deps.anchors.places.flatMap(({ id, anchor }) => {
          const held = later.get(anchor)
          return held === undefined ? [] : [{ id, anchor, held }]
        })
        if (places.length === 0 || head === undefined) {
          throw new AppError(
            'conflict',
            'There is no restore to acknowledge. Nothing was changed. Verify the log: either every place agrees with it, or the log itself is damaged, and then no restore explains it.',
          )
        }
        const acknowledged = {
          places: places.map(({ id, anchor, held: { size, at } }) => ({ id, name: anchor.name, size, at })),
          size: head.size,
          at: head.at,
        }
        context.note({ head: described(head), places: places.map(({ id, held }) => ({ id, ...described(held) })) })
        database.write((w) => context.settle(w, acknowledged))
        context.changed('audit')
        // After the row is durable: a place that began anew without it would have forgotten for no reason that is written down.
        const stuck = places.filter(({ anchor }) => !beginsAnew(anchor))
        deps.signNow()
        if (stuck.length > 0) {
          const names = stuck.map(({ anchor }) => `"${anchor.name}"`).join(', ')
          throw new AppError(
            'unavailable',
            `The restore is written down, but ${names} could not begin anew. Acknowledge it again once that place can be written to.`,
          )
        }
        return acknowledged
      },
    },
  }
}
