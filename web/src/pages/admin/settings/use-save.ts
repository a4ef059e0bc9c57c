import { settings } from '../../../../../contract/api/settings.ts'
import { useAction } from '../../../api/queries.ts'
import { toastDone } from '../../../ui/toast.ts'

/** Saves one section; the others stay as they are. */
export function useSave() {
  return useAction(settings.update, {
    refreshes: [settings.get],
    onDone: () => toastDone('Saved'),
  })
}
