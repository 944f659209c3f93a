import { Page } from '../../components/Page'

export function PostEntryPage() {
  return <Page title="PostEntryPage">{null}</Page>
}
