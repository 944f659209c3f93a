import { z } from 'zod'
import { contract } from '../../../shared/contract/index'
import { outcomeOf, type Procedure } from '../../../shared/contract/procedure'
import { errorStatus } from '../../../shared/errors'

type Json = { [key: string]: unknown }

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    target: 'openapi-3.0',
    // `contentEncoding` came with 3.1; in 3.0 base64 is the format `byte`.
    override: ({ jsonSchema }) => {
      if (jsonSchema.contentEncoding !== 'base64') return
      delete jsonSchema.contentEncoding
      jsonSchema.format = 'byte'
    },
  }) as Json
  return json
}

const refused = { description: 'Refused', content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } }

function operation(name: string, procedure: Procedure): Json {
  const isBare = procedure.kind === 'query' || name === 'ledger.import'
  const waits = procedure.kind === 'command' && procedure.parkable
  return {
    operationId: name,
    summary: procedure.summary,
    description: `Scope ${procedure.scope}.`,
    tags: [name.slice(0, name.indexOf('.'))],
    responses: {
      '200': {
        description: isBare ? 'The answer' : waits ? 'Done, or waiting for an approval' : 'Done',
        content: { 'application/json': { schema: schemaOf(isBare ? procedure.output : outcomeOf(procedure.output), 'output') } },
      },
      default: refused,
    },
  }
}

const text = (name: string, required = false) => ({ name, in: 'query', required, schema: { type: 'string' } })

const streamedImport = {
  parameters: [text('businessId', true), text('requestId')],
  requestBody: {
    required: true,
    content: { 'application/x-ndjson': { schema: { type: 'string', description: 'One journal entry as JSON a line' } } },
  },
}

const formats = (names: readonly string[]) => ({
  name: 'format',
  in: 'query',
  required: true,
  schema: { type: 'string', enum: names },
})

interface StreamedExport {
  readonly parameters: readonly Json[]
  readonly description: string
  /** Media types of its formats. */
  readonly types: readonly string[]
}

/** Exports that `GET` streams as text, by the procedure that authorises them. */
const streamedExports: Readonly<Record<string, StreamedExport>> = {
  'ledger.export': {
    parameters: [text('businessId', true), formats(['csv', 'hledger', 'beancount'])],
    description: 'The journal, streamed',
    types: ['text/csv', 'text/plain'],
  },
  'audit.export': {
    parameters: [
      formats(['csv', 'jsonl']),
      ...['businessId', 'procedure', 'actor', 'query', 'from', 'to'].map((name) => text(name)),
    ],
    description: 'The audit log, streamed',
    types: ['text/csv', 'application/x-ndjson'],
  },
}

function streamOf(name: string, procedure: Procedure): Json {
  const streamed = streamedExports[name]
  if (streamed === undefined) return {}
  const { parameters, description, types } = streamed
  const content = Object.fromEntries(types.map((type) => [type, { schema: { type: 'string' } }]))
  const responses = { '200': { description, content }, default: refused }
  return { get: { operationId: `${name}.stream`, summary: procedure.summary, parameters, responses } }
}

/**
 * The OpenAPI 3.0 description of the API door, generated from the contract.
 * @param practice whether `practice.*` exists here
 */
export function openApi(version: string, practice: boolean): Json {
  const paths: Json = {}
  for (const [name, procedure] of Object.entries(contract) as [string, Procedure][]) {
    if (procedure.doors === 'window' || (procedure.doors === 'practice' && !practice)) continue
    const body = { required: true, content: { 'application/json': { schema: schemaOf(procedure.input, 'input') } } }
    const post = { ...operation(name, procedure), ...(name === 'ledger.import' ? streamedImport : { requestBody: body }) }
    paths[`/api/v1/${name.replace('.', '/')}`] = { post, ...streamOf(name, procedure) }
  }
  return {
    openapi: '3.0.3',
    info: {
      title: 'Countinghouse',
      version,
      description: 'The local API of this machine. Loopback only; every call carries a bearer token.',
    },
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: {
        Error: {
          type: 'object',
          required: ['error'],
          properties: {
            error: {
              type: 'object',
              required: ['code', 'message'],
              properties: {
                code: { type: 'string', enum: Object.keys(errorStatus) },
                message: { type: 'string' },
                details: { type: 'object', additionalProperties: true },
              },
            },
          },
        },
      },
    },
  }
}
