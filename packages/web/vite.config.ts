import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// No inline script or style may be needed: the server sends a strict content security policy.
export default defineConfig({
  plugins: [react()],
  // One bundle of 280 kB packed loads faster from the same machine than ten; the map alone is apart.
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false }, chunkSizeWarningLimit: 1000 },
  server: { proxy: { '/api': process.env['INTERLOCK_API'] ?? 'http://127.0.0.1:8472' } },
});
