import { TagsInput } from '@mantine/core'
import { useState } from 'react'
import { useRead } from '../../../api/queries'
import { words } from './words'

const tagForm = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,39}$/u
const mostTags = 20

interface TagsFieldProps {
  readonly value: readonly string[]
  readonly onChange: (tags: readonly string[]) => void
}

/** The tags of an item, with those in use as suggestions. */
export function TagsField({ value, onChange }: TagsFieldProps) {
  const known = useRead('secrets.tags', {})
  const [problem, setProblem] = useState<string | null>(null)
  return (
    <TagsInput
      size="sm"
      label={words.tags}
      placeholder={value.length === 0 ? words.tagsPlaceholder : ''}
      data={(known.data?.items ?? []).map((item) => item.tag)}
      value={[...value]}
      maxTags={mostTags}
      error={problem}
      comboboxProps={{ withinPortal: true }}
      onChange={(typed) => {
        const good = typed.map((tag) => tag.trim()).filter((tag) => tagForm.test(tag))
        setProblem(good.length < typed.length ? words.tagWrong : null)
        onChange(good)
      }}
    />
  )
}
