/** Stands in for `cloudflare:workers`, which exists only in workerd: what the object's class extends. */
export class DurableObject {
  readonly ctx: unknown
  readonly env: unknown

  constructor(ctx: unknown, env: unknown) {
    this.ctx = ctx
    this.env = env
  }
}
