import { isIPv4 } from 'node:net'
import type { NodePolicy } from '../policy.ts'
import { bridgePrefix } from './network.ts'

export const forwardChain = 'CATALYST-FORWARD'
export const inputChain = 'CATALYST-INPUT'
/**
 * Where a packet ends that is refused. Refused, not dropped: a program that is told at once does
 * not hang.
 */
export const refuseChain = 'CATALYST-REFUSE'

export type IpVersion = 4 | 6

/** Where clouds answer a machine's questions about itself, passwords included. */
const metadata: Readonly<Record<IpVersion, readonly string[]>> = {
  4: [
    '169.254.169.254/32',
    '169.254.170.2/32',
    '100.100.100.200/32',
    '168.63.129.16/32',
    '192.0.0.192/32',
  ],
  6: ['fd00:ec2::254/128'],
}

const linkLocal: Readonly<Record<IpVersion, readonly string[]>> = {
  4: ['169.254.0.0/16'],
  6: ['fe80::/10'],
}

const privateRanges: Readonly<Record<IpVersion, readonly string[]>> = {
  4: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '198.18.0.0/15'],
  6: ['fc00::/7'],
}

/** Answers within what was begun from outside, or by the node: published ports need them. */
const answers = '-m conntrack --ctstate RELATED,ESTABLISHED -j RETURN'

/**
 * The rules for connections that containers begin, as text for `iptables-restore --noflush`, which
 * replaces our chains at once and touches no other. What they do not refuse goes on to the rules
 * that were there.
 */
export function firewallScript(policy: NodePolicy, version: IpVersion): string {
  const forward = [answers, ...exceptions(policy, version, true), ...refusals(policy, version)]
  const input = [answers, ...exceptions(policy, version, false), ...hostRefusal(policy)]
  return [
    '*filter',
    `:${forwardChain} - [0:0]`,
    `:${inputChain} - [0:0]`,
    `:${refuseChain} - [0:0]`,
    // The kernel limits how often it sends the other kind of answer.
    `-A ${refuseChain} -p tcp -j REJECT --reject-with tcp-reset`,
    `-A ${refuseChain} -j REJECT`,
    ...forward.map((rule) => `-A ${forwardChain} ${rule}`),
    ...input.map((rule) => `-A ${inputChain} ${rule}`),
    'COMMIT',
    '',
  ].join('\n')
}

/** What sends a packet from any of our bridges to one of our chains. */
export function hookRule(chain: string): string[] {
  const comment = ['-m', 'comment', '--comment', 'catalyst']
  return ['-i', `${bridgePrefix}+`, ...comment, '-j', chain]
}

function exceptions(policy: NodePolicy, version: IpVersion, forwarded: boolean): string[] {
  const { network, egress } = policy
  const isOfVersion = (cidr: string) => isIPv4(cidr.split('/')[0] ?? '') === (version === 4)
  const names = network.dns
    .filter(isOfVersion)
    .flatMap((server) => [
      `-d ${server}/32 -p udp --dport 53 -j RETURN`,
      `-d ${server}/32 -p tcp --dport 53 -j RETURN`,
    ])
  // Servers never reach each other behind the published ports, whatever else is allowed.
  const servers = forwarded && version === 4 ? [refuse(network.pool, 'servers')] : []
  return [...names, ...servers, ...egress.allow.filter(isOfVersion).map(permit)]
}

function refusals({ egress }: NodePolicy, version: IpVersion): string[] {
  return [
    ...judge(metadata[version], egress.metadata, 'metadata'),
    ...judge(linkLocal[version], egress.linkLocal, 'link-local'),
    ...judge(privateRanges[version], egress.privateRanges, 'private'),
  ]
}

function hostRefusal({ egress }: NodePolicy): string[] {
  return egress.hostAddresses === 'deny'
    ? [`-m comment --comment "catalyst host" -j ${refuseChain}`]
    : []
}

/** A narrower range comes before a wider one, so an allowed one needs its own rule too. */
function judge(ranges: readonly string[], access: 'allow' | 'deny', name: string): string[] {
  return ranges.map((range) => (access === 'allow' ? permit(range) : refuse(range, name)))
}

function permit(range: string): string {
  return `-d ${range} -j RETURN`
}

function refuse(range: string, name: string): string {
  return `-d ${range} -m comment --comment "catalyst ${name}" -j ${refuseChain}`
}
