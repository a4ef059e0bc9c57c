import { type Config, readConfig, surroundings, usage } from './config.ts'
import { createLog, type Log, reasonOf } from './log.ts'
import { agentVersion } from './version.ts'

/**
 * The program's way in: reads the command and hands over. What a command needs is loaded when it is run, so
 * that an agent at rest stays small.
 */
async function main(): Promise<number> {
  const read = readConfig(surroundings())
  if (!read.ok) {
    process.stderr.write(`${read.message}\n\n${usage}`)
    return 2
  }
  const { config } = read
  const log = createLog({
    format: config.logFormat,
    verbose: config.verbose,
    now: Date.now,
    write: (line) => process.stderr.write(line),
  })
  try {
    return await runCommand(config, log)
  } catch (error) {
    log.error(reasonOf(error))
    return 1
  }
}

async function runCommand(config: Config, log: Log): Promise<number> {
  switch (config.command) {
    case 'help':
      process.stdout.write(usage)
      return 0
    case 'version':
      process.stdout.write(`${agentVersion}\n`)
      return 0
    case 'doctor':
      return (await import('./commands/doctor.ts')).doctorCommand(config, log)
    case 'join':
      return (await import('./commands/join.ts')).joinCommand(config, log)
    case 'edit-config':
      return (await import('./commands/edit-config.ts')).editConfigCommand()
    case 'run':
      return (await import('./commands/run.ts')).runCommand(config, log)
  }
}

// The engine's sockets and the parent's pipe would hold the process open.
process.exit(await main())
