import { BrandMark } from '../../components/BrandMark'
import { Facts } from '../../components/Facts'
import { Section } from '../../components/Page'
import { ErrorState, LoadingRows } from '../../components/States'
import section from '../../components/section.module.css'
import { useAbout } from './useAbout'
import { words } from './words'

/** Which app this is and what it runs on. */
export function AboutSection() {
  const about = useAbout()
  return (
    <Section title={words.about}>
      {about.isError ? (
        <ErrorState what={words.about} error={about.error} onRetry={() => void about.refetch()} compact />
      ) : !about.data ? (
        <LoadingRows rows={3} />
      ) : (
        <div className={section.card}>
          <div className={section.cardHead}>
            <BrandMark size={36} />
            <h3>Countinghouse {about.data.version}</h3>
          </div>
          <Facts
            items={[
              [words.runtime, about.data.runtimeVersion],
              about.data.runtimeNote === null ? null : [words.runtimeNote, about.data.runtimeNote],
              [words.database, about.data.databaseVersion],
              [words.location, about.data.dataLocation],
              [words.license, about.data.license === 'UNLICENSED' ? words.unlicensed : about.data.license],
            ]}
          />
        </div>
      )}
    </Section>
  )
}
