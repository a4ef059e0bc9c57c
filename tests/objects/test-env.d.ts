declare namespace Cloudflare {
  interface Env {
    readonly NODES: DurableObjectNamespace<
      import('../../durable-objects/node-object.ts').NodeObject
    >
    readonly THROTTLE: DurableObjectNamespace<import('../../durable-objects/throttle.ts').Throttle>
    readonly EVICTIONS: string
  }
}
