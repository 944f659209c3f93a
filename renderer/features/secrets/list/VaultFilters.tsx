import { Select } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useRead } from '../../../api/queries'
import { useWorkplace } from '../../../app/BusinessProvider'
import { SearchField } from '../../../components/SearchField'
import { Segments } from '../../../components/Segments'
import { kindOf, kindOptions } from '../kinds'
import styles from './list.module.css'
import type { VaultSearch } from './vaultFilter'
import { words } from './words'

const narrowWindow = '(max-width: 1000px)'

interface VaultFiltersProps {
  readonly search: VaultSearch
  readonly onChange: (part: VaultSearch) => void
}

/** What part of the vault the list shows. */
export function VaultFilters({ search, onChange }: VaultFiltersProps) {
  const { business, businesses } = useWorkplace()
  const narrow = useMediaQuery(narrowWindow, false, { getInitialValueInEffect: false })
  const selectWidth = narrow ? 112 : 138
  const tags = useRead('secrets.tags', search.everywhere ? {} : { businessId: business.id, withVault: true }, {
    keepPrevious: true,
  })
  const tagOptions = (tags.data?.items ?? []).map((item) => ({ value: item.tag, label: `${item.tag} (${item.count})` }))
  return (
    <>
      <SearchField
        value={search.query ?? ''}
        placeholder={words.search}
        width={narrow ? 176 : 230}
        onChange={(text) => onChange({ query: text || undefined })}
      />
      <Segments
        label={words.view}
        value={search.view ?? 'all'}
        options={(['all', 'due', 'bin'] as const).map((value) => ({ value, label: words.views[value] }))}
        onChange={(view) => onChange({ view: view === 'all' ? undefined : view })}
      />
      <Select
        aria-label={words.columns.kind}
        placeholder={words.anyKind}
        data={kindOptions}
        value={search.kind ?? null}
        clearable
        w={selectWidth}
        onChange={(kind) => onChange({ kind: kindOf(kind) ?? undefined })}
      />
      <Select
        aria-label={words.columns.tags}
        placeholder={words.anyTag}
        data={search.tag && !tagOptions.some((option) => option.value === search.tag) ? [search.tag, ...tagOptions] : tagOptions}
        value={search.tag ?? null}
        clearable
        searchable
        w={selectWidth}
        onChange={(tag) => onChange({ tag: tag ?? undefined })}
      />
      {businesses.length > 1 ? (
        <span className={styles.whose}>
          <Segments
            label={words.whose}
            value={search.everywhere ? 'all' : 'business'}
            options={[
              { value: 'business', label: business.name },
              { value: 'all', label: words.everything },
            ]}
            onChange={(value) => onChange({ everywhere: value === 'all' ? true : undefined })}
          />
        </span>
      ) : null}
    </>
  )
}
