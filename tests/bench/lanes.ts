/** Works through the items in their order, so many at a time; the lanes share the iterator. */
export async function inLanes<T>(
  lanes: number,
  items: Iterable<T> & Iterator<T>,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const lane = async () => {
    for (const item of items) await work(item)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}
