import { Page } from '../../components/Page'

export function EntryPage() {
  return <Page title="EntryPage">{null}</Page>
}
