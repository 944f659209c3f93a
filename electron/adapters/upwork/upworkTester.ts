import { z } from 'zod'
import type { CredentialTest, CredentialTester } from '../../core/ports/credentialTester'

export interface UpworkOptions {
  /** GraphQL endpoint; Upwork's own when left out. */
  readonly graphqlUrl?: string
  /** OAuth 2.0 token endpoint; Upwork's own when left out. */
  readonly tokenUrl?: string
  /** Milliseconds until a call counts as unanswered. */
  readonly timeout?: number
}

const upworkGraphql = 'https://api.upwork.com/graphql'
const upworkTokens = 'https://www.upwork.com/api/v3/oauth2/token'
/** A reply longer than this is no reply of Upwork's. */
const longestReply = 262_144

/** GraphQL errors come with status 200; `data` may stand beside them. */
const whoAmI = z.object({
  data: z.object({ user: z.object({ id: z.string() }).nullable() }).nullish(),
  errors: z.array(z.object({ message: z.string().optional() })).optional(),
})
/** RFC 6749 section 5.1 and 5.2. */
const tokenReply = z.object({ access_token: z.string().min(1).optional(), error: z.string().optional() })

const ok: CredentialTest = { ok: true, message: 'Upwork takes it.' }
const failed = (message: string): CredentialTest => ({ ok: false, message })
const unanswered = failed('Upwork could not be reached, so it could not be tried. Try again soon.')

interface Reply {
  readonly status: number
  readonly body: unknown
}

/**
 * Tries Upwork credentials with a call that changes nothing there: an access token by asking who it belongs to, a client id and secret
 * without one by the client credentials grant (RFC 6749 section 4.4), which only some accounts may use.
 */
export function createUpworkTester(options: UpworkOptions = {}): CredentialTester {
  const { graphqlUrl = upworkGraphql, tokenUrl = upworkTokens, timeout = 15_000 } = options

  const post = async (url: string, headers: Record<string, string>, body: string): Promise<Reply | null> => {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { accept: 'application/json', ...headers },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeout),
      })
      return { status: response.status, body: await jsonOf(response) }
    } catch {
      return null
    }
  }

  const tryToken = async (token: string, organization: string | undefined): Promise<CredentialTest> => {
    const tenant = organization === undefined ? {} : { 'x-upwork-api-tenantid': organization }
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...tenant }
    const reply = await post(graphqlUrl, headers, JSON.stringify({ query: 'query { user { id } }' }))
    return reply === null ? unanswered : judgeToken(reply)
  }

  const tryClient = async (id: string, secret: string): Promise<CredentialTest> => {
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret })
    const reply = await post(tokenUrl, { 'content-type': 'application/x-www-form-urlencoded' }, form.toString())
    return reply === null ? unanswered : judgeClient(reply)
  }

  return {
    host: new URL(graphqlUrl).hostname,
    async test(fields) {
      const text = (name: string) => fields.get(name)?.toString('utf8')
      const [token, id, secret] = [text('accesstoken'), text('clientid'), text('clientsecret')]
      const sent = [token, id, secret, text('organizationid')].filter((value) => value !== undefined)
      if (sent.some((value) => !/^[\x21-\x7e]{1,4096}$/.test(value))) {
        return failed('Upwork credentials hold no spaces or special characters. Nothing was sent to Upwork.')
      }
      if (token !== undefined) return tryToken(token, text('organizationid'))
      if (id !== undefined && secret !== undefined) return tryClient(id, secret)
      return failed('There is nothing to try: fill in the access token, or the client id and the client secret.')
    },
  }
}

async function jsonOf(response: Response): Promise<unknown> {
  const text = await response.text()
  if (text.length > longestReply) return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** What a status says by itself; null where the body has the word. */
function judgeStatus(status: number): CredentialTest | null {
  if (status === 429)
    return failed('Upwork asks to wait: too many calls were made. It was not tried. Try again in a few minutes.')
  if (status >= 500) return unanswered
  return null
}

function judgeToken({ status, body }: Reply): CredentialTest {
  const byStatus = judgeStatus(status)
  if (byStatus !== null) return byStatus
  if (status === 401) return failed('Upwork does not take the access token. It may have expired: one lasts 24 hours.')
  if (status === 403)
    return failed('Upwork knows the access token, but it may not read anything here. Check the scopes of the key.')
  const reply = whoAmI.safeParse(body)
  if (status !== 200 || !reply.success)
    return failed('Upwork answered in a way that this app does not understand. It was not tried.')
  const refused = (reply.data.errors ?? []).length > 0
  if (refused) return failed('Upwork refused to say who the access token belongs to. Check its scopes and the organization id.')
  return reply.data.data?.user ? ok : failed('Upwork knows nobody by this access token.')
}

function judgeClient({ status, body }: Reply): CredentialTest {
  const byStatus = judgeStatus(status)
  if (byStatus !== null) return byStatus
  const reply = tokenReply.safeParse(body)
  if (status === 200 && reply.success && reply.data.access_token !== undefined) return ok
  const error = reply.success ? reply.data.error : undefined
  if (error === 'unauthorized_client' || error === 'unsupported_grant_type') {
    return failed(
      'Upwork lets this key act only for a person, so it cannot be tried alone. Fill in an access token and test again.',
    )
  }
  if (status === 400 || status === 401) return failed('Upwork does not take the client id with this client secret.')
  return failed('Upwork answered in a way that this app does not understand. It was not tried.')
}
