import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ImportPreview } from '../../../../shared/contract/secrets'
import { Page } from '../../../components/Page'
import { words as common } from '../words'
import { ChooseImport } from './ChooseImport'
import { ImportChoice } from './ImportChoice'
import { ImportDone } from './ImportDone'
import { importWords as words } from './words'

type Step =
  | { readonly at: 'choose' }
  | { readonly at: 'preview'; readonly preview: ImportPreview }
  | { readonly at: 'done'; readonly imported: number; readonly skipped: number }

/** Takes over the items of another vault: choose the file, see what is in it, choose what to keep. */
export function ImportPage() {
  const [step, setStep] = useState<Step>({ at: 'choose' })
  const restart = () => setStep({ at: 'choose' })
  return (
    <Page fill={step.at === 'preview'} back={<Link to="/vault">{common.title}</Link>} title={words.title} note={words.note}>
      {step.at === 'choose' ? (
        <ChooseImport onPreview={(preview) => setStep({ at: 'preview', preview })} />
      ) : step.at === 'preview' ? (
        <ImportChoice
          preview={step.preview}
          onRestart={restart}
          onDone={(imported, skipped) => setStep({ at: 'done', imported, skipped })}
        />
      ) : (
        <ImportDone imported={step.imported} skipped={step.skipped} onRestart={restart} />
      )}
    </Page>
  )
}
