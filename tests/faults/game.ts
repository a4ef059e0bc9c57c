import type { templates } from '../../contract/api/templates.ts'
import type { CallInput } from '../../contract/endpoint.ts'
import { testImage } from '../support/test-image.ts'

/** Files of a server in which its program and its installation leave their marks, one line each. */
export const lineFile = 'lines'
export const installFile = 'installs'

/** Keeps each line that it reads, with the second in which it read it. */
const program = `trap 'exit 0' TERM
echo up
while IFS= read -r line; do
  echo "$(date +%s) $line" >> /data/${lineFile}
done`

/** Takes a moment, then leaves the id of the container that it runs in: its very last act. */
const installScript = `cat > /data/serve <<'PROGRAM'
${program}
PROGRAM
id=$(sed -n 's#.*/containers/\\([0-9a-f]*\\)/hostname.*#\\1#p' /proc/self/mountinfo)
sleep 0.3
echo "$(date +%s) $id" >> /data/${installFile}`

/** A game whose every effect can be counted in its files. */
export const countedGame: CallInput<typeof templates.create> = {
  name: 'Counted',
  image: testImage,
  installScript,
  installEntrypoint: 'busybox sh',
  startup: 'busybox sh /data/serve',
  startupMode: 'argv',
  stopGraceSeconds: 3,
  allocatedMemoryMb: 16,
  allocatedCpuCores: 0.5,
}
