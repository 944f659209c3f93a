import { Link } from '@tanstack/react-router'
import { useRead } from '../api/queries'
import { Notice } from './Notice'
import { words } from './words'

interface WaitingApprovalsProps {
  /** Id of the record that is shown. */
  readonly about: string
  readonly className?: string | undefined
}

/** Says what waits for an approval before it changes the record in view, so that nobody asks for it again. */
export function WaitingApprovals({ about, className }: WaitingApprovalsProps) {
  const { data } = useRead('approvals.list', { status: 'pending', about, limit: 20 })
  return data?.items.map(({ id, facts }) => (
    <Notice key={id} tone="note" className={className}>
      {words.waitsForApproval(facts.what)}{' '}
      <Link to="/approvals" search={{ approval: id }}>
        {words.openApprovals}
      </Link>
    </Notice>
  ))
}
