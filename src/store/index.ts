export { type Blobs, bucketBlobs, memoryBlobs } from './blobs.ts'
export type { Prisma } from './generated/node/client.ts'
export { bigintColumn, fromNumeric, numericColumn, toJson, toNumeric } from './rows.ts'
export {
  type DatabaseClient,
  type InstallationScope,
  makeStore,
  type Scope,
  type Store,
  storeOn,
} from './store.ts'
export { isUnstorable } from './unstorable.ts'
