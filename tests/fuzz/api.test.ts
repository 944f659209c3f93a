import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { contract, type ProcedureName, procedureOf } from '../../shared/contract/index'
import { errorStatus } from '../../shared/errors'
import { type Desk, newRequestId, openDesk } from '../support/desk'
import { type Answer, errorOf, type LiveApp, openLiveApp } from '../support/liveApp'
import { dataVersion, digestTables, recordTables } from '../support/tables'
import { hostileKeys, hostileValues } from './hostileValues'
import { realInputs } from './realInputs'

/** FUZZ_SEED repeats a run; FUZZ_RUNS gives a longer dose. */
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31)
const runs = Number(process.env.FUZZ_RUNS ?? 60)

type AnyInput = Record<string, unknown>

let live: LiveApp
let desk: Desk
let inputs: Readonly<Record<ProcedureName, AnyInput>>

beforeAll(async () => {
  process.stdout.write(`FUZZ_SEED=${seed} FUZZ_RUNS=${runs}\n`)
  live = await openLiveApp('practice')
  desk = await openDesk(live)
  inputs = await realInputs(live, desk)
}, 60_000)
afterAll(() => live.close())

/** Streamed imports have bodies of their own kind. */
const names = (Object.keys(contract) as ProcedureName[]).filter(
  (name) => contract[name].doors !== 'window' && name !== 'ledger.import',
)

const leaks =
  /node_modules|\/(home|tmp|work|root|usr)\/|\.[tj]s:\d|\n\s+at |SQLITE|sqlite_|no such (table|column)|ZodError|\[object|undefined|\bNaN\b/i

/** A refusal that a person can use: a code of the closed list with its status, and a sentence that gives nothing away. */
function expectRefusal(answer: Answer, what: string): void {
  const { code, message } = errorOf(answer)
  expect(Object.keys(errorStatus), what).toContain(code)
  expect(answer.status, what).toBe(errorStatus[code])
  expect(answer.status, `${what}: ${message}`).toBeLessThan(500)
  expect(message, what).toMatch(/^[A-Z].*[.!?]$/s)
  expect(message.length, what).toBeLessThan(500)
  expect(JSON.stringify(answer.body), what).not.toMatch(leaks)
  expect(JSON.stringify(answer.body).length, what).toBeLessThan(8_000)
}

/** Events of the provider come in when they come, and that a key was used for it is noted then. */
const quiet = new Set([...recordTables, 'provider_event', 'secret_use'])
let version = 0
let digests: Record<string, string> = {}

/** Looks at every table, if anything was committed since the last look. */
function expectUnchanged(what: string): void {
  if (dataVersion(live.db) === version) return
  const now = digestTables(live.db, quiet)
  expect(now, what).toEqual(digests)
  remember()
}

function remember(): void {
  version = dataVersion(live.db)
  digests = digestTables(live.db, quiet)
}

async function refuse(name: ProcedureName, input: unknown, what: string): Promise<void> {
  const answer = await live.send(name, input)
  if (answer.status === 200) throw new Error(`${name} accepted ${what}: ${JSON.stringify(answer.body).slice(0, 300)}`)
  expectRefusal(answer, `${name} with ${what}`)
  expectUnchanged(`${name} with ${what}`)
}

type Path = readonly (string | number)[]

/** Every field of an input with its place, at any depth. */
function fieldsOf(value: unknown, path: Path = []): { path: Path; value: unknown }[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => fieldsOf(item, [...path, index]))
  if (typeof value === 'object' && value !== null) {
    const inside = Object.entries(value).flatMap(([key, item]) => fieldsOf(item, [...path, key]))
    return path.length === 0 ? inside : [{ path, value }, ...inside]
  }
  return value === undefined ? [] : [{ path, value }]
}

function withValue(value: unknown, path: Path, replacement: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return replacement
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? withValue(item, rest, replacement) : item))
  if (typeof value !== 'object' || value === null) return replacement
  const object = value as AnyInput
  return { ...object, [key]: withValue(object[key], rest, replacement) }
}

