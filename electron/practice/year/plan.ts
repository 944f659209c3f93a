import { addDays } from '../../../shared/domain/dates'

/** Customers of the practice business. All names and addresses are invented; `.example` domains cannot receive mail (RFC 2606). */
export const practiceCustomers = [
  {
    name: 'Harbour & Pine Architects',
    line1: '218 Commercial Street',
    email: 'accounts@harbourpine.example',
    city: 'Portland',
    state: 'ME',
    postalCode: '04101',
    country: 'US',
  },
  {
    name: 'Lumen Dental Group',
    line1: '40 Westminster Street',
    email: 'billing@lumendental.example',
    city: 'Providence',
    state: 'RI',
    postalCode: '02903',
    country: 'US',
  },
  {
    name: 'Kestrel Logistics',
    line1: '1085 Raymond Boulevard',
    email: 'ap@kestrel-logistics.example',
    city: 'Newark',
    state: 'NJ',
    postalCode: '07102',
    country: 'US',
  },
  {
    name: 'Oakline Furniture Co.',
    line1: '300 South Main Street',
    email: 'hello@oakline.example',
    city: 'High Point',
    state: 'NC',
    postalCode: '27260',
    country: 'US',
  },
  {
    name: 'Verdant Coffee Roasters',
    line1: '77 Pine Street',
    email: 'finance@verdantcoffee.example',
    city: 'Burlington',
    state: 'VT',
    postalCode: '05401',
    country: 'US',
  },
  {
    name: 'Salt Marsh Brewing',
    line1: '9 Rogers Street',
    email: 'office@saltmarsh.example',
    city: 'Gloucester',
    state: 'MA',
    postalCode: '01930',
    country: 'US',
  },
  {
    name: 'Meridian Physio',
    line1: '160 Farmington Avenue',
    email: 'practice@meridianphysio.example',
    city: 'Hartford',
    state: 'CT',
    postalCode: '06103',
    country: 'US',
  },
  {
    name: 'Atelier Brandt',
    line1: 'Lange Reihe 27',
    email: 'rechnung@atelier-brandt.example',
    city: 'Hamburg',
    postalCode: '20095',
    country: 'DE',
  },
  {
    name: 'Studio Lindqvist',
    line1: 'Bergsgatan 12',
    email: 'ekonomi@lindqvist.example',
    city: 'Malmö',
    postalCode: '211 20',
    country: 'SE',
  },
  {
    name: 'Foxglove Florists',
    line1: '212 Lark Street',
    email: 'shop@foxglove.example',
    city: 'Albany',
    state: 'NY',
    postalCode: '12207',
    country: 'US',
  },
] as const

const services = [
  { description: 'Brand identity, phase', price: 320_000, quantity: ['1'] },
  { description: 'Website design, days', price: 78_000, quantity: ['3', '4.5', '6', '8'] },
  { description: 'Design retainer, month', price: 240_000, quantity: ['1'] },
  { description: 'Illustration set', price: 95_000, quantity: ['1', '2'] },
  { description: 'Packaging concept', price: 185_000, quantity: ['1'] },
  { description: 'Accessibility review, hours', price: 14_500, quantity: ['5', '7.25', '11'] },
  { description: 'Workshop with the team', price: 160_000, quantity: ['1', '1.5'] },
  { description: 'Art direction, hours', price: 16_000, quantity: ['6', '9.5', '14'] },
] as const

/** Regular costs of the studio, posted by hand from the bank: day of the month, account, amount in cents. */
const monthlyCosts = [
  { day: 1, account: 'expenses:rent', minor: 145_000, description: 'Studio rent' },
  { day: 3, account: 'expenses:software', minor: 18_900, description: 'Design software subscriptions' },
  { day: 12, account: 'expenses:contractors', minor: 120_000, description: 'Freelance developer' },
  { day: 27, account: 'equity:owner', minor: 250_000, description: 'Owner’s draw' },
] as const

