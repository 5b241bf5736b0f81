import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const server = 'http://localhost:3000';
const api = ['/rest', '/graphql', '/metadata', '/client-config', '/healthz', '/readyz', '/open-api'];
const outDir = '../src/icosa/web/dist';
const texts = new Set(['.css', '.html', '.js', '.json', '.svg', '.ttf']);

/** Puts a compressed form beside each file, so that the server never compresses. */
function compress(): Plugin {
  return {
    name: 'compress',
    apply: 'build',
    closeBundle() {
      for (const name of readdirSync(outDir, { recursive: true, encoding: 'utf-8' })) {
        const path = join(outDir, name);
        if (texts.has(extname(name))) writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  // Relative addresses: the server puts its base path in front when it sends the page.
  base: './',
  plugins: [react(), compress()],
  build: { outDir, emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 6000 },
  worker: { format: 'es' },
  server: { proxy: Object.fromEntries(api.map((path) => [path, server])) },
});
