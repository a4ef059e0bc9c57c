import { createReadStream } from 'node:fs'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { pipeline } from 'node:stream/promises'
import * as z from 'zod'
import { engineAddress } from './engine-ping.ts'

const ImageDetails = z.object({
  Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }),
})

/** The labels of an image that the engine has, or null when it has none of that name. */
export async function imageLabels(name: string): Promise<Record<string, string> | null> {
  const response = await answerTo(ask('GET', `/images/${name}/json`).end())
  const text = await readAll(response)
  if (response.statusCode === 404) return null
  if (response.statusCode !== 200) throw new Error(`looking for image ${name}: ${text}`)
  return ImageDetails.parse(JSON.parse(text)).Config.Labels ?? {}
}

/**
 * Makes an image of one layer out of a tar file; `changes` are lines of a Dockerfile. Rejects with
 * the engine's words when it refuses.
 */
export async function importImage(
  tarFile: string,
  name: string,
  changes: readonly string[],
): Promise<void> {
  const [repo = '', tag = 'latest'] = name.split(':')
  const query = new URLSearchParams({ fromSrc: '-', repo, tag })
  for (const change of changes) query.append('changes', change)
  const upload = ask('POST', `/images/create?${query}`)
  const [response] = await Promise.all([
    answerTo(upload),
    pipeline(createReadStream(tarFile), upload),
  ])
  const text = await readAll(response)
  // The status is sent before the work is done, so a failure comes as a line of the answer.
  if (response.statusCode !== 200 || /"error":/.test(text)) {
    throw new Error(`importing image ${name}: ${text.trim()}`)
  }
}

function ask(method: string, path: string): ClientRequest {
  const address = engineAddress(process.env.DOCKER_HOST || null)
  if (address === null) throw new Error(`DOCKER_HOST=${process.env.DOCKER_HOST} is not supported`)
  const headers = method === 'POST' ? { 'content-type': 'application/x-tar' } : {}
  return request({ ...address, method, path, headers })
}

function answerTo(asked: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    asked.on('response', resolve)
    asked.on('error', reject)
  })
}

async function readAll(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += chunk
  return text
}
