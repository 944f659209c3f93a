import { Page } from '../../components/Page'

export function EditInvoicePage() {
  return <Page title="EditInvoicePage">{null}</Page>
}
