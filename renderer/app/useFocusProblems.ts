import { useEffect } from 'react'

/** Takes the keyboard to the first field that is wrong, once a form was sent off with it: the field says what is missing. Once, at the root. */
export function useFocusProblems(): void {
  useEffect(() => {
    const onSubmit = (event: SubmitEvent) => {
      const form = event.target
      if (!(form instanceof HTMLFormElement)) return
      // What the form found is on the page with the next frame.
      requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
    }
    document.addEventListener('submit', onSubmit)
    return () => document.removeEventListener('submit', onSubmit)
  }, [])
}
