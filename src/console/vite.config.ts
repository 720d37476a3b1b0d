// Builds the console into dist/console, which Node and Workers serve at /console. `npm run console:dev` serves it with
// changes shown at once, beside a service on its usual port.
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const SERVICE = process.env.SYNDIC_URL ?? 'http://127.0.0.1:8787'
const service = Object.fromEntries(
  ['/v1', '/sign-in', '/sign-up', '/docs', '/openapi.json', '/problems'].map((path) => [path, SERVICE]),
)

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/console/',
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL('../../dist/console', import.meta.url)),
    emptyOutDir: true,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
  },
  server: { host: '127.0.0.1', proxy: service },
})
