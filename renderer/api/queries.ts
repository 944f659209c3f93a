import { keepPreviousData, queryOptions, useMutation, useQuery } from '@tanstack/react-query'
import type { CommandName, Input, Output, QueryName, Reply } from '../../shared/contract/index'
import type { Outcome } from '../../shared/contract/procedure'
import type { ShellState } from '../../shared/contract/shell'
import { call, callShell } from './bridge'
import { NameStore } from './nameStore'
import { queryClient, shellStateKey } from './queryClient'

/** How a query is cached: by its name and input. */
export function readOptions<N extends QueryName>(name: N, input: Input<N>) {
  return queryOptions<Reply<N>, Error, Reply<N>, readonly [N, Input<N>]>({
    queryKey: [name, input] as const,
    queryFn: ({ signal }) => call(name, input, signal),
  })
}

interface ReadSettings {
  readonly enabled?: boolean
  /** Keeps showing the previous answer while another period or filter loads. */
  readonly keepPrevious?: boolean
}

/** Reads a query and reads it again when main says that its domain changed. */
export function useRead<N extends QueryName>(name: N, input: Input<N>, settings: ReadSettings = {}) {
  return useQuery({
    ...readOptions(name, input),
    enabled: settings.enabled ?? true,
    ...(settings.keepPrevious ? { placeholderData: keepPreviousData } : {}),
  })
}

type CommandReply<N extends CommandName> = Outcome<Output<N>>

interface CommandSettings<N extends CommandName> {
  readonly onDone?: (value: Output<N>) => void
  readonly onAwaitingApproval?: (approvalId: string) => void
  readonly onError?: (error: Error) => void
}

/** A command as a mutation; its reply says whether it ran or waits for an approval. */
export function useCommand<N extends CommandName>(name: N, settings: CommandSettings<N> = {}) {
  return useMutation<CommandReply<N>, Error, Input<N>>({
    mutationFn: (input) => runCommand(name, input),
    onSuccess: (outcome) => {
      if (outcome.status === 'done') settings.onDone?.(outcome.value)
      else settings.onAwaitingApproval?.(outcome.approvalId)
    },
    onError: (error) => settings.onError?.(error),
  })
}

/** Runs a command once, outside a component's render. Throws CallError. */
export async function runCommand<N extends CommandName>(name: N, input: Input<N>): Promise<CommandReply<N>> {
  const reply: unknown = await call(name, input)
  return reply as CommandReply<N>
}

/** Where the app stands: welcome, locked or open. */
export function useShellState() {
  return useQuery({ queryKey: shellStateKey, queryFn: () => callShell('shell.state', {}), staleTime: Number.POSITIVE_INFINITY })
}

/**
 * Takes a state that the shell answered or pushed. When the vault is closed, locked or another one, nothing that was read from it stays in
 * the page.
 */
export function acceptShellState(state: ShellState): void {
  const before = queryClient.getQueryData<ShellState>(shellStateKey)
  if (before?.phase === 'open' && (state.phase !== 'open' || state.world !== before.world)) {
    queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== shellStateKey[0] })
    queryClient.getMutationCache().clear()
    NameStore.forgetAll()
  }
  queryClient.setQueryData(shellStateKey, state)
}
