const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** Bytes in binary units with at most three digits: "1.5 GiB". */
export function bytesText(bytes: number): string {
  let amount = Math.max(0, bytes)
  let unit = 0
  while (amount >= 1024 && unit < units.length - 1) {
    amount /= 1024
    unit += 1
  }
  const digits = unit === 0 || amount >= 100 ? 0 : amount >= 10 ? 1 : 2
  return `${Number(amount.toFixed(digits))} ${units[unit]}`
}

/** As the API counts memory and disk: mebibytes. */
export function mebibytesText(mebibytes: number): string {
  return bytesText(mebibytes * 1024 * 1024)
}

export function coresText(cores: number): string {
  return `${Number(cores.toFixed(2))} ${cores === 1 ? 'core' : 'cores'}`
}

export function percentText(percent: number): string {
  return `${Math.round(percent)} %`
}

/** "1 server", "2 servers". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`
}
