import { existsSync } from 'node:fs'
import type { Config } from '../config.ts'
import { examine, printed } from '../doctor.ts'
import type { Log } from '../log.ts'
import { openRuntime } from './open-runtime.ts'

/** `doctor`: prints what was found; 1 when the agent cannot work like this. */
export async function doctorCommand(config: Config, log: Log): Promise<number> {
  const findings = await examine({
    nodeVersion: process.version,
    start: startLine(config.dataDir),
    dataDir: config.dataDir,
    policyFile: config.policyFile,
    panel: config.panel,
    runtime: { facts: async () => (await openRuntime(config, log, 'doctor')).runtime.facts() },
    now: Date.now,
  })
  process.stdout.write(printed(findings))
  return findings.some(({ level }) => level === 'fail') ? 1 : 0
}

const unitFile = '/etc/systemd/system/catalyst-agent.service'

/** By the service where the installer made one, else by hand. */
function startLine(dataDir: string): string {
  if (existsSync(unitFile)) return 'systemctl start catalyst-agent'
  return `${process.execPath} ${process.argv[1]} run --data ${dataDir}`
}
