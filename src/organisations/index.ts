export {
  findOrganisation,
  homeOf,
  makeHome,
  readOrganisations,
  seatsOf,
  twoPersonActs,
} from './store.ts'
