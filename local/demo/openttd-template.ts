import type { TemplateInput } from '../../contract/api/template-fields.ts'
import { openttdImage } from './openttd-image.ts'

/** Written once; afterwards the file belongs to the server's owner, and to the game. */
const installScript = `#!/bin/sh
set -eu
cd /data
mkdir -p scripts
# Runs at every start, also of a saved game, whose loading says nothing by itself.
echo 'echo "Ready for players"' > scripts/game_start.scr
if [ -e openttd.cfg ]; then
  echo 'openttd.cfg is there already and stays as it is'
  exit 0
fi
name=$(printf '%s' "$SERVER_NAME" | tr -d '\\r\\n')
cat > openttd.cfg <<END
[network]
server_name = $name
server_game_type = local
max_clients = $MAX_CLIENTS

[gui]
autosave = monthly
autosave_on_exit = true

[difficulty]
max_no_competitors = 0

[game_creation]
map_x = $MAP_SIZE
map_y = $MAP_SIZE
starting_year = 1950
END
echo "OpenTTD is set up as \\"$name\\""
`

/** Goes on with the newest saved game, if there is one. */
const startup = [
  'set -- -D 0.0.0.0:{{SERVER_PORT}} -c /data/openttd.cfg;',
  'save="$(ls -t save/autosave/*.sav save/*.sav 2>/dev/null | head -n 1)";',
  '[ -z "$save" ] || set -- "$@" -g "$save";',
  'exec openttd "$@"',
].join(' ')

/** The first template: a real game server that needs no registry and no account. */
export const openttdTemplate = {
  name: 'OpenTTD',
  description: 'Transport business simulation, as a dedicated server from Debian. Works offline.',
  author: 'Catalyst',
  version: '1',
  image: openttdImage,
  installImage: null,
  installEntrypoint: '/bin/sh',
  installScript,
  startup,
  startupMode: 'shell',
  ready: ['Map generated, starting game', 'Ready for players'],
  stopCommand: 'exit',
  sendSignalTo: 'SIGTERM',
  stopGraceSeconds: 30,
  readOnlyRoot: true,
  variables: [
    {
      name: 'SERVER_NAME',
      description: 'The name that players see',
      default: 'Catalyst demo',
      required: true,
      input: 'text',
      rules: ['required', 'string', 'max:60'],
    },
    {
      name: 'MAX_CLIENTS',
      description: 'How many players may connect at once',
      default: '25',
      required: true,
      input: 'number',
      rules: ['required', 'integer', 'between:1,255'],
    },
    {
      name: 'MAP_SIZE',
      description: 'Edge length of a new map as a power of two: 8 is 256 tiles',
      default: '8',
      required: true,
      input: 'select',
      rules: ['required', 'in:6,7,8,9,10'],
    },
  ],
  supportedPorts: [3979],
  allocatedMemoryMb: 256,
  allocatedCpuCores: 1,
  features: {},
} satisfies TemplateInput
