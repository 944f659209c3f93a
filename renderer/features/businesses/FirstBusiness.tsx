import { callShell } from '../../api/bridge'
import { acceptShellState } from '../../api/queries'
import { toast } from '../../components/toasts'
import { VaultPane } from '../vault/VaultPane'
import vault from '../vault/vault.module.css'
import { BusinessForm } from './BusinessForm'
import { words } from './words'

/** The step after creating a vault: its first business. The get-started list on Today takes it from there. */
export function FirstBusiness() {
  return (
    <VaultPane>
      <h1 className={vault.title}>{words.firstTitle}</h1>
      <p className={vault.note}>{words.firstNote}</p>
      <BusinessForm onCreated={(business) => toast.done(words.created(business.name))} />
      <button type="button" className={vault.quietAction} onClick={closeVault}>
        {words.closeVault}
      </button>
    </VaultPane>
  )
}

function closeVault(): void {
  callShell('shell.closeVault', {}).then(acceptShellState, (error: unknown) => toast.failed(words.closeVault, error))
}
