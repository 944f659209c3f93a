import { describe, expect, test } from 'vitest'
import { contract, type ProcedureName } from '../../../shared/contract/index'
import { errorStatus } from '../../../shared/errors'
import { openApi } from './index'

type Json = { readonly [key: string]: unknown }
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The outside face, written out by hand: other programs rely on it. */
const face = `
  businesses/create businesses/list
  customers/create customers/update customers/get customers/list
  integrations/connect integrations/list integrations/disconnect
  rates/set rates/list
  invoices/create invoices/update invoices/send invoices/get invoices/list invoices/void invoices/duplicate invoices/pdf
  payments/list payments/get payments/requestRefund payments/refunds
  approvals/list approvals/decide approvals/editAndApprove approvals/propose approvals/decidePlan
  policies/list policies/set policies/remove policies/presets policies/setPreset policies/backtest
  payees/list payees/check payees/release payees/setQuarantine
  ledger/accounts ledger/createAccount ledger/post ledger/reverse ledger/entries ledger/register ledger/trialBalance
  ledger/incomeStatement ledger/balanceSheet ledger/explain ledger/closePeriod ledger/export ledger/import
  events/list events/sync events/replay
  audit/list audit/verify audit/export audit/anchors audit/removeAnchor audit/carryHead audit/checkHead audit/acknowledgeRestore
  vault/status vault/security vault/lock vault/unlock vault/stepUp vault/configure vault/rotateKeys vault/createRecoveryKit
  vault/testRecoveryKit vault/revokeRecoveryKit vault/addFactor vault/confirmFactor vault/removeFactor vault/changePassphrase
  secrets/create secrets/update secrets/get secrets/list secrets/tags secrets/reveal secrets/copyTicket secrets/history secrets/restoreVersion
  secrets/delete secrets/undelete secrets/usage secrets/startRotation secrets/testRotation secrets/finishRotation
  secrets/cancelRotation secrets/test secrets/attach secrets/attachment secrets/detach secrets/previewImport secrets/import
  secrets/export grants/create grants/list grants/revoke grants/blastRadius grants/rotateAll broker/call
  safety/pause safety/resume safety/status backups/run backups/list backups/status backups/configure backups/verify
  backups/restore backups/drill
  tokens/create tokens/list tokens/revoke`
  .trim()
  .split(/\s+/)
const practiceFace = ['practice/setFaults', 'practice/calls']

const paths = (practice: boolean) => openApi('1.2.3', practice).paths as Record<string, Json>

test('lists exactly the procedures of the outside face; practice ones in a practice world only', () => {
  expect(Object.keys(paths(false)).sort()).toEqual(face.map((name) => `/api/v1/${name}`).sort())
  expect(Object.keys(paths(true)).sort()).toEqual([...face, ...practiceFace].map((name) => `/api/v1/${name}`).sort())
})

