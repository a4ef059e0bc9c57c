import { type FormEvent, type ReactNode, useEffect, useRef } from 'react'

interface FormProps {
  /** By field; another object after each check. */
  readonly errors: object
  /** The call that the form makes; what it failed with last is forgotten at the next try. */
  readonly attempt: { readonly reset: () => void }
  readonly onSubmit: (event: FormEvent<HTMLFormElement>) => void
  readonly children: ReactNode
}

/**
 * A form that leads to the first field that was refused, by itself or by the API: on a long page nothing
 * would seem to happen otherwise.
 */
export function Form({ errors, attempt, onSubmit, children }: FormProps) {
  const element = useRef<HTMLFormElement>(null)
  const sent = useRef(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: errors are what is waited for
  useEffect(() => {
    const first = element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')
    if (!sent.current || first === null || first === undefined) return
    sent.current = false
    first.focus()
  }, [errors])
  const submit = (event: FormEvent<HTMLFormElement>) => {
    sent.current = true
    attempt.reset()
    onSubmit(event)
  }
  return (
    <form ref={element} onSubmit={submit} noValidate>
      {children}
    </form>
  )
}
