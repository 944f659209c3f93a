import { Page } from '../../components/Page'

export function NewInvoicePage() {
  return <Page title="NewInvoicePage">{null}</Page>
}
