import type { BridgeEvent } from '../../shared/contract/bridge'
import type { ShellOutput } from '../../shared/contract/shell'
import type { Notice } from '../core/ports/notifier'

type Place = ShellOutput<'shell.takeDestination'>['destination']

/** Where the notification leads that was clicked last. It is kept until a page of an open vault takes it: the vault may be locked. */
export class Destination {
  readonly #window: { open(): Promise<void>; send(event: BridgeEvent): void }
  #place: Place = null

  constructor(window: { open(): Promise<void>; send(event: BridgeEvent): void }) {
    this.#window = window
  }

  /** Brings the window to the front and tells its page. */
  async follow({ route, businessId }: Notice): Promise<void> {
    if (route !== null) this.#place = { route, businessId: businessId ?? null }
    await this.#window.open()
    this.#window.send({ kind: 'destination' })
  }

  /** The place, once; null where none waits. */
  take(): Place {
    const place = this.#place
    this.#place = null
    return place
  }
}
