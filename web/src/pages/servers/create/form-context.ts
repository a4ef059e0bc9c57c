import { createFormContext } from '@mantine/form'
import type { NewServer } from './new-server.ts'

/** The form's sections share its state. */
export const [FormProvider, useNewServerForm, useForm] = createFormContext<NewServer>()
