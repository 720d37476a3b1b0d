export { pullAgreements, type ReadRequest, readAgreement } from './pull-agreements.ts'
export { finishSignUp } from './sign-up.ts'
export { find, findAll, findMany } from './store.ts'
