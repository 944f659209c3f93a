import { ActionIcon, Button, Checkbox, Popover, Slider, Tooltip } from '@mantine/core'
import { IconRefresh, IconWand } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { generatePassword, type PasswordRecipe, passwordBits, passwordLimits } from '../../../../shared/domain/passwordGenerator'
import { Segments } from '../../../components/Segments'
import styles from './form.module.css'
import { generatorWords as words } from './words'

const random = (count: number) => crypto.getRandomValues(new Uint32Array(count))
type Kind = PasswordRecipe['kind']
type Sets = Record<'lower' | 'upper' | 'digits' | 'signs' | 'legible', boolean>

const usual: Sets = { lower: true, upper: true, digits: true, signs: true, legible: true }
const usualSize: Readonly<Record<Kind, number>> = { characters: 20, spoken: 4, pin: 6 }

function recipeOf(kind: Kind, size: number, sets: Sets): PasswordRecipe {
  if (kind === 'characters') return { kind, length: size, ...sets }
  return kind === 'spoken' ? { kind, groups: size } : { kind, length: size }
}

interface PasswordMakerProps {
  /** The field that it fills, for its label. */
  readonly name: string
  readonly onUse: (password: string) => void
}

/** A button that opens the password generator. */
export function PasswordMaker({ name, onUse }: PasswordMakerProps) {
  const [opened, setOpened] = useState(false)
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      width={340}
      trapFocus
      returnFocus
      withRoles={false}
      closeOnEscape
    >
      <Popover.Target>
        <Tooltip label={words.open} disabled={opened}>
          <ActionIcon
            aria-label={words.openFor(name)}
            aria-haspopup="dialog"
            aria-expanded={opened}
            onClick={() => setOpened((was) => !was)}
          >
            <IconWand size={17} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label={words.title}>
        {opened ? (
          <Maker
            onUse={(password) => {
              setOpened(false)
              onUse(password)
            }}
          />
        ) : null}
      </Popover.Dropdown>
    </Popover>
  )
}

function Maker({ onUse }: { readonly onUse: (password: string) => void }) {
  const [kind, setKind] = useState<Kind>('characters')
  const [sizes, setSizes] = useState(usualSize)
  const [sets, setSets] = useState(usual)
  const [password, setPassword] = useState(() => generatePassword(recipeOf('characters', usualSize.characters, usual), random))
  const sizeId = useId()
  const recipe = recipeOf(kind, sizes[kind], sets)
  const bits = passwordBits(recipe)
  const limits = passwordLimits[kind]
  const make = (next: PasswordRecipe) => setPassword(generatePassword(next, random))
  const choose = (next: Kind) => {
    setKind(next)
    make(recipeOf(next, sizes[next], sets))
  }
  const resize = (size: number) => {
    setSizes({ ...sizes, [kind]: size })
    make(recipeOf(kind, size, sets))
  }
  const toggle = (name: keyof Sets, on: boolean) => {
    const next = { ...sets, [name]: on }
    setSets(next)
    make(recipeOf(kind, sizes[kind], next))
  }
  return (
    <div className={styles.maker}>
      <div className={styles.made}>
        <output aria-label={words.made}>{password}</output>
        <ActionIcon aria-label={words.again} onClick={() => make(recipe)}>
          <IconRefresh size={16} />
        </ActionIcon>
      </div>
      <div className={styles.bits} aria-live="polite">
        <strong>{words.strength(bits)}</strong> · {words.bits(bits)}
      </div>
      <Segments
        label={words.kind}
        value={kind}
        options={(['characters', 'spoken', 'pin'] as const).map((value) => ({ value, label: words.kinds[value] }))}
        onChange={choose}
      />
      <div className={styles.size}>
        <span id={sizeId}>{kind === 'spoken' ? words.groups : words.length}</span>
        <Slider
          min={limits.least}
          max={limits.most}
          value={sizes[kind]}
          onChange={resize}
          label={null}
          size="sm"
          thumbProps={{ 'aria-labelledby': sizeId }}
        />
        <span className="ch-figures">{sizes[kind]}</span>
      </div>
      {kind === 'characters' ? (
        <>
          <div className={styles.sets}>
            {(['lower', 'upper', 'digits', 'signs'] as const).map((name) => (
              <Checkbox
                key={name}
                size="xs"
                label={words[name]}
                checked={sets[name]}
                onChange={(event) => toggle(name, event.currentTarget.checked)}
              />
            ))}
          </div>
          <Checkbox
            size="xs"
            label={words.legible}
            checked={sets.legible}
            onChange={(event) => toggle('legible', event.currentTarget.checked)}
          />
        </>
      ) : null}
      <Button data-autofocus fullWidth onClick={() => onUse(password)}>
        {words.use}
      </Button>
    </div>
  )
}
