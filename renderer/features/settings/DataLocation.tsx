import { ErrorState } from '../../components/States'
import section from '../../components/section.module.css'
import { useAbout } from './useAbout'
import { words } from './words'

/** The data folder, for reading. */
export function DataLocation() {
  const about = useAbout()
  if (about.isError) return <ErrorState what={words.location} error={about.error} onRetry={() => void about.refetch()} compact />
  return <div className={section.secret}>{about.data?.dataLocation ?? '\u00a0'}</div>
}
