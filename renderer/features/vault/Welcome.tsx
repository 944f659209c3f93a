import { IconChevronRight, IconDatabaseImport, IconFlask, IconFolderOpen, IconKey, IconLockOpen2 } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import type { ShellOutput, ShellState } from '../../../shared/contract/shell'
import { callShell } from '../../api/bridge'
import { acceptShellState } from '../../api/queries'
import { toast } from '../../components/toasts'
import { CreateVault } from './CreateVault'
import { OpenVault } from './OpenVault'
import { PracticeProgress } from './PracticeProgress'
import { RestoreVault } from './RestoreVault'
import { VaultPane } from './VaultPane'
import styles from './vault.module.css'
import { words } from './words'

type Step = 'choose' | 'create' | 'open' | 'practice'
type ChosenBackup = ShellOutput<'shell.chooseBackup'>['backup']

/** The first screen: create a vault, open one, or explore a practice business. Nothing is made that was not asked for. */
export function Welcome({ state }: { readonly state: ShellState }) {
  const [step, setStep] = useState<Step>('choose')
  const [backup, setBackup] = useState<ChosenBackup>(null)
  const back = () => {
    setStep('choose')
    setBackup(null)
  }
  const exists = (id: 'live' | 'practice') => state.existingVaults.some((vault) => vault.id === id && vault.exists)

  const explore = () => {
    setStep('practice')
    callShell('shell.explorePractice', {}).then(acceptShellState, (error: unknown) => {
      back()
      toast.failed(words.notExplored, error)
    })
  }
  const choose = () => {
    callShell('shell.chooseVault', {}).then(
      (answer) => {
        if (answer.chosen) acceptShellState(answer.state)
      },
      (error: unknown) => toast.failed(words.notOpened, error),
    )
  }
  const chooseBackup = () => {
    callShell('shell.chooseBackup', {}).then(
      (answer) => setBackup(answer.backup),
      (error: unknown) => toast.failed(words.notRestored, error),
    )
  }

  return (
    <VaultPane>
      {backup !== null ? <RestoreVault backup={backup} onBack={back} /> : null}
      {step === 'choose' && backup === null ? (
        <>
          <h1 className={styles.title}>{exists('live') ? words.welcomeBack : words.begin}</h1>
          <div className={styles.choices}>
            {exists('live') ? (
              <Choice
                icon={<IconLockOpen2 size={20} stroke={1.7} />}
                title={words.open}
                text={words.openText}
                onClick={() => setStep('open')}
                primary
              />
            ) : (
              <Choice
                icon={<IconKey size={20} stroke={1.7} />}
                title={words.create}
                text={words.createText}
                onClick={() => setStep('create')}
                primary
              />
            )}
            <Choice
              icon={<IconFlask size={20} stroke={1.7} />}
              title={exists('practice') ? words.practiceAgain : words.practice}
              text={words.practiceText}
              onClick={explore}
            />
            <Choice
              icon={<IconFolderOpen size={20} stroke={1.7} />}
              title={words.openOther}
              text={words.openOtherText}
              onClick={choose}
            />
            <Choice
              icon={<IconDatabaseImport size={20} stroke={1.7} />}
              title={words.restore}
              text={words.restoreText}
              onClick={chooseBackup}
            />
          </div>
        </>
      ) : null}
      {step === 'create' ? <CreateVault onBack={back} /> : null}
      {step === 'open' ? <OpenVault onBack={back} /> : null}
      {step === 'practice' ? <PracticeProgress /> : null}
      <p className={styles.version}>
        {words.product} {state.version}
        {state.runtimeNote ? ` · ${state.runtimeNote}` : ''}
      </p>
    </VaultPane>
  )
}

interface ChoiceProps {
  readonly icon: ReactNode
  readonly title: string
  readonly text: string
  readonly onClick: () => void
  readonly primary?: boolean
}

function Choice({ icon, title, text, onClick, primary = false }: ChoiceProps) {
  return (
    <button type="button" className={styles.choice} data-primary={primary || undefined} onClick={onClick}>
      <span className={styles.choiceIcon} aria-hidden="true">
        {icon}
      </span>
      <span className={styles.choiceTexts}>
        <span className={styles.choiceTitle}>{title}</span>
        <span className={styles.choiceText}>{text}</span>
      </span>
      <IconChevronRight size={18} className={styles.choiceArrow} aria-hidden="true" />
    </button>
  )
}
