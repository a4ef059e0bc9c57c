/** What an administrator chooses from. */
export const roles = [
  { value: 'user', label: 'User: their own servers' },
  { value: 'admin', label: 'Administrator: everything' },
]
