import { Page } from '../../components/Page'

export function IncomeStatement() {
  return <Page title="IncomeStatement">{null}</Page>
}
