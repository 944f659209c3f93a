import { useWorkplace } from '../../app/BusinessProvider'
import { Section } from '../../components/Page'
import { toast } from '../../components/toasts'
import { BusinessForm } from './BusinessForm'
import { words } from './words'

/** Another business in the same vault; the window goes to it. */
export function NewBusiness() {
  const { select } = useWorkplace()
  return (
    <Section title={words.newTitle} note={words.newNote}>
      <BusinessForm
        onCreated={(business) => {
          toast.done(words.created(business.name))
          void select(business.id)
        }}
      />
    </Section>
  )
}
