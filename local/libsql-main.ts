import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { startLibsqlServer } from './libsql-server.ts'
import { watchParent } from './parent-watch.ts'

// Standard input is the parent's pipe: when it closes, the parent is gone, and so is this server.
// Its files hold the panel's secrets, so nobody else may read what it creates.
process.umask(0o077)
const { values } = parseArgs({
  options: {
    db: { type: 'string' },
    port: { type: 'string', default: '0' },
    'token-file': { type: 'string' },
  },
})
const { db, 'token-file': tokenFile } = values
if (db === undefined || tokenFile === undefined) {
  console.error('usage: libsql-main.ts --db <file> --token-file <file> [--port <n>]')
  process.exit(2)
}

const token = readFileSync(tokenFile, 'utf8').trim()
if (token.length < 32) {
  console.error(`the token in ${tokenFile} is shorter than 32 characters`)
  process.exit(2)
}
const server = await startLibsqlServer({ file: db, port: Number(values.port), token })

const stop = () => {
  server.close().then(() => process.exit(0))
}
watchParent(process.stdin, stop)
process.on('SIGTERM', stop)
process.on('SIGINT', () => undefined) // typed at a terminal it reaches all of us; the launcher decides
console.log(JSON.stringify({ ready: true, url: server.url }))
