import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Secret } from '../../../../shared/contract/secrets'
import { useRead } from '../../../api/queries'
import { FailedPage } from '../../../components/FailedPage'
import { LoadingRows } from '../../../components/States'
import { words as common } from '../words'
import { SecretEditor } from './SecretEditor'
import { draftOfSecret } from './secretDraft'

const route = getRouteApi('/vault/$secretId/edit')

/** Where an item is changed. */
export function EditSecretPage() {
  const { secretId } = route.useParams()
  const secret = useRead('secrets.get', { secretId })
  if (secret.isPending) return <LoadingRows />
  if (secret.isError) return <FailedPage what={common.one} query={secret} back={<Link to="/vault">{common.title}</Link>} />
  return <Edit key={secretId} stored={secret.data} />
}

/** Keeps the item as it was opened: what changes elsewhere meanwhile is noticed when it is saved. */
function Edit({ stored }: { readonly stored: Secret }) {
  const [secret] = useState(stored)
  const [initial] = useState(() => draftOfSecret(stored))
  const back = (
    <Link to="/vault/$secretId" params={{ secretId: secret.id }}>
      {secret.title}
    </Link>
  )
  return <SecretEditor secret={secret} initial={initial} back={back} />
}
