import { type Grant, hostPattern, type httpMethods, pathPattern } from '../../../shared/contract/grants'
import type { Input } from '../../../shared/contract/index'
import { capital } from '../../components/format'
import { timeWords } from '../../components/words'
import { words } from './words'

/** A grant while it is written. */
export interface GrantDraft {
  readonly holder: string
  readonly secretIds: readonly string[]
  readonly use: boolean
  readonly reveal: boolean
  /** One a line. */
  readonly hosts: string
  readonly methods: readonly string[]
  readonly paths: string
  readonly expiresInHours: number
  readonly engagementEndsOn: string | null
  readonly maxUses: number | null
  readonly from: string
  readonly to: string
  readonly weekdays: readonly string[]
}

export const emptyDraft: GrantDraft = {
  holder: '',
  secretIds: [],
  use: true,
  reveal: false,
  hosts: '',
  methods: [],
  paths: '',
  expiresInHours: 24,
  engagementEndsOn: null,
  maxUses: null,
  from: '',
  to: '',
  weekdays: [],
}

type DraftProblems = Readonly<Partial<Record<'holder' | 'secretIds' | 'actions' | 'hosts' | 'paths' | 'hours', string>>>

function lines(text: string): string[] {
  return text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

/** Hosts as they are pasted: a scheme in front, a slash behind and capitals mean nothing. A path does, and is left for the owner to see. */
function hostsOf(text: string): string[] {
  return lines(text).map((line) =>
    line
      .toLowerCase()
      .replace(/^https:\/\//, '')
      .replace(/\/$/, ''),
  )
}

/** What has to be mended before the grant can be made, by field. */
export function problemsOf(draft: GrantDraft): DraftProblems {
  const hosts = hostsOf(draft.hosts)
  const wrongHost = hosts.find((host) => !hostPattern.safeParse(host).success)
  const wrongPath = lines(draft.paths).find((path) => !pathPattern.safeParse(path).success)
  return {
    ...(draft.holder.trim() === '' ? { holder: words.holderMissing } : {}),
    ...(draft.secretIds.length === 0 ? { secretIds: words.itemsMissing } : {}),
    ...(draft.use || draft.reveal ? {} : { actions: words.actionsMissing }),
    ...(draft.use && hosts.length === 0 ? { hosts: words.hostsMissing } : {}),
    ...(draft.use && wrongHost !== undefined ? { hosts: words.hostsWrong(wrongHost) } : {}),
    ...(draft.use && wrongPath !== undefined ? { paths: words.pathsWrong(wrongPath) } : {}),
    ...((draft.from === '') === (draft.to === '') ? {} : { hours: timeWords.hoursMissing }),
  }
}

const methodNames: typeof httpMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

/** The grant as `grants.create` takes it. Call it only where `problemsOf` finds nothing. */
export function grantOf(draft: GrantDraft, businessId: string): Input<'grants.create'> {
  const { use, reveal, from, to, engagementEndsOn, maxUses } = draft
  const paths = lines(draft.paths)
  const methods = methodNames.filter((method) => draft.methods.includes(method))
  return {
    businessId,
    holder: draft.holder.trim(),
    secretIds: [...draft.secretIds],
    actions: [...(use ? ['use' as const] : []), ...(reveal ? ['reveal' as const] : [])],
    ...(use ? { hosts: hostsOf(draft.hosts) } : {}),
    ...(use && methods.length > 0 ? { methods } : {}),
    ...(use && paths.length > 0 ? { paths } : {}),
    ...(from === '' ? {} : { hours: { from, to } }),
    ...(draft.weekdays.length === 0 ? {} : { weekdays: draft.weekdays.map(Number).sort((a, b) => a - b) }),
    ...(maxUses === null ? {} : { maxUses }),
    expiresInHours: draft.expiresInHours,
    ...(engagementEndsOn === null ? {} : { engagementEndsOn }),
  }
}

/** How a grant stands: active, or why it ended. */
export function grantState({ revokedAt, revokedFor, expiresAt }: Grant, now: number): keyof typeof words.states {
  if (revokedAt !== null) return revokedFor ?? 'owner'
  return expiresAt <= now ? 'expired' : 'active'
}

/** "Use and see": what a grant allows. */
export function mayText({ actions }: Pick<Grant, 'actions'>): string {
  return capital(actions.map((action) => words.may[action]).join(' and '))
}
