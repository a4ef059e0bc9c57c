import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Edit, Plain } from '../../../agent/files/config/edit.ts'
import { editFile } from '../../../agent/files/config/edit-file.ts'
import type { ConfigParser } from '../../../contract/protocol/config-files.ts'

/** Where, what, and under which condition. */
type Change = readonly [match: string, value: Plain, ifValue?: string]

function editsOf(changes: readonly Change[]): Edit[] {
  return changes.map(([match, value, ifValue = null]) => ({ match, ifValue, value }))
}

/** A text with some of its lines replaced, counted from 1; a line's end stays with it. */
function withLines(text: string, lines: Readonly<Record<number, string>>): string {
  const old = text.split('\n')
  return old.map((line, index) => lines[index + 1] ?? line).join('\n')
}

interface Golden {
  readonly file: string
  readonly parser: ConfigParser
  readonly changes: readonly Change[]
  /** Lines as they are afterwards; all others are as before. */
  readonly lines: Readonly<Record<number, string>>
}

const goldens: Readonly<Record<string, Golden>> = {
  'server.properties: values change, comments, blank lines and spelling stay': {
    file: 'server.properties',
    parser: 'properties',
    changes: [
      ['server-port', 25570],
      ['query.port', '25570'],
      ['allow-flight', false],
      ['rcon.password', 'é=#\\'],
      ['server-ip', '0.0.0.0'],
    ],
    lines: {
      4: 'allow-flight = false',
      10: 'query.port:25570',
      11: 'rcon.password=\\u00e9=#\\\\',
      12: 'server-ip=0.0.0.0',
      13: 'server-port=25570',
    },
  },
  'server.properties: a key that is not there comes to the end': {
    file: 'server.properties',
    parser: 'properties',
    changes: [['enable rcon', 'true']],
    lines: { 16: 'enable\\ rcon=true\n' },
  },
  'server.properties: a value with a condition changes only where it holds': {
    file: 'server.properties',
    parser: 'properties',
    changes: [
      ['level-name', 'world', 'my world'],
      ['view-distance', '8', '12'],
      ['never-there', '1', ''],
      ['rcon.password', 'set', ''],
    ],
    lines: { 7: 'level-name=world', 11: 'rcon.password=set' },
  },
  'bukkit.yml: comments, quotes, flow and indentation stay': {
    file: 'bukkit.yml',
    parser: 'yaml',
    changes: [
      ['settings.allow-end', false],
      ['settings.shutdown-message', "It's over"],
      ['spawn-limits.animals', 15],
      ['ticks-per.monster-spawns', 2],
      ['worlds[1].name', 'the nether'],
      ['worlds[0].generator', 'void'],
    ],
    lines: {
      4: '  allow-end: false      # the dragon',
      5: "  shutdown-message: 'It''s over'",
      7: 'spawn-limits: {monsters: 70, animals: 15}',
      10: '    "monster-spawns": 2',
      15: '  generator: void',
      16: '- name: the nether',
    },
  },
  'bukkit.yml: what is not there is made inside of what is': {
    file: 'bukkit.yml',
    parser: 'yaml',
    changes: [
      ['settings.update-folder', 'update'],
      ['ticks-per.ambient.spawns', 1],
    ],
    lines: {
      6: '  query-plugins: yes\n  update-folder: update',
      10: '    "monster-spawns": 1\n    ambient:\n      spawns: 1',
    },
  },
  'proxy config.yml: a list’s first entry, and addresses of this machine wherever they are': {
    file: 'proxy.yml',
    parser: 'yaml',
    changes: [
      ['listeners[0].query_port', 25600],
      ['listeners[0].host', '0.0.0.0:25600'],
      ['servers.*.address', '172.18.0.1:$2', 'regex:^(127\\.0\\.0\\.1|localhost)(?::(\\d+))?$'],
    ],
    lines: {
      3: '- query_port: 25600',
      5: '  host: 0.0.0.0:25600',
      14: '    address: 172.18.0.1:25565',
      17: '    address: "172.18.0.1:25566"',
    },
  },
  'GameUserSettings.ini: by section, with a comment behind a value and signs inside of one': {
    file: 'GameUserSettings.ini',
    parser: 'ini',
    changes: [
      ['[/Script/Engine.GameSession].MaxPlayers', 30],
      ['ServerSettings.RCONPort', 27030],
      ['ServerSettings.RCONEnabled', 'False'],
      ['ServerSettings.ServerAdminPassword', 'new;#'],
      ['SessionSettings.SessionName', 'Name'],
      ['SessionSettings.Region', 'EU'],
    ],
    lines: {
      2: 'MaxPlayers=30',
      6: 'RCONEnabled = False',
      7: 'RCONPort=27030 ; as given out',
      9: 'ServerAdminPassword=new;#',
      13: 'SessionName=Name\nRegion=EU',
    },
  },
  'an .ini with the line ends of Windows keeps them': {
    file: 'crlf.ini',
    parser: 'ini',
    changes: [['port', 2]],
    lines: { 2: 'port=2\r' },
  },
  'serverconfig.xml: texts and attributes, found by name or by attribute': {
    file: 'serverconfig.xml',
    parser: 'xml',
    changes: [
      ["ServerSettings.property[@name='ServerPort']", "[value='27000']"],
      ["ServerSettings.property[@name='ServerName']", '[value=\'A & "B"\']'],
      ['ServerSettings.Admin.Slots', 16],
      ['ServerSettings.Admin.Enabled', false],
      ['ServerSettings.Empty', '<full>'],
    ],
    lines: {
      4: '\t<property name="ServerPort"\t\t\tvalue="27000"/>\t<!-- Port you want the server to listen on. -->',
      5: "\t<property name='ServerName' value='A &amp; \"B\"'/>",
      7: '\t\t<Enabled>false</Enabled>',
      8: '\t\t<Slots>16</Slots><!-- players -->',
      11: '\t<Empty>&lt;full&gt;</Empty>',
    },
  },
  'a .json with comments: numbers, entries of lists, and what is made beside others': {
    file: 'bot.json.txt',
    parser: 'json',
    changes: [
      ['port', 30130],
      ['name', 'B'],
      ['tags[0]', 'c'],
      ['gamemode.rounds', '5'],
      ['admins.*.level', 9],
      ['secret', 'known'],
      ['gamemode.map', 'x'],
    ],
    lines: {
      3: '    "port": 30130,',
      4: '    "name": "B",  "tags": ["c", "b"],',
      5: '    "gamemode": { "type": "dm", "rounds": 5, "map": "x" },',
      7: '        { "id": 1, "level": 9 },',
      8: '        { "id": 2, "level": 9 },',
      10: '    "secret": "known"',
    },
  },
  'server.cfg: the line that begins so, by its longest beginning, and nothing is added': {
    file: 'server.cfg',
    parser: 'file',
    changes: [
      ['hostname', 'hostname "new"'],
      ['rcon_password', 'rcon_password "new"'],
      ['rcon_password_admin', 'rcon_password_admin "none"'],
      ['sv_cheats', 'sv_cheats 0'],
    ],
    lines: {
      1: 'hostname "new"',
      4: 'rcon_password "new"',
      5: 'rcon_password_admin "none"',
    },
  },
}

test.each(Object.entries(goldens))('[D8] %s', (_name, { file, parser, changes, lines }) => {
  const before = readFileSync(`${import.meta.dirname}/shapes/${file}`)

  const after = editFile(parser, before, editsOf(changes))

  expect(after.bytes.toString()).toBe(withLines(before.toString(), lines))
  expect(after.refused).toEqual([])
})

test.each(Object.entries(goldens))('[D8] a second time, %s without a change', (_name, golden) => {
  const { file, parser, changes } = golden
  const before = readFileSync(`${import.meta.dirname}/shapes/${file}`)
  const edits = editsOf(changes)
  const once = editFile(parser, before, edits)

  const twice = editFile(parser, once.bytes, edits)

  expect(twice.bytes.toString()).toBe(once.bytes.toString())
  expect(twice.changed).toBe(false)
})
