import { useEffect, useState } from 'react'
import { useLocation, useNavigate } from 'react-router'

/** The token that the link to this page carries as its fragment; empty when it was opened without. */
export function useLinkToken(): string {
  const { hash, pathname } = useLocation()
  const navigate = useNavigate()
  const given = hash.slice(1)
  const [token, setToken] = useState(given)
  useEffect(() => {
    if (given === '') return
    setToken(given)
    // It must not stay where it is seen, stored or shared.
    void navigate(pathname, { replace: true })
  }, [given, pathname, navigate])
  return token
}
