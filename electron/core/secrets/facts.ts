import type { AuditDetail, CommandFacts } from '../dispatch/handler'
import type { Head } from './heads.repository'

/** What a card shows of an item: its id and kind, never its title, which may be personal; the window looks the title up. */
export function itemFacts(
  head: Pick<Head, 'id' | 'businessId' | 'kind' | 'sensitive' | 'version'>,
  card: { readonly what: string; readonly undo: CommandFacts['undo']; readonly after?: Readonly<Record<string, string>> },
): CommandFacts {
  return {
    businessId: head.businessId,
    what: card.what,
    amount: null,
    payee: null,
    before: { version: String(head.version) },
    after: { secret: head.id, kind: head.kind, sensitive: head.sensitive ? 'yes' : 'no', ...card.after },
    undo: card.undo,
    sensitive: head.sensitive,
  }
}

/** What an audit row says of an item. */
export function itemNote(head: Pick<Head, 'id' | 'businessId' | 'kind'>): { readonly [key: string]: AuditDetail } {
  const { id, businessId, kind } = head
  return { secretId: id, kind, ...(businessId === null ? {} : { businessId }) }
}
