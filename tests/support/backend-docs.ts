/** What became of a field of the original's: how `backend-docs.md` says it. */
const fates = ['kept', 'extended', 'renamed', 'dropped', 'later'] as const
export type Fate = (typeof fates)[number]

export interface Field {
  readonly name: string
  /** Of ours, as `table.column`; none for a dropped one, planned ones for a later one. */
  readonly columns: readonly string[]
  readonly fate: Fate
  readonly why: string
}

/** A model of the original's, and the table of ours that stands for it. */
export interface Model {
  readonly name: string
  readonly table: string
  /** The document says that the table is not there yet. */
  readonly planned: boolean
  readonly fields: readonly Field[]
}

export interface Parity {
  readonly models: readonly Model[]
  /** Columns that the original had nothing for, as `table.column`. */
  readonly alone: readonly string[]
  readonly gaps: readonly (readonly string[])[]
}

/** Column names by table name, both as the schema's code calls them. */
export type Schema = ReadonlyMap<string, ReadonlySet<string>>

/**
 * Reads the tables of the document. A heading like "Backup: `backups`, planned" begins a model.
 * @throws on a row that is not what its table holds
 */
export function parseParity(markdown: string): Parity {
  const sections = sectionsOf(markdown)
  const rowsOf = (title: string) => sections.find((it) => it.title.startsWith(title))?.rows ?? []
  return {
    models: sections.flatMap(modelIn),
    alone: rowsOf('Ours alone').flatMap(([column = '']) => columnsIn(column)),
    gaps: rowsOf('Gaps against Wings'),
  }
}

interface Section {
  readonly title: string
  /** Cells of its table, without the head. */
  readonly rows: readonly (readonly string[])[]
}

function sectionsOf(markdown: string): Section[] {
  return markdown.split(/^#+ /m).map((text) => {
    const [title = '', ...lines] = text.split('\n')
    const table = lines.filter((line) => line.startsWith('|')).map(cellsOf)
    return { title, rows: table.slice(2) }
  })
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
}

function modelIn({ title, rows }: Section): Model[] {
  const [, name, table, planned] = /^(\w+): `(\w+)`(, planned)?$/.exec(title) ?? []
  if (name === undefined || table === undefined) return []
  return [{ name, table, planned: planned !== undefined, fields: rows.map(fieldOf) }]
}

function fieldOf(cells: readonly string[]): Field {
  const [name, columns, said, why] = cells
  const fate = fates.find((known) => known === said)
  if (cells.length !== 4 || name === undefined || columns === undefined || fate === undefined) {
    throw new Error(`not a row about a field: ${cells.join(' | ')}`)
  }
  return { name, columns: columnsIn(columns), fate, why: why ?? '' }
}

function columnsIn(cell: string): string[] {
  return Array.from(cell.matchAll(/`(\w+\.\w+)`/g), (match) => match[1] ?? '')
}

/** Where document and schema differ, as sentences; empty when the document is true. */
export function disagreements({ models, alone }: Parity, schema: Schema): string[] {
  const has = (column: string) => {
    const [table = '', name = ''] = column.split('.')
    return schema.get(table)?.has(name) ?? false
  }
  return [
    ...models.flatMap((model) => wrongHeading(model, schema)),
    ...models.flatMap((model) => model.fields.flatMap((field) => wrongField(model, field, has))),
    ...alone.filter((column) => !has(column)).map((column) => `${column} does not exist`),
    ...untold(models, alone, schema),
  ]
}

function wrongHeading({ name, table, planned }: Model, schema: Schema): string[] {
  if (schema.has(table) !== planned) return []
  return [planned ? `${name}: ${table} is called planned and exists` : `${name}: no table ${table}`]
}

function wrongField(model: Model, field: Field, has: (column: string) => boolean): string[] {
  const { name, columns, fate, why } = field
  const same = `${model.table}.${name}`
  const faults = {
    kept: columns.join() !== same || !has(same),
    extended: columns.join() !== same || !has(same) || why === '',
    renamed: columns.length === 0 || columns.includes(same) || !columns.every(has) || has(same),
    dropped: columns.length > 0 || has(same) || why === '',
    later: columns.length !== 1 || columns.some(has) || has(same) || why === '',
  }
  return faults[fate] ? [`${model.name}.${name} is not ${fate}`] : []
}

/** Every column of a model's table is told once at least, and not both of the original and alone. */
function untold(models: readonly Model[], alone: readonly string[], schema: Schema): string[] {
  const told = new Set(models.flatMap(({ fields }) => fields.flatMap(({ columns }) => columns)))
  const tables = new Set(models.map(({ table }) => table))
  const columns = [...tables].flatMap((table) =>
    [...(schema.get(table) ?? [])].map((column) => `${table}.${column}`),
  )
  return [
    ...columns
      .filter((column) => !told.has(column) && !alone.includes(column))
      .map((column) => `${column} is not told`),
    ...alone.filter((column) => told.has(column)).map((column) => `${column} is not ours alone`),
  ]
}

const timestamps = 'createdAt updatedAt'

/** The fields of the original's models. */
export const originalFields: Readonly<Record<string, readonly string[]>> = {
  Server: words(`
    id uuid name description templateId nodeId locationId ownerId status
    suspendedAt suspendedByUserId suspensionReason
    allocatedMemoryMb allocatedCpuCores allocatedDiskMb containerId containerName
    networkMode primaryPort primaryIp portBindings environment startupCommand
    backupStorageMode backupRetentionCount backupRetentionDays backupAllocationMb
    databaseAllocation backupS3Config backupSftpConfig
    restartPolicy crashCount maxCrashCount lastCrashAt lastExitCode ${timestamps}`),
  NodeAllocation: words(`id nodeId serverId ip port alias notes ${timestamps}`),
  IpPool: words(`id nodeId networkName cidr gateway startIp endIp reserved ${timestamps}`),
  IpAllocation: words('id poolId serverId ip createdAt releasedAt'),
  Backup: words(`
    id serverId name path storageMode sizeMb compressed checksum metadata createdAt restoredAt`),
  ScheduledTask: words(`
    id serverId name description action payload schedule enabled
    lastRunAt nextRunAt lastStatus lastError runCount ${timestamps}`),
  AlertRule: words(`
    id name description enabled type target targetId userId conditions actions ${timestamps}`),
  Alert: words(`
    id ruleId userId serverId nodeId type severity title message metadata
    resolved resolvedAt resolvedBy createdAt`),
  AlertDelivery: words(`
    id alertId channel target status attempts lastAttemptAt lastError ${timestamps}`),
}

function words(text: string): string[] {
  return text.trim().split(/\s+/)
}
