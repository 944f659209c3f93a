import type { Input, ProcedureName, Reply } from '../../../shared/contract/index'
import { addDays } from '../../../shared/domain/dates'
import { done } from './done'
import { type PlannedItem, pastHelper, vaultItems } from './vaultItems'

interface Caller {
  call<N extends ProcedureName>(name: N, input: Input<N>, token?: string): Promise<Reply<N>>
}

interface Step {
  readonly on: string
  run(): Promise<void>
}

/** The life of the practice vault: what is kept, changed and looked at, and a helper who had access for a while. */
export class PracticeVault {
  readonly #driver: Caller
  readonly #businessId: string
  readonly #today: string
  readonly #idByTitle = new Map<string, string>()

  constructor(driver: Caller, businessId: string, today: string) {
    this.#driver = driver
    this.#businessId = businessId
    this.#today = today
  }

  /** What happens, each on its day; what happens to one item stands in its order. */
  steps(): Step[] {
    return [this.#step(365, () => this.#calmStripe()), ...vaultItems.flatMap((item) => this.#lifeOf(item)), ...this.#helper()]
  }

  #step(ago: number, run: () => Promise<void>): Step {
    return { on: addDays(this.#today, -ago), run }
  }

  /** The practice Stripe takes one key for ever, so that nobody needs to rotate it. */
  async #calmStripe(): Promise<void> {
    const { items: own } = await this.#driver.call('secrets.list', { businessId: this.#businessId, kind: 'stripe' })
    for (const { id, version } of own) await this.#driver.call('secrets.update', { secretId: id, version, rotateEveryDays: 730 })
  }

  #lifeOf(item: PlannedItem): Step[] {
    const { ago, changed, shown = [] } = item
    return [
      this.#step(ago, () => this.#keep(item)),
      ...(changed ? [this.#step(changed.ago, () => this.#change(item, changed))] : []),
      ...shown.map((look) => this.#step(look.ago, () => this.#look(item, look.field))),
    ]
  }

  async #keep({ vaultWide, values, file, ago, changed, shown, ...rest }: PlannedItem): Promise<void> {
    const businessId = vaultWide ? {} : { businessId: this.#businessId }
    const { id: secretId } = done(await this.#driver.call('secrets.create', { ...rest, ...businessId, fields: fieldsOf(values) }))
    this.#idByTitle.set(rest.title, secretId)
    if (!file) return
    const { name, mediaType, text } = file
    await this.#driver.call('secrets.attach', { secretId, name, mediaType, base64: Buffer.from(text, 'utf8').toString('base64') })
  }

  async #change({ title, values }: PlannedItem, changed: NonNullable<PlannedItem['changed']>): Promise<void> {
    const secretId = this.#id(title)
    const { version } = await this.#driver.call('secrets.get', { secretId })
    const fields = fieldsOf(values).map((field) => (field.name === changed.field ? { ...field, value: changed.value } : field))
    await this.#driver.call('secrets.update', { secretId, version, fields })
  }

  async #look({ title }: PlannedItem, field: string): Promise<void> {
    await this.#driver.call('secrets.reveal', { secretId: this.#id(title), field })
  }

  #helper(): Step[] {
    const { holder, titles, given, looks, ended } = pastHelper
    let grant = { id: '', token: '' }
    const give = async () => {
      const secretIds = titles.map((title) => this.#id(title))
      const limits = { actions: ['reveal'], expiresInHours: 14 * 24 } satisfies Partial<Input<'grants.create'>>
      grant = done(await this.#driver.call('grants.create', { businessId: this.#businessId, holder, secretIds, ...limits }))
    }
    return [
      this.#step(given, give),
      ...looks.map(({ ago, title, field }) =>
        this.#step(
          ago,
          async () => void (await this.#driver.call('secrets.reveal', { secretId: this.#id(title), field }, grant.token)),
        ),
      ),
      this.#step(ended, async () => void (await this.#driver.call('grants.revoke', { grantId: grant.id }))),
    ]
  }

  #id(title: string): string {
    const id = this.#idByTitle.get(title)
    if (id === undefined) throw new Error(`${title} is not in the practice vault yet`)
    return id
  }
}

function fieldsOf(values: PlannedItem['values']) {
  return values.map(([name, type, value]) => ({ name, type, value }))
}
