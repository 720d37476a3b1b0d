import type { Collection } from '../../journal.ts'
import type { Term } from '../model.ts'
import type { World } from '../world.ts'

// Custom documents must lie in a bucket of S3 that AWS can read (developer guide, legal terms). The sandbox does not
// fetch them: it looks at the address, takes a loopback address as well, and finds there what it was told to find.

export function isStoredInS3(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { hostname } = new URL(url)
  if (hostname === '127.0.0.1' || hostname.endsWith('localhost')) return true
  return /(^|\.)s3([.-][a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/.test(hostname)
}

/** What AWS finds at the address of a document; without a word about it, a PDF of a fair size. */
export const findings = ['unreachable', 'not_pdf', 'too_large'] as const
export type Finding = (typeof findings)[number]

export const legalFindings = (world: World): Collection<Finding> =>
  world.store.collection('aws.legal_findings')

const messages: Record<Finding, string> = {
  unreachable: 'cannot be reached.',
  not_pdf: 'is not a PDF.',
  too_large: 'is larger than AWS takes.',
}

/** The documents of these terms that AWS cannot take, each with what is wrong with it. */
export function documentProblems(world: World, terms: Term[]): { too_large: boolean; message: string }[] {
  const urls = terms.flatMap((term) => term.Documents ?? []).flatMap(({ Url }) => Url ?? [])
  return urls.flatMap((url) => {
    const finding = legalFindings(world).get(url)
    if (!finding) return []
    return [{ too_large: finding === 'too_large', message: `The document ${url} ${messages[finding]}` }]
  })
}
