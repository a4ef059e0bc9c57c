import { PasswordInput, TextInput, type TextInputProps } from '@mantine/core'

type FieldProps = Pick<TextInputProps, 'value' | 'onChange' | 'error' | 'readOnly'>

interface AccountFieldsProps {
  readonly propsOf: (name: 'name' | 'email' | 'password') => FieldProps
  /** Somebody's own account, which the browser may fill in and keep, or one made for another person. */
  readonly own: boolean
  readonly autoFocus?: boolean
}

/** What every new account takes: name, e-mail and password. */
export function AccountFields({ propsOf, own, autoFocus = false }: AccountFieldsProps) {
  return (
    <>
      <TextInput
        label="Name"
        autoComplete={own ? 'name' : 'off'}
        data-autofocus
        autoFocus={autoFocus}
        {...propsOf('name')}
      />
      <TextInput
        label="E-mail"
        description={own ? 'You sign in with it.' : 'They sign in with it.'}
        type="email"
        autoComplete={own ? 'username' : 'off'}
        {...propsOf('email')}
      />
      <PasswordInput
        label="Password"
        description={`At least 8 characters${own ? '; a few words are better than signs.' : '. Hand it over by a safe way.'}`}
        autoComplete="new-password"
        {...propsOf('password')}
      />
    </>
  )
}
