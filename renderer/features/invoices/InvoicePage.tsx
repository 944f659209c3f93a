import { Page } from '../../components/Page'

export function InvoicePage() {
  return <Page title="InvoicePage">{null}</Page>
}
