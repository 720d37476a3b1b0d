/** What is used of STS's client: see s3.ts. */
export { STS } from '@aws-sdk/client-sts'
