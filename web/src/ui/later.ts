import { type ComponentType, lazy } from 'react'

const retryAfterMs = 700

/**
 * A part of the panel that is loaded when it is first shown. A load that fails is tried once more:
 * networks change under a browser, and one lost file must not cost the page.
 */
export function later<Props>(load: () => Promise<ComponentType<Props>>) {
  const again = () =>
    new Promise<ComponentType<Props>>((resolve, reject) => {
      setTimeout(() => load().then(resolve, reject), retryAfterMs)
    })
  return lazy(async () => ({ default: await load().catch(again) }))
}
