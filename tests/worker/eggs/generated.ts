import fc from 'fast-check'

const names = fc.constantFrom('DEPTH', 'WORLD', 'lower_case', 'PORT_2', 'TOKEN', 'A')
const words = fc
  .string({ maxLength: 20, unit: 'grapheme' })
  .map((text) => text.replaceAll('\0', ''))
const filled = words.map((text) => `x${text}`)
const images = fc.constantFrom('a:1', 'registry.example/game:2', 'ghcr.io/some/game:java_17')
const rules = fc.array(
  fc.constantFrom(
    'required',
    'nullable',
    'string',
    'max:20',
    'in:a,b',
    'regex:/^(a|b)$/',
    'integer',
  ),
  { maxLength: 4 },
)

const variable = fc.record(
  {
    name: words,
    description: words,
    env_variable: names,
    default_value: fc.oneof(words, fc.integer(), fc.boolean(), fc.constant(null)),
    user_viewable: fc.constantFrom(true, false, 1, 0),
    user_editable: fc.constantFrom(true, false, 1, 0),
    rules: fc.oneof(
      rules,
      rules.map((list) => list.join('|')),
      rules.map((list) => list.join('||')),
    ),
    field_type: fc.constant('text'),
    sort: fc.nat(),
  },
  { requiredKeys: ['name', 'description', 'env_variable', 'rules'] },
)

const value = fc.oneof(
  words,
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(
    '{{server.build.default.port}}',
    '{{env.DEPTH}}',
    '{{config.docker.interface}}:$1',
  ),
)
const find = fc.dictionary(
  filled,
  fc.oneof(value, fc.dictionary(filled, value, { minKeys: 1, maxKeys: 3, noNullPrototype: true })),
  { maxKeys: 4, noNullPrototype: true },
)
const file = fc.record({
  parser: fc.constantFrom('file', 'properties', 'ini', 'json', 'yaml', 'yml', 'xml'),
  find,
})
const files = fc.dictionary(filled, file, { maxKeys: 3, noNullPrototype: true })
const done = fc.oneof(words, fc.array(filled, { maxLength: 3 }), fc.constant('regex:^Up \\d+$'))

/** As a JSON text or as an object: both stand in public eggs. */
function part<T>(inner: fc.Arbitrary<T>) {
  return fc.oneof(
    inner,
    inner.map((one) => JSON.stringify(one)),
  )
}

/** Valid eggs, with all that versions and panels do differently. */
export const eggs = fc
  .record(
    {
      meta: fc.constantFrom(
        { version: 'PTDL_v2', update_url: null },
        { version: 'PTDL_v1' },
        { version: 'PLCN_v3', update_url: 'https://eggs.example/a.yaml' },
      ),
      exported_at: fc.constant('2026-01-02T03:04:05+00:00'),
      name: filled,
      author: words,
      description: words,
      features: fc.constantFrom(null, [], ['eula'], ['java_version', 'pid_limit']),
      docker_images: fc.oneof(
        fc.dictionary(filled, images, { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
        fc.array(images, { minLength: 1, maxLength: 3 }),
      ),
      file_denylist: fc.constantFrom([], {}, null, '', ['*.pem'], 'a\nb'),
      startup: words,
      startup_commands: fc.dictionary(filled, words, {
        minKeys: 1,
        maxKeys: 3,
        noNullPrototype: true,
      }),
      config: fc.record({
        files: part(files),
        startup: part(fc.record({ done }, { requiredKeys: [] })),
        logs: part(fc.constantFrom({}, [], { custom: false })),
        stop: fc.constantFrom('^C', '^^C', 'stop', 'say bye', '^X', '^SIGKILL', '^SIGABRT', ''),
      }),
      scripts: fc.record({
        installation: fc.record({
          script: fc.constantFrom('', '#!/bin/ash\necho a', '#!/bin/bash\r\necho a\r\n'),
          container: images,
          entrypoint: fc.constantFrom('bash', 'ash', '/bin/bash'),
        }),
      }),
      variables: fc.uniqueArray(variable, {
        maxLength: 4,
        selector: ({ env_variable }) => env_variable,
      }),
      force_outgoing_ip: fc.boolean(),
    },
    {
      requiredKeys: ['meta', 'name', 'docker_images', 'startup', 'config', 'scripts', 'variables'],
    },
  )
  .map((egg) => ({ ...egg }))
