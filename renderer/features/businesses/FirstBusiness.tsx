import { callShell } from '../../api/bridge'
import { acceptShellState } from '../../api/queries'
import { toast } from '../../components/toasts'
import { PaneHead, QuietAction, VaultPane } from '../vault/VaultPane'
import { BusinessForm } from './BusinessForm'
import { words } from './words'

/** The step after creating a vault: its first business. The get-started list on Today takes it from there. */
export function FirstBusiness() {
  return (
    <VaultPane>
      <PaneHead title={words.firstTitle}>{words.firstNote}</PaneHead>
      <BusinessForm onCreated={(business) => toast.done(words.created(business.name))} />
      <QuietAction onClick={closeVault}>{words.closeVault}</QuietAction>
    </VaultPane>
  )
}

function closeVault(): void {
  callShell('shell.closeVault', {}).then(acceptShellState, (error: unknown) => toast.failed(words.closeVault, error))
}
