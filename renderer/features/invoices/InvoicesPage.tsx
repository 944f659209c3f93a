import { Page } from '../../components/Page'

export function InvoicesPage() {
  return <Page title="InvoicesPage">{null}</Page>
}
