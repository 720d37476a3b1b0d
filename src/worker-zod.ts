// What "zod" is in the Worker: all of it but its own core as a whole and the words of its errors in fifty languages, which
// hang on that core and would be a twentieth of the Worker. Named in wrangler.toml; a test holds it against zod's exports.
import * as z from './worker-zod-parts.ts'

export * from './worker-zod-parts.ts'
export { z, z as default }
