import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TamperBench, type Verify } from './tamperBench'
import { type Tampering, tamperings } from './tamperTesting'
import { type VerifyResult, verifyAudit, verifyTail } from './verifyAudit'

/** How many random places each kind of tampering is tried at. */
const dose = Number(process.env.COUNTINGHOUSE_TAMPER_DOSE ?? 3)

let bench: TamperBench
beforeAll(() => {
  bench = new TamperBench()
})
afterAll(() => bench.cleanup())

/** Runs every tampering at `times` random places. @returns what the verifier got wrong, by name of the tampering */
async function failures(verify: Verify, times: number, which: readonly Tampering[] = tamperings): Promise<Map<string, string>> {
  const wrong = new Map<string, string>()
  const seeds = fc.sample(fc.integer({ min: 0, max: 1_000_000 }), { numRuns: which.length * times * 4, seed: 20260115 })
  const pick = (low: number, high: number): number => low + ((seeds.pop() ?? 0) % (high - low + 1))
  for (const tampering of which) {
    for (let i = 0; i < times; i++) {
      const message = await bench.run(verify, tampering, pick)
      if (message) wrong.set(tampering.name, message)
    }
  }
  const alarm = await bench.run(verify, undefined, pick)
  if (alarm) wrong.set('nothing', alarm)
  return wrong
}

const verify: Verify = (options) => verifyAudit(options)
const names = (from: readonly Tampering[]): string[] => from.map(({ name }) => name)

describe('with the database key in hand', () => {
  test('A3: every tampering is seen at the first check and the first bad row is named; an untouched log is not suspected', async () => {
    expect(await failures(verify, dose)).toEqual(new Map())
  }, 600_000)

  test('A3: the check at start sees the same in the rows it reads', async () => {
    expect(await failures((options) => verifyTail(options), 1)).toEqual(new Map())
  }, 600_000)
})

/** A test that cannot fail proves nothing: weaker verifiers must fail it, each in just the places where it is weak. */
describe('a weaker verifier fails this test', () => {
  const fine = (result: VerifyResult): VerifyResult => ({
    ok: true,
    rows: result.rows,
    heads: result.heads,
    anchored: result.anchored,
  })

  test('A3: one that always says ok fails every tampering', async () => {
    const wrong = await failures(async (options) => fine(await verifyAudit(options)), 1)
    expect([...wrong.keys()]).toEqual(names(tamperings))
  }, 600_000)

  test('A3: one that always says no fails on the untouched log and on every name', async () => {
    const firstBad = { seq: 0, kind: 'changed', reason: 'all is lost' } as const
    const wrong = await failures(() => ({ ok: false, rows: 0, heads: 0, anchored: null, firstBad }), 1)
    expect([...wrong.keys()]).toEqual([...names(tamperings), 'nothing'])
  }, 600_000)

  test('A3: one without anchors does not see what was taken out with its signatures', async () => {
    const wrong = await failures(
      (options) => verifyAudit({ ...options, anchors: [] }),
      1,
      tamperings.filter((one) => one.onlyAnchors),
    )
    expect([...wrong.keys()]).toEqual(names(tamperings.filter((one) => one.onlyAnchors)))
  }, 600_000)
})

test('A3: without anchors everything that a signature in the database covers is still seen', async () => {
  const inside = tamperings.filter((one) => !one.onlyAnchors && one.name !== 'head put off to a later row')
  expect(await failures((options) => verifyAudit({ ...options, anchors: [] }), 1, inside)).toEqual(new Map())
}, 600_000)
