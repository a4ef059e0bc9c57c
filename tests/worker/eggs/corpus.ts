/** An egg as somebody might have written it, of a game that does not exist. */
export function anEgg(change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    _comment: 'MADE BY HAND',
    meta: { version: 'PTDL_v2', update_url: 'https://eggs.example/burrow.json' },
    exported_at: '2026-01-02T03:04:05+00:00',
    name: 'Burrow',
    author: 'mole@example.org',
    description: 'Moles dig tunnels.',
    features: ['eula', 'pid_limit'],
    docker_images: {
      'Burrow 2': 'registry.example/burrow:2',
      'Burrow 1': 'registry.example/burrow:1',
    },
    file_denylist: ['*.pem'],
    startup: './burrow --port {{SERVER_PORT}} --depth "{{DEPTH}}" && echo $(date) > ended.txt',
    config: {
      files: JSON.stringify(everyParser),
      startup: JSON.stringify({ done: 'All moles are awake', userInteraction: [] }),
      logs: JSON.stringify({ custom: false, location: 'logs/latest.log' }),
      stop: '^C',
    },
    scripts: {
      installation: {
        script: '#!/bin/bash\r\ncd /mnt/server\r\necho ready\r\n',
        container: 'registry.example/installer:debian',
        entrypoint: 'bash',
      },
    },
    variables: [aVariable()],
    ...change,
  }
}

export function aVariable(change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    name: 'Depth of the burrow',
    description: 'In metres.',
    env_variable: 'DEPTH',
    default_value: '12',
    user_viewable: true,
    user_editable: true,
    rules: 'required|integer|between:1,400',
    field_type: 'text',
    ...change,
  }
}

/** Each parser with each kind of path, value and placeholder. */
export const everyParser = {
  'burrow.conf': { parser: 'file', find: { 'port=': 'port={{server.build.default.port}}' } },
  'burrow.properties': {
    parser: 'properties',
    find: { 'server-port': '{{server.build.default.port}}', online: false, depth: 12 },
  },
  'settings/burrow.ini': {
    parser: 'ini',
    find: { 'network.Port': '{{server.allocations.default.port}}', '[a.b].c': '{{env.DEPTH}}' },
  },
  'burrow.json': {
    parser: 'json',
    find: {
      'listeners[0].host': '0.0.0.0',
      'listeners[0].port': '{{server.build.env.SERVER_PORT}}',
    },
  },
  'tunnels.yml': {
    parser: 'yml',
    find: {
      'servers.*.address': {
        'regex:^(127\\.0\\.0\\.1|localhost)(:\\d+)$': '{{config.docker.interface}}$2',
      },
      'world.depth': '{{server.environment.DEPTH}}',
      'world.seed': null,
    },
  },
  'moles.yaml': { parser: 'yaml', find: { quiet: { yes: 'no', true: 'false' } } },
  'burrow.xml': { parser: 'xml', find: { 'config.port': "[value='{{env.SERVER_PORT}}']" } },
} as const

/** The same egg in the oldest version: one image or a list, no map, no kind of field. */
export function anEggOfV1(change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const { docker_images: _images, features: _features, file_denylist: _list, ...rest } = anEgg()
  const { field_type: _type, ...variable } = aVariable({ user_viewable: 1, user_editable: 0 })
  return {
    ...rest,
    meta: { version: 'PTDL_v1' },
    images: ['registry.example/burrow:2', 'registry.example/burrow:1'],
    variables: [variable],
    ...change,
  }
}

/** As Pelican writes it, in YAML: objects instead of texts, several startup lines, rules as lists. */
export const pelicanYaml = `_comment: 'MADE BY HAND'
meta:
  version: PLCN_v3
  update_url: null
exported_at: '2026-02-03T04:05:06+00:00'
name: Burrow
author: mole@example.org
uuid: 00000000-1111-2222-3333-444444444444
description: |-
  Moles dig tunnels.
  They like it.
image: 'data:image/png;base64,iVBORw0KGgo='
tags:
  - digging
features: null
docker_images:
  'Burrow 2': 'registry.example/burrow:2'
file_denylist: {  }
startup_commands:
  Default: './burrow {{SERVER_PORT}}'
  'With a map': './burrow {{SERVER_PORT}} --map'
config:
  files:
    burrow.ini:
      parser: ini
      find:
        network.port: '{{server.allocations.default.port}}'
  startup:
    done:
      - 'All moles are awake'
      - 'Moles were awake already'
  logs: {  }
  stop: quit
scripts:
  installation:
    script: |-
      #!/bin/ash
      echo ready
    container: 'registry.example/installer:alpine'
    entrypoint: ash
variables:
  -
    name: 'Depth of the burrow'
    description: 'In metres.'
    env_variable: DEPTH
    default_value: 12
    user_viewable: true
    user_editable: false
    rules:
      - required
      - 'regex:/^(1|2|[1-9]\\d)$/'
    sort: 1
`

/** A template as the original Catalyst publishes them. */
export const originalTemplate = {
  id: 'burrow',
  name: 'Burrow',
  description: 'Moles dig tunnels.',
  author: 'A mole',
  version: '2.1.0',
  image: 'registry.example/burrow:2',
  images: [
    { name: 'two', label: 'Burrow 2', image: 'registry.example/burrow:2' },
    { name: 'one', label: 'Burrow 1', image: 'registry.example/burrow:1' },
  ],
  defaultImage: 'one',
  startup: './burrow --port {{PORT}} -Xms{{MEMORY_XMS}}M --depth {{DEPTH}}',
  stopCommand: 'end',
  sendSignalTo: 'SIGINT',
  variables: [
    {
      name: 'DEPTH',
      description: 'In metres.',
      default: '12',
      required: true,
      input: 'number',
      rules: ['between:1,400'],
    },
    {
      name: 'WORLD_PORT',
      description: '',
      default: '4000',
      required: false,
      input: 'text',
      rules: ['between:1024,65535'],
    },
  ],
  installScript: '#!/bin/sh\necho "{{DEPTH}}" > depth.txt\n',
  configFile: 'burrow.ini',
  supportedPorts: [4000],
  allocatedMemoryMb: 2048,
  allocatedCpuCores: 2,
  features: { iconUrl: 'https://eggs.example/burrow.png', restartOnExit: true },
  publishedBy: 'a fork that knows more',
}