describe('as a document of OpenAPI 3.0 (https://spec.openapis.org/oas/v3.0.3)', () => {
  const document = openApi('1.2.3', true)
  const operations = Object.entries(paths(true)).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation: operation as Json })),
  )

  test('has its version, its information, its security and its paths', () => {
    expect(document).toMatchObject({
      openapi: '3.0.3',
      info: { title: 'Countinghouse', version: '1.2.3' },
      security: [{ bearer: [] }],
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    })
    expect(JSON.parse(JSON.stringify(document))).toEqual(document)
  })

  test('gives every operation an id of its own, a summary, and answers with a description', () => {
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { path, method, operation } of operations) {
      expect(['get', 'post']).toContain(method)
      if (method === 'get') expect(['/api/v1/ledger/export', '/api/v1/audit/export']).toContain(path)
      expect(operation.summary).toEqual(expect.stringMatching(/^[A-Z].{5,}/))
      for (const answer of Object.values(operation.responses as Json)) {
        expect(answer).toMatchObject({ description: expect.any(String), content: expect.any(Object) })
      }
      for (const parameter of (operation.parameters ?? []) as Json[]) {
        expect(parameter).toMatchObject({ name: expect.any(String), in: 'query', schema: { type: 'string' } })
      }
    }
  })

  /** Keywords of a Schema Object, and of JSON Schema only where 3.0 took them over. */
  const keywords = new Set(
    `$ref title multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems
     maxProperties minProperties required enum type allOf oneOf anyOf not items properties additionalProperties description format
     default nullable discriminator readOnly writeOnly example deprecated`
      .trim()
      .split(/\s+/),
  )

  function checkSchema(schema: unknown, place: string): void {
    expect(isObject(schema), place).toBe(true)
    const object = schema as Json
    for (const [keyword, value] of Object.entries(object)) {
      const where = `${place}.${keyword}`
      expect(keywords.has(keyword), where).toBe(true)
      if (keyword === 'type') expect(['string', 'number', 'integer', 'boolean', 'array', 'object'], where).toContain(value)
      if (keyword === 'exclusiveMinimum' || keyword === 'exclusiveMaximum') expect(typeof value, where).toBe('boolean')
      if (keyword === '$ref') expect(resolve(String(value)), where).toBeDefined()
      if (keyword === 'enum') expect((value as unknown[]).length, where).toBeGreaterThan(0)
      if (keyword === 'pattern') expect(() => new RegExp(String(value), 'u'), where).not.toThrow()
      if (keyword === 'items' || keyword === 'not') checkSchema(value, where)
      if (keyword === 'additionalProperties' && typeof value !== 'boolean') checkSchema(value, where)
      if (['allOf', 'oneOf', 'anyOf'].includes(keyword)) {
        for (const [index, part] of (value as unknown[]).entries()) checkSchema(part, `${where}[${index}]`)
      }
      if (keyword === 'properties')
        for (const [name, part] of Object.entries(value as Json)) checkSchema(part, `${where}.${name}`)
      if (keyword === 'required') {
        const names = value as string[]
        expect(names.length, where).toBeGreaterThan(0)
        expect(new Set(names).size, where).toBe(names.length)
        for (const name of names) expect(Object.keys((object.properties ?? {}) as Json), where).toContain(name)
      }
    }
    if (object.type === 'array') expect(object.items, place).toBeDefined()
  }

  const resolve = (ref: string): unknown =>
    ref
      .replace(/^#\//, '')
      .split('/')
      .reduce<unknown>((value, part) => (isObject(value) ? value[part] : undefined), document)

  function schemasIn(value: unknown, place: string, found: [unknown, string][] = []): [unknown, string][] {
    if (Array.isArray(value)) for (const [index, part] of value.entries()) schemasIn(part, `${place}[${index}]`, found)
    else if (isObject(value)) {
      for (const [key, part] of Object.entries(value)) {
        if (key === 'schema') found.push([part, `${place}.schema`])
        else schemasIn(part, `${place}.${key}`, found)
      }
    }
    return found
  }

  test('uses nothing in its schemas that 3.0 does not know', () => {
    const found = schemasIn(document.paths, 'paths')
    expect(found.length).toBeGreaterThan(100)
    for (const [schema, place] of found) checkSchema(schema, place)
    checkSchema((document.components as { schemas: Json }).schemas.Error, 'Error')
  })

  test('says of each streamed export which types of file it can be', () => {
    const typesOf = (path: string) => {
      const { get } = paths(true)[path] as { get: { responses: { '200': { content: Json } } } }
      return Object.keys(get.responses['200'].content)
    }
    expect(typesOf('/api/v1/ledger/export')).toEqual(['text/csv', 'text/plain'])
    expect(typesOf('/api/v1/audit/export')).toEqual(['text/csv', 'application/x-ndjson'])
  })

  test('says of each answer whether it may wait, and of a streamed import which fields stand in its address', () => {
    const at = (path: string) =>
      (paths(true)[path] as { post: { responses: { '200': Json }; parameters?: { name: string }[] } }).post
    const said = (path: string) => at(path).responses['200'].description
    expect(said('/api/v1/invoices/list')).toBe('The answer')
    expect(said('/api/v1/invoices/send')).toBe('Done, or waiting for an approval')
    expect(said('/api/v1/vault/lock')).toBe('Done')
    const streamed = at('/api/v1/ledger/import').parameters ?? []
    expect(streamed.map(({ name }) => name).sort()).toEqual(Object.keys(contract['ledger.import'].input.shape).sort())
  })

  test('describes each input as its contract has it: every field, the needed ones, and no other', () => {
    for (const { path, method, operation } of operations) {
      if (method === 'get' || path.endsWith('ledger/import')) continue
      const name = path.slice('/api/v1/'.length).replace('/', '.') as ProcedureName
      const shape = contract[name].input.shape as Record<string, { isOptional(): boolean }>
      const { schema } =
        (operation.requestBody as { content: Record<string, { schema: Json }> }).content['application/json'] ?? {}
      expect(schema?.type).toBe('object')
      expect(schema?.additionalProperties).toBe(false)
      expect(Object.keys((schema?.properties ?? {}) as Json).sort()).toEqual(Object.keys(shape).sort())
      const needed = Object.keys(shape).filter((field) => shape[field]?.isOptional() === false)
      expect(((schema?.required ?? []) as string[]).toSorted()).toEqual(needed.sort())
    }
  })

  test('names every code of the closed list of errors', () => {
    const schema = (document.components as { schemas: Json }).schemas.Error
    expect(schema).toMatchObject({ properties: { error: { properties: { code: { enum: Object.keys(errorStatus) } } } } })
  })
})
