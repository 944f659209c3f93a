import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import type { Topic } from '../../shared/contract/events'
import { onBridgeEvent } from './bridge'
import { CallError, isRetryable } from './failure'

/** Where the shell's state is cached. */
export const shellStateKey = ['shell.state'] as const

/** A vault that was locked elsewhere answers nothing more: ask the shell what to show. */
function noticeLock(error: unknown): void {
  if (error instanceof CallError && error.code === 'locked') void queryClient.invalidateQueries({ queryKey: shellStateKey })
}

/** Main is on this machine: calls do not wait for a network, and what it pushes as changed is read again. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeLock }),
  mutationCache: new MutationCache({ onError: noticeLock }),
  defaultOptions: {
    queries: {
      networkMode: 'always',
      staleTime: 60_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 1 && isRetryable(error),
      retryDelay: 400,
    },
    mutations: { networkMode: 'always', retry: false },
  },
})

/** The topic of a procedure: the domain before its dot, which is also the word that main pushes. */
export function topicOf(procedure: string): string {
  return procedure.slice(0, procedure.indexOf('.'))
}

/**
 * Topics whose screens show figures of another domain: a payment changes what an invoice and a customer page say.
 * Main names every topic it wrote; these are the readers that join two.
 */
const readersOf: Partial<Record<Topic, readonly string[]>> = {
  events: ['integrations'],
  // A change of what would be paid to puts a payee into quarantine.
  customers: ['payees'],
  policies: ['payees'],
  // How often a grant was used stands on the grant.
  secrets: ['payees', 'grants'],
  // What a pause holds back is counted from what is to be sent.
  invoices: ['safety'],
  payments: ['safety'],
}

/** The procedure domains to read again after `topics` changed. */
function domainsToRefresh(topics: readonly Topic[]): Set<string> {
  const domains = new Set<string>(topics)
  for (const topic of topics) for (const reader of readersOf[topic] ?? []) domains.add(reader)
  return domains
}

type Listener = (domains: ReadonlySet<string>) => void
const listeners = new Set<Listener>()

/** Hears of changed domains, at most every 250 ms. */
export function onChanged(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const settleMs = 250

/**
 * Reads again what main says has changed: at once when it was quiet, and then once per 250 ms, so that a burst (a sync, an import) becomes
 * few refreshes. Answers the function that stops it.
 */
export function followChanges(): () => void {
  let waiting = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    timer = undefined
    if (waiting.size === 0) return
    const domains = waiting
    waiting = new Set()
    timer = setTimeout(flush, settleMs)
    void queryClient.invalidateQueries({
      predicate: (query) => query.meta?.pages !== true && domains.has(topicOf(String(query.queryKey[0]))),
    })
    queryClient.removeQueries({
      predicate: (query) =>
        query.meta?.pages === true && query.getObserversCount() === 0 && domains.has(topicOf(String(query.queryKey[0]))),
    })
    for (const listener of listeners) listener(domains)
  }
  const stop = onBridgeEvent('changed', (event) => {
    for (const domain of domainsToRefresh(event.topics)) waiting.add(domain)
    if (timer === undefined) flush()
  })
  return () => {
    clearTimeout(timer)
    stop()
  }
}
