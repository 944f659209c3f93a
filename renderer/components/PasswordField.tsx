import { PasswordInput, type PasswordInputProps } from '@mantine/core'
import { type Ref, useId } from 'react'
import { words } from './words'

/** A field whose text is hidden. Mantine's own says neither that it is wrong nor why to who cannot see it, and its eye takes no key. */
export function PasswordField(props: PasswordInputProps & { readonly ref?: Ref<HTMLInputElement> }) {
  const own = useId()
  const id = props.id ?? own
  const about = [props.description ? `${id}-description` : null, typeof props.error === 'string' ? `${id}-error` : null]
  const described = about.filter((part) => part !== null).join(' ')
  return (
    <PasswordInput
      {...props}
      id={id}
      aria-invalid={props.error ? true : undefined}
      aria-describedby={described === '' ? undefined : described}
      visibilityToggleFocusable
      visibilityToggleButtonProps={{ 'aria-label': words.showTyped }}
    />
  )
}
