import type { Handlers } from '../dispatch/handler'
import type { CopyTickets } from './copyTickets'
import { itemFacts, itemNote } from './facts'
import { assertMayReveal, type RevealDeps, revealField } from './reveals'
import { openField } from './sealedFields'

type Names = 'secrets.reveal' | 'secrets.copyTicket'

export function revealHandlers(deps: RevealDeps & { readonly tickets: CopyTickets }): Handlers<Names> {
  const { items, tickets } = deps
  return {
    'secrets.reveal': {
      facts: (db, { secretId, field }) =>
        itemFacts(items.liveHead(db, secretId), { what: 'Show a value of a secret', undo: 'no', after: { field } }),
      task: async (context, place) => {
        const output = revealField(context, deps, place, 'secrets.reveal', (value) => ({ value }))
        context.changed('secrets')
        return output
      },
    },

    'secrets.copyTicket': {
      facts: (db, { secretId, field }) =>
        itemFacts(items.liveHead(db, secretId), {
          what: 'Put a value of a secret on the clipboard of this machine',
          undo: 'no',
          after: { field },
        }),
      task: async (context, { secretId, field }) => {
        const output = context.database.write((w) => {
          const head = items.head(w, secretId)
          context.note(itemNote(head))
          assertMayReveal(w, deps, context.actor, secretId)
          const { version } = head
          const { name, value } = openField(w, items.cipher, { secretId, version }, field)
          value.fill(0)
          context.note({ field: name })
          const ticket = tickets.issue({ secretId, version, field: name, actor: context.actor.name }, context.now)
          context.settle(w, ticket)
          return ticket
        })
        return output
      },
    },
  }
}