export type Ending = 'paid' | 'declined then paid' | 'open' | 'void' | 'refunded' | 'refunded in part'

export interface PlannedInvoice {
  readonly kind: 'invoice'
  readonly on: string
  readonly customer: number
  readonly currency: 'USD' | 'EUR'
  readonly lines: readonly { description: string; quantity: string; unitPrice: number; taxRate: string | null }[]
  readonly dueOn: string
  readonly ending: Ending
  /** Day of the payment, for those that are paid. */
  readonly paidOn: string
}

export interface PlannedCost {
  readonly kind: 'cost'
  readonly on: string
  readonly account: string
  readonly minor: number
  readonly description: string
}

export interface PlannedRate {
  readonly kind: 'rate'
  readonly on: string
  readonly rate: string
}

export type Planned = PlannedInvoice | PlannedCost | PlannedRate

/** A small seeded generator (mulberry32), so that the practice year is the same on every machine. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

function endingOf(random: () => number, ageDays: number): Ending {
  if (ageDays < 20) return random() < 0.4 ? 'paid' : 'open'
  const dice = random()
  if (ageDays < 75 && dice >= 0.8) return 'open'
  if (dice < 0.82) return 'paid'
  if (dice < 0.88) return 'declined then paid'
  if (dice < 0.93) return 'refunded in part'
  return dice < 0.96 ? 'refunded' : 'void'
}

/** Nobody bills one service twice on one invoice: the next in the list stands in for one that is on it already. */
function nextFree(wanted: (typeof services)[number], taken: ReadonlySet<unknown>): (typeof services)[number] {
  const from = services.indexOf(wanted)
  return [...services.slice(from), ...services].find((service) => !taken.has(service)) ?? wanted
}

function planInvoice(random: () => number, pick: <T>(from: readonly T[]) => T, on: string, ageDays: number): PlannedInvoice {
  const customer = Math.floor(random() * practiceCustomers.length)
  const abroad = practiceCustomers[customer]?.country !== 'US'
  const count = 1 + Math.floor(random() * 3)
  const chosen = new Set<(typeof services)[number]>()
  const lines = Array.from({ length: count }, () => {
    const service = nextFree(pick(services), chosen)
    chosen.add(service)
    return {
      description: service.description,
      quantity: pick(service.quantity),
      unitPrice: service.price,
      taxRate: abroad ? null : '0.0625',
    }
  })
  const ending = endingOf(random, ageDays)
  const terms = pick([14, 14, 30])
  const delay = Math.min(ageDays - 1, 2 + Math.floor(random() * (terms + 8)))
  return {
    kind: 'invoice',
    on,
    customer,
    currency: abroad ? 'EUR' : 'USD',
    lines,
    dueOn: addDays(on, terms),
    ending,
    paidOn: addDays(on, Math.max(0, delay)),
  }
}

/**
 * A year of a small design studio, ending the day before `today`: about sixty invoices with believable endings, the studio's regular
 * costs, and the euro's rate at each quarter.
 * @param today date in the business's time zone
 * @returns steps in the order of their days
 */
export function planYear(today: string): Planned[] {
  const random = seeded(20_261)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  const planned: Planned[] = []
  for (let quarter = 0; quarter < 4; quarter++) {
    planned.push({
      kind: 'rate',
      on: addDays(today, -365 + quarter * 91),
      rate: ['1.0842', '1.0917', '1.1034', '1.0885'][quarter] ?? '1.0900',
    })
  }
  for (let ageDays = 364; ageDays >= 1; ageDays--) {
    const on = addDays(today, -ageDays)
    const weekday = new Date(`${on}T12:00:00Z`).getUTCDay()
    for (const cost of monthlyCosts) {
      if (Number(on.slice(8)) === cost.day)
        planned.push({ kind: 'cost', on, account: cost.account, minor: cost.minor, description: cost.description })
    }
    if (weekday >= 1 && weekday <= 5 && random() < 0.22) planned.push(planInvoice(random, pick, on, ageDays))
  }
  return planned
}
