/** Where an agent can be made to die. */
export type TrapKind = 'before_write' | 'after_write' | 'before_effect' | 'after_effect'

/** A process that may die at any moment; then nothing of it has any effect. */
export interface Mortal {
  readonly isAlive: boolean
  onDeath(work: () => void): void
  /** Whether it dies here. */
  trapped(kind: TrapKind): boolean
}
