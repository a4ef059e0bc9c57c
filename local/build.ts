import { buildAll } from './build/build-all.ts'

const built = await buildAll({
  log: (line) => console.log(line),
  force: process.argv.includes('--force'),
})
console.log(built.length === 0 ? 'Everything is built already.' : `Built: ${built.join(', ')}.`)