const fresh = (name: ProcedureName): AnyInput => {
  const input = { ...inputs[name] }
  return 'requestId' in input ? { ...input, requestId: newRequestId() } : input
}

const nullable = (name: string, path: Path) =>
  (/^(customers|invoices)\.update$/.test(name) && /^(address|memo)$/.test(String(path.at(-1)))) ||
  (/^secrets\.(create|update)$/.test(name) && path.at(-1) === 'rotateEveryDays') ||
  (name === 'grants.create' && path.at(-1) === 'maxUses')

describe.each(names)('%s refuses', (name) => {
  test('E2: every hostile value in every field, in words, and nothing is written', async () => {
    remember()
    const fields = fieldsOf(fresh(name))
    const list = procedureOf(name).input as unknown as { shape: AnyInput }
    if ('cursor' in list.shape && !fields.some(({ path }) => path[0] === 'cursor')) fields.push({ path: ['cursor'], value: 'x' })
    for (const { path, value } of fields) {
      const key = path.findLast((part) => typeof part === 'string') ?? ''
      const hostile =
        typeof value === 'object' ? [0, 'x', true, [null]] : hostileValues(String(key), value, name, nullable(name, path))
      for (const bad of hostile) {
        const what = `${JSON.stringify(bad)?.slice(0, 60)} as ${path.join('.')}`
        await refuse(name, withValue(fresh(name), path, bad), what)
      }
    }
  })

  test('E2: fields that it does not know or lacks, and bodies that are no object', async () => {
    remember()
    for (const key of hostileKeys) {
      // Object literals and spreads treat __proto__ as what it is not.
      const text = JSON.stringify(fresh(name)).replace(
        /^\{/,
        () => `{${JSON.stringify(key)}:{"admin":true}${Object.keys(fresh(name)).length > 0 ? ',' : ''}`,
      )
      const answer = await live.sendText(name, text)
      expectRefusal(answer, `${name} with the key ${key.slice(0, 40)}`)
      expectUnchanged(name)
      expect(({} as { admin?: boolean }).admin).toBeUndefined()
    }
    const { shape } = procedureOf(name).input as unknown as { shape: Record<string, { isOptional(): boolean }> }
    for (const field of Object.keys(shape)) {
      if (shape[field]?.isOptional()) continue
      const { [field]: _, ...rest } = fresh(name)
      await refuse(name, rest, `no ${field}`)
    }
    for (const body of [null, [], [fresh(name)], 'x', 0, true]) await refuse(name, body, JSON.stringify(body).slice(0, 20))
  })

  test('E2: whatever else comes, by chance', async () => {
    remember()
    const fields = fieldsOf(fresh(name))
    const anything = fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' })
    const replaced = fc
      .array(fc.tuple(fc.nat({ max: Math.max(0, fields.length - 1) }), anything), { minLength: 1, maxLength: 3 })
      .map((changes) =>
        changes.reduce<unknown>((input, [index, value]) => {
          const field = fields[index]
          return field === undefined ? input : withValue(input, field.path, value)
        }, fresh(name)),
      )
    const body = fc.oneof({ weight: 1, arbitrary: anything }, { weight: 3, arbitrary: replaced })
    await fc.assert(
      fc.asyncProperty(body, async (input) => {
        const parses = procedureOf(name).input.safeParse(input).success
        if (parses && name === 'vault.lock') return
        const answer = await live.send(name, input)
        if (answer.status === 200) {
          expect(parses).toBe(true)
          // What it sends is settled later, and belongs to no refusal that comes after it.
          await desk.settle()
          remember()
          return
        }
        if (!parses) expect(answer.status).toBe(400)
        expectRefusal(answer, name)
        expectUnchanged(name)
      }),
      { seed, numRuns: runs },
    )
  })
})
