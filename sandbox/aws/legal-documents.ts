// Custom documents must lie in a bucket of S3 that AWS can read (developer guide, legal terms). The sandbox does not
// fetch them: it looks at the address, and takes a loopback address as well.

export function isStoredInS3(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { hostname } = new URL(url)
  if (hostname === '127.0.0.1' || hostname.endsWith('localhost')) return true
  return /(^|\.)s3([.-][a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/.test(hostname)
}
