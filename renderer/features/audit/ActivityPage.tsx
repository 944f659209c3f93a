import { Page } from '../../components/Page'

export function ActivityPage() {
  return <Page title="ActivityPage">{null}</Page>
}
