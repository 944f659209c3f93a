import { z } from 'zod'
import { id } from '../domain/ids'
import { httpMethod } from './grants'
import { command } from './procedure'

const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, { error: 'must be a header name' })

export const broker = {
  'broker.call': command({
    summary:
      'Call an allowed https address with `{{secret}}` or `{{secret.field}}` in place of the value; known secrets are taken out of what comes back',
    input: {
      /** Left out where the grant in use names one secret. */
      secretId: id.optional(),
      /** Acts within this grant instead of the caller’s own rights; a helper’s bearer token is its grant already. */
      grantToken: z.string().max(200).optional(),
      method: httpMethod,
      url: z.string().max(8000),
      headers: z.record(headerName, z.string().max(8000)).optional(),
      /** Text; at most 512 KiB. */
      body: z.string().max(524_288).optional(),
      timeoutMs: z.int().min(100).max(60_000).optional(),
    },
    output: z.object({
      status: z.int(),
      headers: z.record(z.string(), z.string()),
      /** Text as UTF-8, anything else as base64. */
      body: z.string(),
      encoding: z.enum(['text', 'base64']),
      /** How often a known secret was taken out. */
      redactions: z.int(),
      truncated: z.boolean(),
    }),
    scope: 'broker:write',
    secretInput: ['grantToken', 'headers', 'body', 'url'],
    secretOutput: true,
  }),
} as const
