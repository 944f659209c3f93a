import { Button, Center, Loader } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ShellState } from '../../shared/contract/shell'
import { messageOf } from '../api/failure'
import { FirstBusiness } from '../features/businesses/FirstBusiness'
import { Closing } from '../features/vault/Closing'
import { Locked } from '../features/vault/Locked'
import { Welcome } from '../features/vault/Welcome'
import { BusinessProvider } from './BusinessProvider'
import styles from './Phases.module.css'
import { Workspace } from './Workspace'
import { words } from './words'

/** Shows what the vault's phase allows: the welcome, the lock, the work, or its end. */
export function Phases({ shell }: { readonly shell: UseQueryResult<ShellState> }) {
  if (shell.isPending) {
    return (
      <Center h="100%">
        <Loader size="sm" color="slate" aria-label={words.product} />
      </Center>
    )
  }
  if (!shell.data) {
    return (
      <div className={styles.broken} role="alert">
        <h1>{words.startFailed}</h1>
        <p>{messageOf(shell.error)}</p>
        <Button onClick={() => void shell.refetch()}>{words.reload}</Button>
      </div>
    )
  }
  switch (shell.data.phase) {
    case 'welcome':
      return <Welcome state={shell.data} />
    case 'locked':
      return <Locked state={shell.data} />
    case 'closing':
      return <Closing />
    case 'open':
      return (
        <BusinessProvider shell={shell.data} fallback={<FirstBusiness />}>
          <Workspace />
        </BusinessProvider>
      )
  }
}
