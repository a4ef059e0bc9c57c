import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runProgram } from '../run-program.ts'

/**
 * Downloads packages and all that they depend on, as if nothing were installed yet, and resolves
 * to the paths of the `.deb` files. Works in `folder` alone: this machine's own packages, package
 * lists and hooks are neither used nor changed. Only its sources, keys and proxies are.
 */
export async function downloadPackages(
  packages: readonly string[],
  folder: string,
): Promise<string[]> {
  const archives = join(folder, 'cache/archives')
  await mkdir(join(folder, 'state/lists/partial'), { recursive: true })
  await mkdir(join(archives, 'partial'), { recursive: true })
  await writeFile(join(folder, 'status'), '')
  const config = join(folder, 'apt.conf')
  await writeFile(config, privateConfig(folder, await runProgram('apt-config', ['dump'])))

  const env = { ...process.env, APT_CONFIG: config, LC_ALL: 'C' }
  await runProgram('apt-get', ['-q', 'update'], { env })
  await runProgram('apt-get', ['-q', '-y', '--download-only', 'install', ...packages], { env })
  const names = await readdir(archives)
  return names.filter((name) => name.endsWith('.deb')).map((name) => join(archives, name))
}

function privateConfig(folder: string, hostConfig: string): string {
  const fetching = hostConfig.split('\n').filter((line) => line.startsWith('Acquire::'))
  const own = [
    `Dir::State "${folder}/state";`,
    `Dir::State::status "${folder}/status";`,
    `Dir::Cache "${folder}/cache";`,
    'Dir::Etc::main "/dev/null";',
    'Dir::Etc::parts "/dev/null";',
    'Acquire::Languages "none";',
    'APT::Sandbox::User "root";',
    'APT::Install-Recommends "false";',
    'pkgCacheGen::Essential "none";',
  ]
  return [...fetching, ...own, ''].join('\n')
}
