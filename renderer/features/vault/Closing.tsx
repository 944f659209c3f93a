import { Loader } from '@mantine/core'
import { PaneHead, VaultPane } from './VaultPane'
import { words } from './words'

/** The last thing that a window shows: its process ends as soon as the vault is closed. */
export function Closing() {
  return (
    <VaultPane>
      <div role="status">
        <PaneHead title={words.closing}>{words.closingNote}</PaneHead>
      </div>
      <Loader size="sm" color="slate" aria-hidden="true" />
    </VaultPane>
  )
}
