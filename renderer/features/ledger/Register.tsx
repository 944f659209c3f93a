import { Page } from '../../components/Page'

export function Register() {
  return <Page title="Register">{null}</Page>
}
