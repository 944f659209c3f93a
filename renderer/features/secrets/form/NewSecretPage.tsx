import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useBusiness } from '../../../app/BusinessProvider'
import { words as common } from '../words'
import { SecretEditor } from './SecretEditor'
import { emptyDraft } from './secretDraft'

const route = getRouteApi('/vault/new')

/** Where a new item is written. */
export function NewSecretPage() {
  const business = useBusiness()
  const { kind = 'login' } = route.useSearch()
  const [initial] = useState(() => emptyDraft(kind, business.id))
  return <SecretEditor secret={null} initial={initial} back={<Link to="/vault">{common.title}</Link>} />
}
