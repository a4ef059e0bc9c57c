import { AppError } from '../../contract/errors.ts'

/** Where the caller reaches the panel, also through a proxy that ends TLS and says so. */
export function originOf(request: Request): string {
  const url = new URL(request.url)
  return `${isSecure(request) && !isLocal(url) ? 'https:' : url.protocol}//${url.host}`
}

/** Whether a browser keeps a `Secure` cookie that answers this request. */
export function keepsSecureCookies(request: Request): boolean {
  return isSecure(request) || isLocal(new URL(request.url))
}

/**
 * Refuses what another site's page makes a browser send. Hosts are compared and not schemes, since a
 * proxy in front of the panel may have ended TLS.
 * @throws `wrong_origin`
 */
export function requireOwnOrigin(request: Request): void {
  if (originHost(request) !== new URL(request.url).host) throw new AppError('wrong_origin')
}

/** The same for requests without a cookie: scripts send no Origin, browsers always do. */
export function refuseForeignOrigin(request: Request): void {
  if (request.headers.has('origin')) requireOwnOrigin(request)
}

function originHost(request: Request): string | null {
  const origin = request.headers.get('origin')
  if (origin === null || !URL.canParse(origin)) return null
  const url = new URL(origin)
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.host : null
}

function isSecure(request: Request): boolean {
  return (
    new URL(request.url).protocol === 'https:' ||
    request.headers.get('x-forwarded-proto') === 'https'
  )
}

function isLocal({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'
}
