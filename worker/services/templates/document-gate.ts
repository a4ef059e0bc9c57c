/** What came of asking for a document: its text, or why there is none, in a line for people. */
export type FetchedDocument =
  | { readonly ok: true; readonly content: string }
  | { readonly ok: false; readonly said: string }

/** Fetches documents from the internet. Never throws for what the other end does. */
export interface DocumentGate {
  fetch(url: string): Promise<FetchedDocument>
}
