import { CloseButton, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useShortcut } from '../app/shortcuts'
import { Keys } from './Keys'
import { words } from './words'

interface SearchFieldProps {
  readonly value: string
  readonly onChange: (text: string) => void
  readonly placeholder: string
  readonly width?: number
}

/** The search of a list: "/" leads here, Escape clears it. */
export function SearchField({ value, onChange, placeholder, width = 260 }: SearchFieldProps) {
  const [text, setText] = useState(value)
  const field = useRef<HTMLInputElement>(null)
  const report = useDebouncedCallback(onChange, 180)
  useEffect(() => setText(value), [value])
  useShortcut('/', words.search, () => field.current?.focus())
  const change = (next: string) => {
    setText(next)
    report(next)
  }
  return (
    <TextInput
      ref={field}
      w={width}
      value={text}
      aria-label={placeholder}
      placeholder={placeholder}
      leftSection={<IconSearch size={15} stroke={1.7} aria-hidden="true" />}
      rightSection={
        text === '' ? <Keys keys="/" /> : <CloseButton size="sm" aria-label={words.clear} onClick={() => change('')} />
      }
      onChange={(event) => change(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        if (text === '') event.currentTarget.blur()
        else change('')
      }}
    />
  )
}
