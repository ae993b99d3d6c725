/** What people see of a URL that they gave. */

/** Without the user and the password that may stand in it. */
export function withoutPassword(address: string): string {
  if (!address.includes('@') || !URL.canParse(address)) return address
  const url = new URL(address)
  if (url.username + url.password === '') return address
  url.username = url.password = ''
  return url.href
}
