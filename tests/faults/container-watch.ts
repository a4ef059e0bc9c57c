import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import * as z from 'zod'
import { marksFrom, ownerLabel } from '../../agent/runtime/container-marks.ts'
import type { ContainerMarks } from '../../agent/runtime/runtime.ts'

const Event = z.object({
  Action: z.string(),
  Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()) }),
})

/** A container that the engine started, with what its labels say. */
export interface StartedContainer {
  readonly id: string
  readonly marks: ContainerMarks
}

/** Watches from outside which of one agent's containers the engine starts. */
export class ContainerWatch {
  readonly started: StartedContainer[] = []
  private readonly child: ChildProcess

  /** @param owner the agent's machine id */
  constructor(owner: string) {
    const filter = ['--filter', `label=${ownerLabel}=${owner}`, '--filter', 'event=start']
    this.child = spawn('docker', ['events', ...filter, '--format', '{{json .}}'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    if (this.child.stdout === null) throw new Error('docker events has no output')
    createInterface(this.child.stdout).on('line', (line) => this.take(line))
  }

  /** The command that a container was made for; null: none, or the container is not known. */
  commandOf(containerId: string): string | null {
    return this.started.find(({ id }) => id === containerId)?.marks.commandId ?? null
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return
    const gone = once(this.child, 'exit')
    this.child.kill()
    await gone
  }

  private take(line: string): void {
    const { Actor } = Event.parse(JSON.parse(line))
    const marks = marksFrom(Actor.Attributes)
    if (marks !== null) this.started.push({ id: Actor.ID, marks })
  }
}
