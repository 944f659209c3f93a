import { useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { Section } from '../../components/Page'
import { ErrorState, LoadingRows } from '../../components/States'
import { ConnectStripe } from './ConnectStripe'
import { StripeCard } from './StripeCard'
import { StripeEvents } from './StripeEvents'
import { words } from './words'

/** Each provider with its honest state, and the way to connect it. */
export function IntegrationsSection() {
  const business = useBusiness()
  const list = useRead('integrations.list', { businessId: business.id })
  const stripe = list.data?.items.find((item) => item.provider === 'stripe')
  return (
    <>
      <Section title={words.title} note={words.note}>
        {list.isError ? (
          <ErrorState what={words.title} error={list.error} onRetry={() => void list.refetch()} compact />
        ) : list.isPending ? (
          <LoadingRows rows={3} />
        ) : stripe && stripe.state !== 'not_connected' ? (
          <StripeCard integration={stripe} />
        ) : (
          <ConnectStripe business={business} />
        )}
      </Section>
      {stripe && stripe.state !== 'not_connected' ? <StripeEvents /> : null}
    </>
  )
}
