import { createDocumentGate } from '../../worker/documents/gate.ts'

/** Pages of an internet that is made for one test, by address; any other cannot be reached. */
export function createDocuments() {
  const pages = new Map<string, () => Response | Promise<Response>>()
  const asked: string[] = []
  const gate = createDocumentGate({
    allowsPrivate: false,
    fetch: async (input) => {
      const url = String(input)
      asked.push(url)
      const answer = pages.get(url)
      if (answer === undefined) throw new TypeError('fetch failed')
      return answer()
    },
  })
  return { gate, pages, asked }
}
