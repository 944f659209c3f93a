import { Page } from '../../components/Page'

export function BalanceSheet() {
  return <Page title="BalanceSheet">{null}</Page>
}
