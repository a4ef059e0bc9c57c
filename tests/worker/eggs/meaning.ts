type Part = Readonly<Record<string, unknown>>

/**
 * What an egg means to a panel that runs it, told apart from how it is written. It is worked out from the
 * egg alone, by none of the code under test.
 */
export function meaningOf(egg: Part) {
  const config = partOf(egg.config)
  const installation = partOf(partOf(egg.scripts).installation)
  const denied = egg.file_denylist
  // Pelican writes the words true and false without quotes.
  const words = String(partOf(egg.meta).version).startsWith('PLCN_')
  return {
    name: String(egg.name).trim(),
    author: egg.author ?? '',
    description: egg.description ?? '',
    features: Array.isArray(egg.features) ? egg.features : [],
    images: imagesOf(egg.docker_images),
    denied: typeof denied === 'string' ? denied.split('\n').filter(Boolean) : valuesOf(denied),
    startup: egg.startup,
    startups: egg.startup_commands ?? {},
    files: unpacked(config.files),
    done: [unpacked(config.startup)]
      .flatMap((startup) => valuesOf(partOf(startup).done))
      .filter(Boolean),
    stop: config.stop,
    script: String(installation.script).replaceAll('\r\n', '\n'),
    container: installation.container,
    entrypoint: installation.entrypoint,
    variables: valuesOf(egg.variables).map((variable) => {
      const {
        env_variable,
        name,
        description,
        default_value,
        rules,
        user_viewable,
        user_editable,
      } = partOf(variable)
      return {
        env_variable,
        name,
        description,
        default: defaultOf(default_value, words && !String(rules).includes('integer')),
        rules: (Array.isArray(rules) ? rules.join('|') : String(rules)).replaceAll(/\|+/g, '|'),
        viewable: Boolean(user_viewable),
        editable: Boolean(user_editable),
      }
    }),
    unknown: egg.force_outgoing_ip,
  }
}

function partOf(value: unknown): Part {
  return value as Part // eggs are made by these tests
}

function valuesOf(value: unknown): unknown[] {
  if (typeof value === 'string') return [value]
  return Object.values(value ?? {})
}

function unpacked(value: unknown): unknown {
  return typeof value === 'string' && value !== '' ? JSON.parse(value) : value
}

function imagesOf(value: unknown): unknown {
  return Array.isArray(value) ? Object.fromEntries(value.map((name) => [name, name])) : value
}

function defaultOf(value: unknown, words: boolean): string {
  if (typeof value === 'boolean' && !words) return value ? '1' : '0'
  return value === null || value === undefined ? '' : String(value)
}
