export { detailsSchema, dimensionsOf, findProduct, type Product } from './store.ts'
