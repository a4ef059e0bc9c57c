import { dirname, join, normalize } from 'node:path'

/** Every module a source text imports or re-exports, static and dynamic, types included. */
export function importsOf(text: string): string[] {
  const forms = [
    /^\s*(?:import|export)\s[^'"`;]*?from\s+'([^']+)'/gm,
    /^\s*import\s+'([^']+)'/gm,
    /\bimport\(\s*'([^']+)'/g,
  ]
  return forms.flatMap((form) => Array.from(text.matchAll(form), (match) => match[1] ?? ''))
}

interface Rule {
  readonly files: RegExp
  /** Packages (by name or prefix), and folders of this tree. */
  readonly may: readonly RegExp[]
}

const nodeBuiltins = /^node:/
const inContract = /^contract\//

/** The first rule whose `files` match a path holds for it. Relative imports are written from the root. */
const rules: readonly Rule[] = [
  { files: /^contract\//, may: [/^(zod|re2js)$/, inContract] },
  {
    files: /^worker\/index\.ts$/,
    may: [
      inContract,
      /^worker\//,
      /^durable-objects\/(node-object|event-hub|throttle)\.ts$/,
      /^cloudflare:workers$/,
    ],
  },
  {
    files: /^worker\/ledger\.ts$/,
    may: [inContract, /^worker\//, /^cloudflare:workers$/],
  },
  {
    files: /^worker\/oidc\//,
    may: [/^worker\/(oidc|mail|services|outgoing-address)/, /^oauth4webapi$/],
  },
  { files: /^worker\/mail\/socket\.ts$/, may: [/^worker\/mail\//, /^cloudflare:sockets$/] },
  {
    files:
      /^worker\/(outgoing-address|services\/throttle\/address-prefix|services\/api-keys\/addresses|services\/allocations\/address)\.ts$/,
    may: [/^ipaddr\.js$/],
  },
  { files: /^worker\/services\/passkeys\/webauthn\.ts$/, may: [/^@simplewebauthn\/server$/] },
  { files: /^worker\/services\/two-factor\/totp\.ts$/, may: [/^otpauth$/] },
  {
    files: /^worker\/services\/templates\//,
    may: [
      inContract,
      /^worker\/(?!http\/|routes|app)/,
      /^drizzle-orm/,
      /^(yaml|fflate|node:buffer)$/,
    ],
  },
  {
    files: /^worker\/(services|db)\//,
    may: [
      inContract,
      /^worker\/(?!http\/|routes|app)/,
      /^drizzle-orm/,
      /^@libsql\/client/,
      /^node:crypto$/,
      /^zod$/,
    ],
  },
  {
    files: /^worker\//,
    may: [inContract, /^worker\//, /^hono/, /^@hono\/zod-openapi$/, /^zod$/, /^node:crypto$/],
  },
  {
    files: /^durable-objects\/(node-object|event-hub|throttle)\.ts$/,
    may: [inContract, /^durable-objects\//, /^cloudflare:workers$/],
  },
  { files: /^durable-objects\//, may: [inContract, /^durable-objects\//] },
  {
    files: /^agent\/runtime\/docker[\w-]*\.ts$/,
    may: [inContract, /^agent\//, /^dockerode$/, /^zod$/, nodeBuiltins],
  },
  {
    files: /^agent\/files\/config\//,
    may: [inContract, /^agent\//, /^(jsonc-parser|re2js|saxes|yaml|zod)$/, nodeBuiltins],
  },
  { files: /^agent\/pattern\.ts$/, may: [/^re2js$/] },
  { files: /^agent\//, may: [inContract, /^agent\//, /^ws$/, /^zod$/, nodeBuiltins] },
  {
    files: /^web\/vite\.config\.ts$/,
    may: [/^vite$/, /^@vitejs\/plugin-react$/, nodeBuiltins],
  },
  {
    files: /^web\/src\/api\/passkeys\.ts$/,
    may: [inContract, /^web\//, /^@simplewebauthn\/browser$/],
  },
  { files: /^web\/src\/ui\/qr-code\.tsx$/, may: [/^uqr$/] },
  {
    files: /^web\//,
    may: [
      inContract,
      /^web\//,
      /^(react|react-dom|react-router|zod)(\/|$)/,
      /^@(mantine|tanstack|tabler|xterm)\//,
    ],
  },
  {
    files: /^local\//,
    may: [
      inContract,
      /^local\//,
      /^(libsql|miniflare|wrangler|esbuild|vite|drizzle-orm|zod)(\/|$)/,
      /^@libsql\/client/,
      nodeBuiltins,
    ],
  },
  { files: /^tests\//, may: [/./] },
]

/** Names each import that the house's table does not allow, as `<file> may not import <module>`. */
export function forbiddenImports(path: string, imports: readonly string[]): string[] {
  const rule = rules.find(({ files }) => files.test(path))
  if (rule === undefined) return [`${path} stands in no known folder`]
  return imports
    .filter((name) => {
      const target = name.startsWith('.') ? normalize(join(dirname(path), name)) : name
      return !rule.may.some((allowed) => allowed.test(target))
    })
    .map((name) => `${path} may not import ${name}`)
}

/** Every cycle in a graph of imports, each as the files along it; empty when there is none. */
export function cyclesIn(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (file: string, trail: readonly string[]): void => {
    const seenAt = trail.indexOf(file)
    if (seenAt >= 0) {
      cycles.push([...trail.slice(seenAt), file].join(' -> '))
      return
    }
    if (done.has(file)) return
    for (const next of graph.get(file) ?? []) visit(next, [...trail, file])
    done.add(file)
  }
  for (const file of graph.keys()) visit(file, [])
  return cycles
}
