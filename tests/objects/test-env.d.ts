declare namespace Cloudflare {
  interface Env {
    readonly NODES: DurableObjectNamespace<
      import('../../durable-objects/node-object.ts').NodeObject
    >
    readonly EVICTIONS: string
  }
}
