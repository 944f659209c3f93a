import { Page } from '../../components/Page'

export function LedgerPage() {
  return <Page title="LedgerPage">{null}</Page>
}
