import { Page } from '../../components/Page'

export function Journal() {
  return <Page title="Journal">{null}</Page>
}
