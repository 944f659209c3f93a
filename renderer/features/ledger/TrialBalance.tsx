import { Page } from '../../components/Page'

export function TrialBalance() {
  return <Page title="TrialBalance">{null}</Page>
}
