import { declareWorld } from './declare.ts'
import { worlds } from './worlds/index.ts'

declareWorld(worlds.gcp)
