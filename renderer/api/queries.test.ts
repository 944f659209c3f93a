import { describe, expect, it } from 'vitest'
import type { ShellState } from '../../shared/contract/shell'
import { acceptShellState, readOptions } from './queries'
import { queryClient, shellStateKey } from './queryClient'

const open: ShellState = {
  phase: 'open',
  world: 'practice',
  version: '1',
  runtime: 'chromium',
  runtimeNote: null,
  existingVaults: [],
  desktopKeys: [],
  whileLocked: null,
  theme: 'light',
  apiDoor: { on: false, url: null },
  webhookUrl: null,
  hosts: [],
  idleMinutes: 5,
}
const { queryKey } = readOptions('businesses.list', {})

describe('acceptShellState', () => {
  it('keeps what was read while the same vault stays open', () => {
    acceptShellState(open)
    queryClient.setQueryData(queryKey, { items: [], nextCursor: null })
    acceptShellState({ ...open, theme: 'dark' })
    expect(queryClient.getQueryData(queryKey)).toBeDefined()
    expect(queryClient.getQueryData<ShellState>(shellStateKey)?.theme).toBe('dark')
  })

  it.each([
    { ...open, phase: 'welcome', world: null },
    { ...open, phase: 'locked' },
    { ...open, phase: 'closing', world: null },
    { ...open, world: 'live' },
  ] satisfies ShellState[])('leaves nothing of a vault in the page once it is $phase, $world', (next) => {
    acceptShellState(open)
    queryClient.setQueryData(queryKey, { items: [], nextCursor: null })
    acceptShellState(next)
    expect(queryClient.getQueryData(queryKey)).toBeUndefined()
    expect(queryClient.getQueryData(shellStateKey)).toEqual(next)
  })
})
