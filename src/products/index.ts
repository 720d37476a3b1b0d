export { dimensionsOf, findProduct, type Product } from './store.ts'
