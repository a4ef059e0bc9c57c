import * as z from 'zod'
import { endpoint, Nothing } from '../endpoint.ts'
import { RoleId } from '../ids.ts'
import { BuiltinRole, Permission } from '../permissions.ts'
import { Name } from '../text.ts'

export const RoleName = Name

export const Role = z
  .object({
    id: RoleId,
    name: z.string(),
    description: z.string(),
    /** A role that every panel has: of it only whether it asks for a second factor can be changed. */
    builtin: BuiltinRole.nullable(),
    permissions: z.array(Permission),
    requiresTwoFactor: z.boolean(),
    userCount: z.int(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Role' })
export type Role = z.infer<typeof Role>

const params = z.object({ roleId: RoleId })
const Permissions = z
  .array(Permission)
  .refine((names) => new Set(names).size === names.length, 'Name each permission once.')

export const roles = {
  list: endpoint({
    method: 'GET',
    path: '/api/roles',
    summary: 'Roles, the built-in ones first',
    tag: 'Users',
    needs: 'role.read',
    returns: z.array(Role),
  }),
  create: endpoint({
    method: 'POST',
    path: '/api/roles',
    summary: 'Add a role; it may hold no right that you do not hold',
    tag: 'Users',
    needs: 'role.create',
    body: z.object({
      name: RoleName,
      description: z.string().trim().max(500).default(''),
      permissions: Permissions,
      requiresTwoFactor: z.boolean().default(false),
    }),
    returns: Role,
    status: 201,
  }),
  update: endpoint({
    method: 'PUT',
    path: '/api/roles/:roleId',
    summary: 'Change a role, for all who have it',
    tag: 'Users',
    needs: 'role.update',
    params,
    body: z
      .object({
        name: RoleName,
        description: z.string().trim().max(500),
        permissions: Permissions,
        requiresTwoFactor: z.boolean(),
      })
      .partial(),
    returns: Role,
  }),
  delete: endpoint({
    method: 'DELETE',
    path: '/api/roles/:roleId',
    summary: 'Delete a role that nobody has',
    tag: 'Users',
    needs: 'role.delete',
    params,
    returns: Nothing,
  }),
}
