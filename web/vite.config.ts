import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = 'http://localhost:3000';
const api = ['/rest', '/graphql', '/metadata', '/client-config', '/healthz', '/readyz', '/open-api'];

export default defineConfig({
  // Relative addresses: the server puts its base path in front when it sends the page.
  base: './',
  plugins: [react()],
  build: {
    outDir: '../src/icosa/web/dist',
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 6000,
  },
  worker: { format: 'es' },
  server: { proxy: Object.fromEntries(api.map((path) => [path, server])) },
});
