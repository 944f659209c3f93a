import { getRouteApi, Link, Navigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Page } from '../../components/Page'
import { BackupsSection } from '../backups/BackupsSection'
import { NewBusiness } from '../businesses/NewBusiness'
import { IntegrationsSection } from '../integrations/IntegrationsSection'
import { RatesSection } from '../integrations/RatesSection'
import { PoliciesSection } from '../policies/PoliciesSection'
import { TokensSection } from '../tokens/TokensSection'
import { AboutSection } from './AboutSection'
import { AppearanceSection } from './AppearanceSection'
import { BusinessSection } from './BusinessSection'
import { PrivacySection } from './PrivacySection'
import { type SettingsSection, settingsSections } from './sections'
import styles from './settings.module.css'
import { VaultSection } from './VaultSection'
import { words } from './words'

const route = getRouteApi('/settings/$section')

const views: Readonly<Record<SettingsSection, () => ReactNode>> = {
  business: BusinessSection,
  integrations: IntegrationsSection,
  rates: RatesSection,
  policies: PoliciesSection,
  tokens: TokensSection,
  vault: VaultSection,
  backups: BackupsSection,
  appearance: AppearanceSection,
  privacy: PrivacySection,
  about: AboutSection,
  'new-business': NewBusiness,
}

function isSection(section: string): section is SettingsSection {
  return Object.hasOwn(views, section)
}

/** Everything that is set once and rarely changed. */
export function SettingsPage() {
  const { section } = route.useParams()
  if (!isSection(section)) return <Navigate to="/settings/$section" params={{ section: 'business' }} replace />
  const View = views[section]
  return (
    <Page fill title={words.title}>
      <div className={styles.settings}>
        <nav className={styles.nav} aria-label={words.sections}>
          {settingsSections.map((candidate) => (
            <Link
              key={candidate.id}
              to="/settings/$section"
              params={{ section: candidate.id }}
              className={styles.link}
              activeProps={{ 'data-active': true, 'aria-current': 'page' }}
            >
              {candidate.label}
            </Link>
          ))}
        </nav>
        <div key={section} className={styles.view}>
          <View />
        </div>
      </div>
    </Page>
  )
}
