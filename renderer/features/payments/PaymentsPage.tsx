import { Page } from '../../components/Page'

export function PaymentsPage() {
  return <Page title="PaymentsPage">{null}</Page>
}
