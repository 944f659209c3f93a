import { Switch } from '@mantine/core'
import { useState } from 'react'
import type { PolicyPreset } from '../../../shared/contract/policies'
import { useCommand, useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { MoneyField } from '../../components/MoneyField'
import { Section } from '../../components/Page'
import { ErrorState, LoadingRows } from '../../components/States'
import { toast } from '../../components/toasts'
import styles from './policies.module.css'
import { words } from './words'

/** Ready rules, each a switch in plain words. */
export function Presets() {
  const business = useBusiness()
  const presets = useRead('policies.presets', { businessId: business.id })
  return (
    <Section title={words.presets} note={words.presetsNote}>
      {presets.error ? (
        <ErrorState what={words.presets} error={presets.error} onRetry={() => void presets.refetch()} compact />
      ) : presets.data === undefined ? (
        <LoadingRows rows={4} />
      ) : (
        <ul className={styles.presets}>
          {presets.data.items.map((preset) => (
            <PresetRow key={preset.id} preset={preset} />
          ))}
        </ul>
      )}
    </Section>
  )
}

function PresetRow({ preset }: { readonly preset: PolicyPreset }) {
  const business = useBusiness()
  const [minor, setMinor] = useState<number | null>(preset.over?.minor ?? null)
  const set = useCommand('policies.setPreset', {
    onDone: ({ items }) => {
      const now = items.find(({ id }) => id === preset.id) ?? preset
      toast.done(now.on ? words.presetOn : words.presetOff, now.title, undefined, { key: preset.id })
    },
    onAwaitingApproval: () => toast.waiting(words.waits, words.waitsText),
    onError: (error) => toast.failed(words.presetNotSaved, error),
  })
  const turn = (on: boolean) =>
    set.mutate({
      businessId: business.id,
      presetId: preset.id,
      on,
      ...(preset.over !== null && minor !== null && minor > 0 ? { over: { ...preset.over, minor } } : {}),
    })
  const amountChanged = preset.on && preset.over !== null && minor !== null && minor > 0 && minor !== preset.over.minor
  return (
    <li>
      <Switch
        label={preset.title}
        classNames={{ body: styles.preset ?? '' }}
        checked={preset.on}
        disabled={set.isPending}
        onChange={(event) => turn(event.currentTarget.checked)}
      />
      {preset.over === null ? null : (
        <MoneyField
          aria-label={`${words.presetAmount}: ${preset.title}`}
          className={styles.presetAmount ?? ''}
          currency={preset.over.currency}
          minor={minor}
          onMinor={setMinor}
          onBlur={() => amountChanged && turn(true)}
          onKeyDown={(event) => event.key === 'Enter' && amountChanged && turn(true)}
        />
      )}
    </li>
  )
}
