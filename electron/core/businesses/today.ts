import type { Business } from '../../../shared/contract/businesses'
import { dateIn } from '../../../shared/domain/dates'

/** The calendar date of a business at an instant (UTC epoch milliseconds), in its own time zone. */
export function today(business: Pick<Business, 'timeZone'>, now: number): string {
  return dateIn(business.timeZone, now)
}
