import { spawnSync } from 'node:child_process'

/** Writes the SQL that leads from the newest migration to the schema in `worker/db/schema`. */
const [name] = process.argv.slice(2)
if (name === undefined || !/^[a-z0-9-]+$/.test(name)) {
  console.error('usage: npm run db:generate -- <name-in-kebab-case>')
  process.exit(2)
}
const kit = ['node_modules/drizzle-kit/bin.cjs', 'generate', `--name=${name}`]
process.exit(spawnSync(process.execPath, kit, { stdio: 'inherit' }).status ?? 1)
