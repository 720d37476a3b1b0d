/** What is used of S3's client. A bundler keeps all of a package that is loaded at first use, but no more than this file names. */
export { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
