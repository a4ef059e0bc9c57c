import { NumberInput, type NumberInputProps } from '@mantine/core'

/** Memory or disk as the API counts them. */
export function MebibytesField(props: NumberInputProps) {
  return <NumberInput suffix=" MiB" min={1} allowDecimal={false} {...props} />
}

export function CoresField(props: NumberInputProps) {
  const suffix = Number(props.value) === 1 ? ' core' : ' cores'
  return <NumberInput suffix={suffix} min={0} step={0.5} decimalScale={2} {...props} />
}

/** A port number; stepping through ports one by one helps nobody. */
export function PortField(props: NumberInputProps) {
  return <NumberInput hideControls allowDecimal={false} {...props} />
}
