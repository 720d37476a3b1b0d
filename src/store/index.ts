export { type Blobs, bucketBlobs, memoryBlobs } from './blobs.ts'
export { Prisma } from './generated/node/client.ts'
export { bigintColumn, fromNumeric, numericColumn, toJson, toNumeric } from './rows.ts'
export { type DatabaseClient, makeStore, type Scope, type Store, type Tx } from './store.ts'
