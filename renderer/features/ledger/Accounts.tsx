import { Page } from '../../components/Page'

export function Accounts() {
  return <Page title="Accounts">{null}</Page>
}
