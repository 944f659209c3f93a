import { MantineProvider } from '@mantine/core'
import { DatesProvider } from '@mantine/dates'
import { useColorScheme } from '@mantine/hooks'
import { ModalsProvider } from '@mantine/modals'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { useEffect } from 'react'
import { onBridgeEvent } from '../api/bridge'
import { acceptShellState, useShellState } from '../api/queries'
import { followChanges, queryClient } from '../api/queryClient'
import { firstDayOfWeek } from '../components/weeks'
import { Phases } from './Phases'
import { useShortcutListener } from './shortcuts'
import { cssVariables, theme } from './theme'
import { useFocusProblems } from './useFocusProblems'

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''

/** The window: looks, caches and pushes around whichever phase the vault is in. */
export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <Styled />
    </QueryClientProvider>
  )
}

function Styled() {
  const shell = useShellState()
  const system = useColorScheme('light', { getInitialValueInEffect: false })
  const chosen = shell.data?.theme ?? 'system'
  useShortcutListener()
  useFocusProblems()

  useEffect(() => {
    const stops = [followChanges(), onBridgeEvent('shellState', (event) => acceptShellState(event.state))]
    return () => {
      for (const stop of stops) stop()
    }
  }, [])

  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      forceColorScheme={chosen === 'system' ? system : chosen}
      getStyleNonce={() => nonce}
    >
      <DatesProvider settings={{ firstDayOfWeek: firstDayOfWeek() }}>
        <ModalsProvider modalProps={{ lockScroll: false }}>
          <Notifications position="bottom-right" containerWidth={380} />
          <Phases shell={shell} />
        </ModalsProvider>
      </DatesProvider>
    </MantineProvider>
  )
}
